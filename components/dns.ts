import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ManagedDns } from "../config/configuration";
import type { Partition } from "../config/partition";
import type { ApiLoadBalancer } from "./load-balancers";
import type { Naming } from "./naming";

export interface PrivateZoneArgs {
  readonly naming: Naming;
  readonly clusterDomain: string;
  readonly region: string;
  readonly vpcId: pulumi.Input<string>;
  /** An existing zone to use instead of creating one. */
  readonly existing?: ManagedDns["privateZone"];
}

/** The private hosted zone that the cluster's instances use: created, or existing, possibly in another account. */
export class PrivateZone extends pulumi.ComponentResource {
  readonly zoneId: pulumi.Output<string>;
  /** AWS provider for the zone's account, if the zone is not in the stack's account. */
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
          // Route 53 refuses to delete a zone that contains records, and the cluster writes records to this zone
          // (`*.apps`). So the provider deletes all records first.
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
  readonly internal: ApiLoadBalancer;
  readonly external?: ApiLoadBalancer;
  readonly privateZone: PrivateZone;
  /** Public hosted zone of the base domain; undefined in a private cluster. */
  readonly publicZoneId?: string;
}

/** TTL in seconds of a CNAME record. */
const cnameTtl = 10;

/**
 * The API's records: `api` for all clients, `api-int` for the cluster's instances. In the private zone both point to the internal load
 * balancer.
 */
export class ApiRecords extends pulumi.ComponentResource {
  constructor(name: string, args: ApiRecordsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("okd:network:ApiRecords", name, {}, opts);
    const { clusterDomain, partition, privateZone } = args;
    const record = (key: string, host: string, zoneId: pulumi.Input<string>, balancer: ApiLoadBalancer, provider?: aws.Provider) =>
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
