import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { Configuration } from "../../config/configuration";
import { decodeFiles, encodeFiles } from "../../ignition/file-transfer";
import type { Subject } from "../../operations/diagnosis/subject";
import type { VerdictRequest } from "../../operations/diagnosis/verdict";
import { ownProgram } from "../own-program";
import type { Executor } from "./executor";
import { installerScript, installerEnvironment, readScript } from "./scripts";

/** How far a cluster has come; the installer's own names (`openshift-install wait-for`). */
export type Milestone = "bootstrap-complete" | "install-complete";

/** Seconds for the answer of a wait that has ended, and for the processes that it ended. */
const graceSeconds = 60;

/** Where the evidence of a failed installation is gathered, below the project's root. */
const evidenceDirectory = "gathered";

export interface ClusterWaitArgs {
  readonly executor: Executor;
  readonly configuration: Pick<Configuration, "release" | "releaseImage">;
  readonly milestone: Milestone;
  /** Whether an earlier update has seen the cluster come this far. A milestone is reached once, and then never waited for again. */
  readonly reached: boolean;
  /** Seconds after which the wait is given up. */
  readonly timeoutSeconds: number;
  /** The administrator's credentials; secret. */
  readonly kubeconfig: pulumi.Input<string>;
  readonly kubeadminPassword: pulumi.Input<string>;
  /** What is diagnosed when the cluster doesn't come this far. */
  readonly subject: pulumi.Input<Subject>;
}

/**
 * Waits until the cluster has reached a milestone, by the real installer. When it doesn't, the program's own diagnosis, run where
 * Pulumi runs, says why and gathers the evidence; what fails is that second step, so that the next update waits anew.
 *
 * @returns what stands when the milestone is reached.
 */
export function waitForCluster(name: string, args: ClusterWaitArgs, opts: pulumi.CustomResourceOptions): pulumi.Resource {
  const { executor, configuration, milestone, reached, timeoutSeconds } = args;
  const input = pulumi
    .secret(pulumi.all([args.kubeconfig, args.kubeadminPassword]))
    .apply(([kubeconfig, password]) => encodeFiles({ "auth/kubeconfig": kubeconfig, "auth/kubeadmin-password": password }));
  const attempt = new Date().toISOString();
  const { answer } = executor.run(
    name,
    {
      script: `${installerScript}\n${readScript("wait")}`,
      input,
      environment: { ...installerEnvironment(configuration), WAIT_FOR: milestone, WAIT_SECONDS: String(timeoutSeconds) },
      triggers: [attempt],
      frozen: reached,
      progress: true,
      timeoutSeconds: timeoutSeconds + graceSeconds,
    },
    opts,
  );
  const request = pulumi.all([answer, args.subject]).apply(([text, subject]): VerdictRequest => {
    const files = decodeFiles(text);
    const failure = "failure" in files ? files.failure : `waiting for ${milestone} gave no answer`;
    return { failure, subject, directory: evidenceDirectory };
  });
  return new command.local.Command(
    `${name}-verdict`,
    {
      interpreter: ownProgram("operations/diagnosis/verdict.ts"),
      create: milestone,
      stdin: pulumi.secret(pulumi.jsonStringify(request)),
      triggers: [attempt],
      logging: command.local.Logging.None,
    },
    { ...opts, ...(reached && { ignoreChanges: ["interpreter", "create", "stdin", "triggers", "logging"] }) },
  );
}
