import { anywhere, blockedBy, type Peer } from "./firewall";
import { addressesOfLoadBalancer, blockedFromBalancer, checkTarget, instanceOfTarget } from "./health";
import { isFailure, type Failure, failure } from "./failure";
import { resolve } from "./resolver";
import { publicSubnet, egressTo } from "./routing";
import type { Listening } from "./service";
import type { Instance, LoadBalancer, Target, TargetGroup, AwsSnapshot } from "./aws-snapshot";

/** Where a connection starts: an instance, any address on the internet, or any address of a CIDR block (inside a VPC, if one is named). */
export type Origin = Instance | "internet" | { readonly cidr: string; readonly vpcId?: string };

/** The id of the instance at which a connection ends. */
export type ConnectResult = { readonly reached: string } | Failure;

/**
 * Follows a connection to a host, given by name or address, and a port. Returns the instance at which it ends.
 *
 * A load balancer forwards only to healthy targets. (A real Network Load Balancer whose targets are all unhealthy forwards to all of them.
 * A cluster must not rely on that, so here the load balancer refuses, and the reason lists the state of each target.)
 */
export function connect(snapshot: AwsSnapshot, listening: Listening, origin: Origin, host: string, port: number): ConnectResult {
  const found = /^\d+(\.\d+){3}$/.test(host) ? { addresses: [host] } : resolve(snapshot, vpcOf(origin) ?? "internet", host);
  if (isFailure(found)) return found;
  if ("balancer" in found) return throughBalancer(snapshot, listening, origin, found.balancer, port);
  return firstReached(found.addresses.map((address) => toAddress(snapshot, listening, origin, address, port)));
}

/** The first attempt that succeeds; otherwise the reasons of all attempts. */
function firstReached(attempts: readonly ConnectResult[]): ConnectResult {
  const reasons = attempts.flatMap((attempt) => (isFailure(attempt) ? [attempt.reason] : []));
  return (
    attempts.find((attempt) => !isFailure(attempt)) ?? failure([...new Set(reasons)].join("; ") || "there is no address to connect to")
  );
}

function throughBalancer(snapshot: AwsSnapshot, listening: Listening, origin: Origin, balancer: LoadBalancer, port: number): ConnectResult {
  const closed = balancer.internal ? blockedWithinVpc(snapshot, origin, balancer, port) : blockedFromInternet(snapshot, origin, balancer);
  if (closed !== undefined) return failure(closed);
  if (balancer.groupIds.length > 0) {
    const blocked = blockedBy(snapshot, balancer.groupIds, "ingress", port, peerOf(snapshot, origin, balancer.internal));
    if (blocked !== undefined) return failure(`load balancer ${balancer.name}: ${blocked}`);
  }
  const listener = balancer.listeners.find((candidate) => candidate.port === port);
  if (listener === undefined) {
    const ports = balancer.listeners.map((candidate) => candidate.port).sort((a, b) => a - b);
    return failure(`load balancer ${balancer.name} has no listener on port ${port} (it listens on ${ports.join(", ") || "none"})`);
  }
  const groups = snapshot.targetGroups.filter(({ id }) => listener.targetGroupIds.includes(id));
  if (groups.length === 0) return failure(`the listener on port ${port} of load balancer ${balancer.name} forwards to no target group`);
  return firstReached(groups.map((group) => throughTargetGroup(snapshot, listening, origin, balancer, group)));
}

function throughTargetGroup(
  snapshot: AwsSnapshot,
  listening: Listening,
  origin: Origin,
  balancer: LoadBalancer,
  group: TargetGroup,
): ConnectResult {
  if (group.targets.length === 0) return failure(`target group ${group.name} of load balancer ${balancer.name} has no target`);
  const checked = group.targets.map((target) => checkTarget(snapshot, listening, group, target));
  const healthy = checked.filter(({ state }) => state === "healthy");
  if (healthy.length === 0) {
    const reasons = checked.map(({ target, description }) => `${target.id}:${target.port}: ${description ?? ""}`);
    return failure(`target group ${group.name} of load balancer ${balancer.name} has no healthy target: ${reasons.join("; ")}`);
  }
  return firstReached(healthy.map(({ target }) => toTarget(snapshot, listening, origin, balancer, group, target)));
}

function toTarget(
  snapshot: AwsSnapshot,
  listening: Listening,
  origin: Origin,
  balancer: LoadBalancer,
  group: TargetGroup,
  target: Target,
): ConnectResult {
  const machine = instanceOfTarget(snapshot, group, target);
  if (machine === undefined) return failure(`no instance in ${group.vpcId} has the address ${target.id}`);
  if (!group.preservesClientIp) {
    const blocked = blockedFromBalancer(snapshot, balancer, machine, target.port);
    return blocked === undefined ? onMachine(listening, machine, target.port) : failure(`${machine.id}: ${blocked}`);
  }
  if (typeof origin === "object" && "id" in origin && origin.id === machine.id) {
    const itself = `${machine.id} would receive a packet with its own address as the source and drop it (hairpin)`;
    return failure(`target group ${group.name} has preserve_client_ip.enabled=true: ${itself}`);
  }
  const blocked = blockedBy(snapshot, machine.groupIds, "ingress", target.port, peerOf(snapshot, origin, balancer.internal));
  if (blocked === undefined) return onMachine(listening, machine, target.port);
  return failure(`target group ${group.name} has preserve_client_ip.enabled=true, and ${machine.id}: ${blocked}`);
}

