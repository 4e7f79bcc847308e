import * as pulumi from "@pulumi/pulumi";
import type { Configuration } from "../config/configuration";
import { decodeFiles, encodeFiles } from "../ignition/file-transfer";
import type { Executor } from "./installer/executor";
import { commonScript, readScript } from "./installer/scripts";

export interface RouterAddressArgs {
  readonly executor: Executor;
  readonly configuration: Pick<Configuration, "clusterDomain">;
  /** The administrator's kubeconfig; secret. */
  readonly kubeconfig: pulumi.Input<string>;
  /** Whether an earlier update has found the router's load balancer. If so, the step does not run again. */
  readonly found: boolean;
  /** Seconds that the router's load balancer may take. */
  readonly timeoutSeconds: number;
}

/** Waits for the default router's load balancer and returns its DNS name. The name is empty in an update that leaves the wait out. */
export function routerAddress(name: string, args: RouterAddressArgs, opts: pulumi.CustomResourceOptions): pulumi.Output<string> {
  const { answer } = args.executor.run(
    name,
    {
      script: `${commonScript}\n${readScript("router-address")}`,
      input: pulumi.secret(args.kubeconfig).apply((kubeconfig) => encodeFiles({ "auth/kubeconfig": kubeconfig })),
      triggers: [],
      frozen: args.found,
      timeoutSeconds: args.timeoutSeconds,
    },
    opts,
  );
  // A load balancer's DNS name is not secret.
  return pulumi.unsecret(answer).apply((files) => (files === "" ? "" : decodeFiles(files).address));
}
