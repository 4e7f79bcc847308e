import * as pulumi from "@pulumi/pulumi";
import type { Configuration } from "../config/configuration";
import { decodeFiles, encodeFiles } from "../ignition/file-transfer";
import type { Executor } from "./installer/executor";
import { commonScript, readScript } from "./installer/scripts";

export interface RouterAddressArgs {
  readonly executor: Executor;
  readonly configuration: Pick<Configuration, "clusterDomain">;
  /** The administrator's credentials; secret. */
  readonly kubeconfig: pulumi.Input<string>;
  /** Whether the router's balancer is known, and never asked for again. */
  readonly known: boolean;
  /** Seconds that the router may take. */
  readonly timeoutSeconds: number;
}

/** Waits for the load balancer of the default router and gives its DNS name; empty in an update that leaves the wait out. */
export function routerAddress(name: string, args: RouterAddressArgs, opts: pulumi.CustomResourceOptions): pulumi.Output<string> {
  const { answer } = args.executor.run(
    name,
    {
      script: `${commonScript}\n${readScript("router-address")}`,
      input: pulumi.secret(args.kubeconfig).apply((kubeconfig) => encodeFiles({ "auth/kubeconfig": kubeconfig })),
      triggers: [],
      frozen: args.known,
      timeoutSeconds: args.timeoutSeconds,
    },
    opts,
  );
  // A balancer's name is no secret.
  return pulumi.unsecret(answer).apply((files) => (files === "" ? "" : decodeFiles(files).address));
}
