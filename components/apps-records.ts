import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { PrivateZone } from "./dns";
import { routerAddress, type RouterAddressArgs } from "./router-address";

/** TTL in seconds of the record that points to the router's load balancer. */
const recordTtl = 60;

export interface AppsRecordsArgs extends RouterAddressArgs {
  readonly privateZone: PrivateZone;
  /** Public hosted zone of the base domain; undefined in a private cluster. */
  readonly publicZoneId?: string;
}

/**
 * Writes the `*.apps` records of a cluster that cannot reach Route 53. The cluster's ingress operator cannot write these
 * records, so the machine that runs this program writes them.
 */
export class AppsRecords extends pulumi.ComponentResource {
  /** @param opts `dependsOn`: the resources that must exist before the default router can start. */
  constructor(name: string, args: AppsRecordsArgs, opts: { readonly dependsOn: readonly pulumi.Resource[] }) {
    super("okd:network:AppsRecords", name);
    const { configuration, privateZone, publicZoneId } = args;
    const router = routerAddress(`${name}-router`, args, { parent: this, dependsOn: [...opts.dependsOn] });
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
