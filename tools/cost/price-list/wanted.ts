import { parseInstanceType } from "../../../config/instance-type";
import type { PriceName } from "../price-table";

/** The place of a price in the price list: the offer's file, and the usage type without the region's prefix. */
interface Wanted {
  readonly offer: Offer;
  readonly usage: string;
  readonly operation?: string;
  /** Number of the price list's units in one unit of the table. Default: 1. */
  readonly factor?: number;
}

/** Files of the price list by service. A global service has one file for all regions. */
export const offers = [
  "AmazonEC2",
  "AmazonVPC",
  "AWSELB",
  "AmazonS3",
  "awskms",
  "AWSSecretsManager",
  "AmazonRoute53",
  "AmazonCloudWatch",
  "AmazonEFS",
  "awswaf",
] as const;
export type Offer = (typeof offers)[number];
export const globalOffers: ReadonlySet<Offer> = new Set(["AmazonRoute53"]);

const ec2 = (usage: string): Wanted => ({ offer: "AmazonEC2", usage });
const vpc = (usage: string): Wanted => ({ offer: "AmazonVPC", usage });
const elb = (usage: string, operation: string): Wanted => ({ offer: "AWSELB", usage, operation });
const waf = (usage: string, factor = 1): Wanted => ({ offer: "awswaf", usage, factor });

/** The place of each price of the table in AWS's price list. */
export const wantedPrices: Readonly<Record<PriceName, Wanted>> = {
  "volume.gp2": ec2("EBS:VolumeUsage.gp2"),
  "volume.gp3": ec2("EBS:VolumeUsage.gp3"),
  "volume.gp3.iops": ec2("EBS:VolumeP-IOPS.gp3"),
  "volume.gp3.throughput": ec2("EBS:VolumeP-Throughput.gp3"),
  "volume.io1": ec2("EBS:VolumeUsage.piops"),
  "volume.io1.iops": ec2("EBS:VolumeP-IOPS.piops"),
  "volume.io2": ec2("EBS:VolumeUsage.io2"),
  "volume.io2.iops": ec2("EBS:VolumeP-IOPS.io2"),
  "volume.io2.iops.tier2": ec2("EBS:VolumeP-IOPS.io2.tier2"),
  "volume.io2.iops.tier3": ec2("EBS:VolumeP-IOPS.io2.tier3"),
  snapshot: ec2("EBS:SnapshotUsage"),
  "nat.hour": ec2("NatGateway-Hours"),
  "nat.gb": ec2("NatGateway-Bytes"),
  "balancer.network.hour": elb("LoadBalancerUsage", "LoadBalancing:Network"),
  "balancer.network.lcu": elb("LCUUsage", "LoadBalancing:Network"),
  "balancer.application.hour": elb("LoadBalancerUsage", "LoadBalancing:Application"),
  "balancer.application.lcu": elb("LCUUsage", "LoadBalancing:Application"),
  "balancer.classic.hour": elb("LoadBalancerUsage", "LoadBalancing"),
  "balancer.classic.gb": elb("DataProcessing-Bytes", "LoadBalancing"),
  "address.hour": vpc("PublicIPv4:InUseAddress"),
  "endpoint.hour": vpc("VpcEndpoint-Hours"),
  "endpoint.gb": vpc("VpcEndpoint-Bytes"),
  bucket: { offer: "AmazonS3", usage: "TimedStorage-ByteHrs" },
  key: { offer: "awskms", usage: "KMS-Keys" },
  secret: { offer: "AWSSecretsManager", usage: "AWSSecretsManager-Secrets" },
  zone: { offer: "AmazonRoute53", usage: "HostedZone" },
  "log.ingestion": { offer: "AmazonCloudWatch", usage: "DataProcessing-Bytes" },
  "log.storage": { offer: "AmazonCloudWatch", usage: "TimedStorage-ByteHrs" },
  alarm: { offer: "AmazonCloudWatch", usage: "CW:AlarmMonitorUsage" },
  fileSystem: { offer: "AmazonEFS", usage: "TimedStorage-ByteHrs" },
  "webAcl.acl": waf("WebACLV2"),
  "webAcl.rule": waf("RuleV2"),
  "webAcl.requests": waf("RequestV2-Tier1", 1_000_000),
};

/**
 * The usage type without its region: `EUC1-NatGateway-Hours`, `EU-...` (Ireland), `eu-central-1-KMS-Keys`. Most usage types of us-east-1 have no
 * region. A usage type with another word at the beginning belongs to another product: `TS-LoadBalancerUsage`, `RegionalNatGateway-Hours`, a local
 * zone's `USE1-BOS1-...`.
 */
export function usageWithoutRegion(usage: string): string {
  return usage.replace(/^(?:EU|[A-Z]{2,3}\d|[a-z]{2}(?:-[a-z]+)+-\d)-/, "");
}

/** Whether the configuration's checks know the instance type. Types that are too small for any instance of a cluster are left out. */
export function isWantedInstance(name: string): boolean {
  return parseInstanceType(name) !== undefined && !/\.(?:nano|micro|small|medium)$/.test(name);
}
