import { EC2Client, paginateDescribeInstances, type Instance } from "@aws-sdk/client-ec2";
import { clientConfiguration } from "../aws-client";
import type { Machine } from "./decide";

/** For how long an answer of EC2 serves, in milliseconds. Requests come in bursts, and a decision must not rest on an old answer. */
const freshFor = 5_000;
/** Milliseconds after which a reading of the inventory is given up. */
const readingTimeout = 30_000;

/** The machines of one cluster, read from EC2 when they are needed. */
export class Inventory {
  private readonly ec2: EC2Client;
  private machines: readonly Machine[] = [];
  private readAt = Number.NEGATIVE_INFINITY;

  constructor(
    region: string,
    private readonly infraId: string,
  ) {
    this.ec2 = new EC2Client(clientConfiguration(region));
  }

  /** All machines with the cluster's tag, in any state, as EC2 told within the last seconds. */
  async read(): Promise<readonly Machine[]> {
    const start = performance.now();
    if (start - this.readAt <= freshFor) return this.machines;
    const machines: Machine[] = [];
    const filters = [{ Name: "tag-key", Values: [`kubernetes.io/cluster/${this.infraId}`] }];
    const signal = AbortSignal.timeout(readingTimeout);
    const pages = paginateDescribeInstances({ client: this.ec2, pageSize: 1000 }, { Filters: filters }, { abortSignal: signal });
    for await (const { Reservations = [] } of pages) {
      machines.push(...Reservations.flatMap(({ Instances = [] }) => Instances.map(machineOf)));
    }
    this.machines = machines;
    this.readAt = start;
    return machines;
  }
}

function machineOf(instance: Instance): Machine {
  const interfaces = instance.NetworkInterfaces ?? [];
  const privately = interfaces.flatMap(({ PrivateIpAddresses = [] }) => PrivateIpAddresses);
  const publicly = privately.map(({ Association }) => Association);
  // A start after a stop sets a new launch time, but the first interface and the root volume were attached at the first one.
  const times = [
    instance.LaunchTime,
    ...interfaces.map(({ Attachment }) => Attachment?.AttachTime),
    ...(instance.BlockDeviceMappings ?? []).map(({ Ebs }) => Ebs?.AttachTime),
  ];
  return {
    id: instance.InstanceId ?? "",
    nodeName: instance.PrivateDnsName ?? "",
    state: instance.State?.Name ?? "",
    vpcId: instance.VpcId ?? "",
    tags: Object.fromEntries((instance.Tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value])),
    // Without any time it is as old as can be.
    launched: new Date(Math.min(...times.map((time) => time?.getTime() ?? Infinity), instance.LaunchTime === undefined ? 0 : Infinity)),
    names: present([instance.PrivateDnsName, instance.PublicDnsName, ...publicly.map((association) => association?.PublicDnsName)]),
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
