import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { Configuration } from "../../config/configuration";
import { decodeFiles, encodeFiles } from "../../ignition/file-transfer";
import type { DiagnosisTarget } from "../../steps/diagnosis/target";
import type { WaitResultRequest } from "../../steps/diagnosis/wait-result";
import { ownProgram } from "../own-command";
import type { Executor } from "./executor";
import { installerScript, installerEnvironment, readScript } from "./scripts";

/** The events for which `openshift-install wait-for` waits. */
export type WaitForTarget = "bootstrap-complete" | "install-complete";

/** Additional seconds in which a finished wait prints its result and ends its processes. */
const graceSeconds = 60;

/** Directory below the project's root in which the evidence of a failed installation is collected. */
const evidenceDirectory = "gathered";

export interface ClusterWaitArgs {
  readonly executor: Executor;
  readonly configuration: Pick<Configuration, "release" | "releaseImage">;
  readonly waitFor: WaitForTarget;
  /** Whether an earlier update has seen that the cluster reached this target. A target that was reached is never waited for again. */
  readonly reached: boolean;
  /** Seconds after which the wait fails. */
  readonly timeoutSeconds: number;
  /** The administrator's kubeconfig; secret. */
  readonly kubeconfig: pulumi.Input<string>;
  readonly kubeadminPassword: pulumi.Input<string>;
  /** Target of the diagnosis if the wait fails. */
  readonly target: pulumi.Input<DiagnosisTarget>;
}

/**
 * Waits with the real installer until the bootstrap or the installation is complete. The step that waits succeeds even if the cluster does not
 * get there, and passes the reason on. Then a second step, on the computer that runs Pulumi, diagnoses the cause, collects evidence, and fails.
 * The next update runs both steps again.
 *
 * @returns a resource that is created when the wait succeeds.
 */
export function waitForCluster(name: string, args: ClusterWaitArgs, opts: pulumi.CustomResourceOptions): pulumi.Resource {
  const { executor, configuration, waitFor, reached, timeoutSeconds } = args;
  const input = pulumi
    .secret(pulumi.all([args.kubeconfig, args.kubeadminPassword]))
    .apply(([kubeconfig, password]) => encodeFiles({ "auth/kubeconfig": kubeconfig, "auth/kubeadmin-password": password }));
  const attempt = new Date().toISOString();
  const { answer } = executor.run(
    name,
    {
      script: `${installerScript}\n${readScript("wait")}`,
      input,
      environment: { ...installerEnvironment(configuration), WAIT_FOR: waitFor, WAIT_SECONDS: String(timeoutSeconds) },
      triggers: [attempt],
      frozen: reached,
      progress: true,
      timeoutSeconds: timeoutSeconds + graceSeconds,
    },
    opts,
  );
  const request = pulumi.all([answer, args.target]).apply(([text, target]): WaitResultRequest => {
    const files = decodeFiles(text);
    const failure = "failure" in files ? files.failure : `the wait for ${waitFor} printed no result`;
    return { failure, target, directory: evidenceDirectory };
  });
  return new command.local.Command(
    `${name}-result`,
    {
      interpreter: ownProgram("wait-result"),
      create: waitFor,
      stdin: pulumi.secret(pulumi.jsonStringify(request)),
      triggers: [attempt],
      logging: command.local.Logging.None,
    },
    { ...opts, ...(reached && { ignoreChanges: ["interpreter", "create", "stdin", "triggers", "logging"] }) },
  );
}
