import { setTimeout as sleep } from "node:timers/promises";
import {
  type DhcpOptions,
  DescribeDhcpOptionsCommand,
  DescribeVpcsCommand,
  EC2Client,
  type Instance,
  paginateDescribeInstances,
} from "@aws-sdk/client-ec2";
import { clientConfiguration } from "../aws-client";
import type { Machine } from "./decide";
import { domainsOf, nodeNames, normalized } from "./node-names";

/** For how long an answer of EC2 serves, in milliseconds. Requests come in bursts, and a decision must not rest on an old answer. */
const freshFor = 5_000;
/** Shortest interval between two readings in milliseconds, however many requests arrive: the account's other programs share EC2's rate limits. */
const shortestGap = 1_000;
/** Milliseconds after which a reading of the inventory is given up. */
const readingTimeout = 30_000;

/** The machines of one cluster, read from EC2 when they are needed. */
export class Inventory {
  private readonly ec2: EC2Client;
  private machines: readonly Machine[] = [];
  /** When the reading of `machines` began. */
  private readAt = Number.NEGATIVE_INFINITY;
  /** When the last reading began, even if it failed. */
  private askedAt = Number.NEGATIVE_INFINITY;

  constructor(
    region: string,
    private readonly infraId: string,
    /** The VPC that the machines are in, whose DHCP options name their domains. */
    private readonly vpcId: string,
  ) {
    this.ec2 = new EC2Client(clientConfiguration(region));
  }

  /**
   * All machines with the cluster's tag, in any state, from an answer of EC2 that is a few seconds old at most.
   *
   * @param since time of `performance.now()` at which the request arrived. An older answer of EC2 may lack the request's machine
   */
  async read(since = Number.NEGATIVE_INFINITY): Promise<readonly Machine[]> {
    if (this.readAt >= since && performance.now() - this.readAt <= freshFor) return this.machines;
    await sleep(Math.max(0, this.askedAt + shortestGap - performance.now()));
    const start = performance.now();
    this.askedAt = start;
    const signal = AbortSignal.timeout(readingTimeout);
    const [instances, options] = await Promise.all([this.readInstances(signal), readDhcpOptions(this.ec2, this.vpcId, signal)]);
    const domains = domainsOf(options);
    this.machines = instances.map((instance) => machineOf(instance, domains));
    this.readAt = start;
    return this.machines;
  }

  private async readInstances(abortSignal: AbortSignal): Promise<Instance[]> {
    const instances: Instance[] = [];
    const filters = [{ Name: "tag-key", Values: [`kubernetes.io/cluster/${this.infraId}`] }];
    const pages = paginateDescribeInstances({ client: this.ec2, pageSize: 1000 }, { Filters: filters }, { abortSignal });
    for await (const { Reservations = [] } of pages) instances.push(...Reservations.flatMap(({ Instances = [] }) => Instances));
    return instances;
  }
}

/** A VPC's DHCP options; undefined for a VPC that has none, or isn't there. */
export async function readDhcpOptions(ec2: EC2Client, vpcId: string, abortSignal: AbortSignal): Promise<DhcpOptions | undefined> {
  const { Vpcs = [] } = await ec2.send(new DescribeVpcsCommand({ Filters: [{ Name: "vpc-id", Values: [vpcId] }] }), { abortSignal });
  const id = Vpcs.at(0)?.DhcpOptionsId;
  // "default" stands for no options (AWS API reference, AssociateDhcpOptions).
  if (id === undefined || id === "default") return undefined;
  const filters = [{ Name: "dhcp-options-id", Values: [id] }];
  return (await ec2.send(new DescribeDhcpOptionsCommand({ Filters: filters }), { abortSignal })).DhcpOptions?.at(0);
}

/**
 * An instance of EC2 as the decisions see it.
 *
 * @param domains of its VPC's DHCP options
 */
export function machineOf(instance: Instance, domains: readonly string[]): Machine {
  const interfaces = instance.NetworkInterfaces ?? [];
  const privately = interfaces.flatMap(({ PrivateIpAddresses = [] }) => PrivateIpAddresses);
  const publicly = privately.map(({ Association }) => Association);
  // A start after a stop sets a new launch time, but the first interface and the root volume were attached at the first one.
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
    // Without any time it is as old as can be.
    launched: new Date(Math.min(...times.map((time) => time?.getTime() ?? Infinity), instance.LaunchTime === undefined ? 0 : Infinity)),
    names: present([...names, instance.PublicDnsName, ...publicly.map((association) => association?.PublicDnsName)]).map(normalized),
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
