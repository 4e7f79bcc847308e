import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ManagedDns } from "../config/configuration";
import type { Partition } from "../config/partition";
import type { LoadBalancer } from "./load-balancers";
import type { Naming } from "./naming";

export interface PrivateZoneArgs {
  readonly naming: Naming;
  readonly clusterDomain: string;
  readonly region: string;
  readonly vpcId: pulumi.Input<string>;
  /** An existing zone to use instead of making one. */
  readonly existing?: ManagedDns["privateZone"];
}

/** The cluster's zone for its own machines: made, or found, perhaps in another account. */
export class PrivateZone extends pulumi.ComponentResource {
  readonly zoneId: pulumi.Output<string>;
  /** Acts as the account that the zone belongs to, where that isn't this one. */
  readonly zoneProvider?: aws.Provider;

  constructor(name: string, args: PrivateZoneArgs, opts?: pulumi.ComponentResourceOptions) {
    super("okd:network:PrivateZone", name, {}, opts);
    const { existing } = args;
    if (existing === undefined) {
      const zone = new aws.route53.Zone(
        name,
        {
          name: args.clusterDomain,
          comment: "Names that the cluster's machines use",
          vpcs: [{ vpcId: args.vpcId }],
          // The cluster writes records of its own (`*.apps`), which would keep the zone from being deleted.
          forceDestroy: true,
          tags: args.naming.zoneTags("int"),
        },
        { parent: this },
      );
      this.zoneId = zone.zoneId;
    } else {
      this.zoneId = pulumi.output(existing.id);
      if (existing.roleArn !== undefined) {
        this.zoneProvider = new aws.Provider(
          `${name}-account`,
          { region: args.region as aws.Region, assumeRoles: [{ roleArn: existing.roleArn }] },
          { parent: this },
        );
      }
    }
    this.registerOutputs();
  }
}

export interface ApiRecordsArgs {
  readonly clusterDomain: string;
  readonly partition: Partition;
  readonly internal: LoadBalancer;
  readonly external?: LoadBalancer;
  readonly privateZone: PrivateZone;
  /** Zone of the base domain; none in a private cluster. */
  readonly publicZoneId?: string;
}

/** Seconds that a resolver may keep a CNAME record (reference, section 3). */
const cnameTtl = 10;

/** The API's names: `api` for everyone who may reach it, `api` and `api-int` for the machines. */
export class ApiRecords extends pulumi.ComponentResource {
  constructor(name: string, args: ApiRecordsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("okd:network:ApiRecords", name, {}, opts);
    const { clusterDomain, partition, privateZone } = args;
    const record = (key: string, host: string, zoneId: pulumi.Input<string>, balancer: LoadBalancer, provider?: aws.Provider) =>
      new aws.route53.Record(
        `${name}-${key}`,
        {
          zoneId,
          name: `${host}.${clusterDomain}`,
          ...(partition.aliasRecords
            ? { type: "A", aliases: [{ name: balancer.dnsName, zoneId: balancer.zoneId, evaluateTargetHealth: false }] }
            : { type: "CNAME", ttl: cnameTtl, records: [balancer.dnsName] }),
        },
        { parent: this, deleteBeforeReplace: true, ...(provider && { provider }) },
      );
    record("api-private", "api", privateZone.zoneId, args.internal, privateZone.zoneProvider);
    record("api-int-private", "api-int", privateZone.zoneId, args.internal, privateZone.zoneProvider);
    if (args.external !== undefined && args.publicZoneId !== undefined) {
      record("api-public", "api", args.publicZoneId, args.external);
    }
    this.registerOutputs();
  }
}
