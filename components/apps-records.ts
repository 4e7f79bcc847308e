import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Configuration } from "../config/configuration";
import { decodeFiles, encodeFiles } from "../ignition/file-transfer";
import type { PrivateZone } from "./dns";
import type { Executor } from "./installer/executor";
import { commonScript, readScript } from "./installer/scripts";

/** Seconds that a resolver may keep the name of the router's balancer. */
const recordTtl = 60;

export interface AppsRecordsArgs {
  readonly executor: Executor;
  readonly configuration: Pick<Configuration, "clusterDomain">;
  readonly kubeconfig: pulumi.Input<string>;
  readonly privateZone: PrivateZone;
  /** Zone of the base domain; none in a private cluster. */
  readonly publicZoneId?: string;
  /** Whether the router's balancer is known, and never asked for again. */
  readonly known: boolean;
  /** Seconds that the router may take. */
  readonly timeoutSeconds: number;
}

/** `*.apps`, for a cluster that has a router but no way to Route 53: what its ingress operator can't write is written here, where AWS is reached. */
export class AppsRecords extends pulumi.ComponentResource {
  /** @param opts what must stand before the router can come. */
  constructor(name: string, args: AppsRecordsArgs, opts: { readonly dependsOn: readonly pulumi.Resource[] }) {
    super("okd:network:AppsRecords", name);
    const { configuration, privateZone, publicZoneId } = args;
    const { answer } = args.executor.run(
      `${name}-router`,
      {
        script: `${commonScript}\n${readScript("router-address")}`,
        input: pulumi.secret(args.kubeconfig).apply((kubeconfig) => encodeFiles({ "auth/kubeconfig": kubeconfig })),
        triggers: [],
        frozen: args.known,
        timeoutSeconds: args.timeoutSeconds,
      },
      { parent: this, dependsOn: [...opts.dependsOn] },
    );
    // A balancer's name is no secret.
    const router = pulumi.unsecret(answer).apply((files) => (files === "" ? "" : decodeFiles(files).address));
    const record = (zone: string, zoneId: pulumi.Input<string>, provider?: aws.Provider) =>
      new aws.route53.Record(
        `${name}-${zone}`,
        { zoneId, name: `*.apps.${configuration.clusterDomain}`, type: "CNAME", ttl: recordTtl, records: [router] },
        { parent: this, deleteBeforeReplace: true, ...(provider && { provider }) },
      );
    record("private", privateZone.zoneId, privateZone.zoneProvider);
    if (publicZoneId !== undefined) record("public", publicZoneId);
    this.registerOutputs();
  }
}
