import { setTimeout as sleep } from "node:timers/promises";
import {
  type DhcpOptions,
  DescribeDhcpOptionsCommand,
  DescribeVpcsCommand,
  EC2Client,
  type Instance,
  paginateDescribeInstances,
} from "@aws-sdk/client-ec2";
import { clientConfiguration } from "../../lib/aws/client";
import { collectPages } from "../../lib/aws/pages";
import type { ClusterInstance } from "./decision";
import { domainsOf, nodeNames, normalizeDnsName } from "./node-names";

/** Milliseconds for which an answer of EC2 is used. CSRs come in bursts, but a decision must not use an old answer. */
const freshForMs = 5_000;
/** Minimum milliseconds between two readings, no matter how many CSRs arrive: other programs in the account share EC2's rate limits. */
const minReadingIntervalMs = 1_000;
/** Time limit in milliseconds for a reading of the inventory. */
const readingTimeoutMs = 30_000;

/** The instances of one cluster, read from EC2 when they are needed. */
export class InstanceInventory {
  private readonly ec2: EC2Client;
  private machines: readonly ClusterInstance[] = [];
  /** Start of the reading that returned `machines`. */
  private readAt = Number.NEGATIVE_INFINITY;
  /** Start of the last reading, even if it failed. */
  private askedAt = Number.NEGATIVE_INFINITY;

  constructor(
    region: string,
    private readonly infraId: string,
    /** VPC of the instances; its DHCP options contain their domains. */
    private readonly vpcId: string,
  ) {
    this.ec2 = new EC2Client(clientConfiguration(region));
  }

  /**
   * All instances with the cluster's tag, in any state, from an answer of EC2 within the last seconds.
   *
   * @param since time of `performance.now()` at which the CSR arrived: an earlier answer of EC2 may lack the CSR's instance
   */
  async read(since = Number.NEGATIVE_INFINITY): Promise<readonly ClusterInstance[]> {
    if (this.readAt >= since && performance.now() - this.readAt <= freshForMs) return this.machines;
    await sleep(Math.max(0, this.askedAt + minReadingIntervalMs - performance.now()));
    const start = performance.now();
    this.askedAt = start;
    const signal = AbortSignal.timeout(readingTimeoutMs);
    const [instances, options] = await Promise.all([this.readInstances(signal), readDhcpOptions(this.ec2, this.vpcId, signal)]);
    const domains = domainsOf(options);
    this.machines = instances.map((instance) => clusterInstanceOf(instance, domains));
    this.readAt = start;
    return this.machines;
  }

  private readInstances(abortSignal: AbortSignal): Promise<Instance[]> {
    const filters = [{ Name: "tag-key", Values: [`kubernetes.io/cluster/${this.infraId}`] }];
    const pages = paginateDescribeInstances({ client: this.ec2, pageSize: 1000 }, { Filters: filters }, { abortSignal });
    return collectPages(pages, ({ Reservations = [] }) => Reservations.flatMap(({ Instances = [] }) => Instances));
  }
}

/** A VPC's DHCP options; undefined if it has none or does not exist. */
export async function readDhcpOptions(ec2: EC2Client, vpcId: string, abortSignal: AbortSignal): Promise<DhcpOptions | undefined> {
  const { Vpcs = [] } = await ec2.send(new DescribeVpcsCommand({ Filters: [{ Name: "vpc-id", Values: [vpcId] }] }), { abortSignal });
  const id = Vpcs.at(0)?.DhcpOptionsId;
  // "default" means no options (AWS API reference, AssociateDhcpOptions).
  if (id === undefined || id === "default") return undefined;
  const filters = [{ Name: "dhcp-options-id", Values: [id] }];
  return (await ec2.send(new DescribeDhcpOptionsCommand({ Filters: filters }), { abortSignal })).DhcpOptions?.at(0);
}

/**
 * The data of an EC2 instance that the decisions use.
 *
 * @param domains domains in its VPC's DHCP options
 */
export function clusterInstanceOf(instance: Instance, domains: readonly string[]): ClusterInstance {
  const interfaces = instance.NetworkInterfaces ?? [];
  const privately = interfaces.flatMap(({ PrivateIpAddresses = [] }) => PrivateIpAddresses);
  const publicly = privately.map(({ Association }) => Association);
  // A start after a stop sets a new launch time, but the first network interface and the root volume keep the time of the first launch.
  const times = [
    instance.LaunchTime,
    ...interfaces.map(({ Attachment }) => Attachment?.AttachTime),
    ...(instance.BlockDeviceMappings ?? []).map(({ Ebs }) => Ebs?.AttachTime),
  ];
  const names = nodeNames(instance.PrivateDnsName ?? "", domains);
  return {
    id: instance.InstanceId ?? "",
    nodeNames: names,
    state: instance.State?.Name ?? "",
    vpcId: instance.VpcId ?? "",
    tags: Object.fromEntries((instance.Tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value])),
    // An instance without any time counts as very old.
    launched: new Date(Math.min(...times.map((time) => time?.getTime() ?? Infinity), instance.LaunchTime === undefined ? 0 : Infinity)),
    names: present([...names, instance.PublicDnsName, ...publicly.map((association) => association?.PublicDnsName)]).map(normalizeDnsName),
    addresses: present([
      instance.PrivateIpAddress,
      instance.PublicIpAddress,
      ...privately.map(({ PrivateIpAddress }) => PrivateIpAddress),
      ...publicly.map((association) => association?.PublicIp),
    ]),
  };
}

function present(values: readonly (string | undefined)[]): string[] {
  return [...new Set(values.filter((value) => value !== undefined && value !== ""))] as string[];
}