/** The reason why an origin cannot reach a load balancer's private addresses; undefined if it can reach them. */
function blockedWithinVpc(snapshot: AwsSnapshot, origin: Origin, balancer: LoadBalancer, port: number): string | undefined {
  const vpcId = vpcOf(origin);
  if (vpcId !== balancer.vpcId) {
    const where = vpcId ?? "the internet";
    return `load balancer ${balancer.name} is internal to ${balancer.vpcId}: its addresses are private, so ${where} can't reach them`;
  }
  if (!isMachine(origin)) return undefined;
  const blocked = addressesOfLoadBalancer(snapshot, balancer)
    .map((peer) => blockedBy(snapshot, origin.groupIds, "egress", port, peer))
    .find((reason) => reason !== undefined);
  return blocked === undefined ? undefined : `${origin.id}: ${blocked}`;
}

/** The reason why an origin cannot reach a load balancer's public addresses; undefined if it can reach them. */
function blockedFromInternet(snapshot: AwsSnapshot, origin: Origin, balancer: LoadBalancer): string | undefined {
  const unreached = balancer.subnetIds.map((subnetId) => publicSubnet(snapshot, subnetId)).find((reason) => reason !== undefined);
  if (unreached !== undefined) return `load balancer ${balancer.name} can't be reached from the internet: ${unreached}`;
  if (!isMachine(origin)) return undefined;
  const way = egressTo(snapshot, origin, "internet");
  return isFailure(way) ? way.reason : undefined;
}

function toAddress(snapshot: AwsSnapshot, listening: Listening, origin: Origin, address: string, port: number): ConnectResult {
  const vpcId = vpcOf(origin);
  const inside = snapshot.instances.find((machine) => machine.vpcId === vpcId && machine.privateIp === address);
  const machine = inside ?? snapshot.instances.find(({ publicIp }) => publicIp === address);
  if (machine === undefined)
    return failure(`no instance ${vpcId === undefined ? "on the internet" : `in ${vpcId}`} has the address ${address}`);
  if (isMachine(origin)) {
    const peer = { cidr: `${address}/32`, groupIds: inside === undefined ? [] : machine.groupIds, name: machine.id };
    const blocked = blockedBy(snapshot, origin.groupIds, "egress", port, peer);
    if (blocked !== undefined) return failure(`${origin.id}: ${blocked}`);
  }
  if (inside === undefined) {
    const unreached = publicSubnet(snapshot, machine.subnetId);
    if (unreached !== undefined) return failure(`${machine.id} can't be reached from the internet: ${unreached}`);
    const way = isMachine(origin) ? egressTo(snapshot, origin, "internet") : undefined;
    if (way !== undefined && isFailure(way)) return way;
  }
  const blocked = blockedBy(snapshot, machine.groupIds, "ingress", port, peerOf(snapshot, origin, inside !== undefined));
  return blocked === undefined ? onMachine(listening, machine, port) : failure(`${machine.id}: ${blocked}`);
}

function onMachine(listening: Listening, machine: Instance, port: number): ConnectResult {
  if (machine.state !== "running") return failure(`${machine.id} is ${machine.state}`);
  return listening(machine.id, port) === undefined ? failure(`nothing listens on port ${port} of ${machine.id}`) : { reached: machine.id };
}

const isMachine = (origin: Origin): origin is Instance => typeof origin === "object" && "id" in origin;

/** The VPC of an origin; undefined if the origin is outside of every VPC. */
function vpcOf(origin: Origin): string | undefined {
  return origin === "internet" ? undefined : origin.vpcId;
}

/**
 * The origin's address and security groups as the destination sees them. Inside the VPC: the origin's own address and
 * security groups. Outside: the origin's public address or its NAT gateway's address; if it has neither, any address.
 */
function peerOf(snapshot: AwsSnapshot, origin: Origin, inside: boolean): Peer {
  if (origin === "internet") return anywhere;
  if (!isMachine(origin)) return { cidr: origin.cidr, groupIds: [], name: origin.vpcId ?? "clients outside" };
  if (inside) return { cidr: `${origin.privateIp}/32`, groupIds: origin.groupIds, name: origin.id };
  const address = origin.publicIp ?? natAddress(snapshot, origin);
  return address === undefined ? anywhere : { cidr: `${address}/32`, groupIds: [], name: origin.id };
}

function natAddress(snapshot: AwsSnapshot, machine: Instance): string | undefined {
  const way = egressTo(snapshot, machine, "internet");
  return isFailure(way) ? undefined : snapshot.natGateways.find(({ id }) => id === way.through)?.publicIps[0];
}
