import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { PrivateZone } from "./dns";
import { routerAddress, type RouterAddressArgs } from "./router-address";

/** Seconds that a resolver may keep the name of the router's balancer. */
const recordTtl = 60;

export interface AppsRecordsArgs extends RouterAddressArgs {
  readonly privateZone: PrivateZone;
  /** Zone of the base domain; none in a private cluster. */
  readonly publicZoneId?: string;
}

/** `*.apps`, for a cluster that has a router but no way to Route 53: what its ingress operator can't write is written here, where AWS is reached. */
export class AppsRecords extends pulumi.ComponentResource {
  /** @param opts what must stand before the router can come. */
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
