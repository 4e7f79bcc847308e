import { anywhere, blockedBy, type Peer } from "./firewall";
import { addressesOf, blockedFromBalancer, checkTarget, machineOf } from "./health";
import { isRefusal, type Refusal, refused } from "./refusal";
import { resolve } from "./resolver";
import { publicSubnet, wayOut } from "./routing";
import type { Listening } from "./service";
import type { Instance, LoadBalancer, Target, TargetGroup, World } from "./world";

/** Where a connection begins: on a machine, anywhere on the internet, or at any address of a range (in a VPC, where one is named). */
export type Origin = Instance | "internet" | { readonly cidr: string; readonly vpcId?: string };

/** The machine that a connection ends at. */
export type Connection = { readonly reached: string } | Refusal;

/**
 * Follows a connection to a host, by name or address, and a port, to the machine on which it ends.
 *
 * A balancer passes connections to healthy targets only. (A network load balancer whose targets are all unhealthy tries them all the same, which a
 * cluster must not live by: here it refuses, and the reason of each target is told.)
 */
export function connect(world: World, listening: Listening, origin: Origin, host: string, port: number): Connection {
  const found = /^\d+(\.\d+){3}$/.test(host) ? { addresses: [host] } : resolve(world, vpcOf(origin) ?? "internet", host);
  if (isRefusal(found)) return found;
  if ("balancer" in found) return throughBalancer(world, listening, origin, found.balancer, port);
  return firstReached(found.addresses.map((address) => toAddress(world, listening, origin, address, port)));
}

/** The first that gets through; else all reasons why none does. */
function firstReached(attempts: readonly Connection[]): Connection {
  const reasons = attempts.flatMap((attempt) => (isRefusal(attempt) ? [attempt.refused] : []));
  return (
    attempts.find((attempt) => !isRefusal(attempt)) ?? refused([...new Set(reasons)].join("; ") || "there is no address to connect to")
  );
}

function throughBalancer(world: World, listening: Listening, origin: Origin, balancer: LoadBalancer, port: number): Connection {
  const closed = balancer.internal ? wayInside(world, origin, balancer, port) : wayFromOutside(world, origin, balancer);
  if (closed !== undefined) return refused(closed);
  if (balancer.groupIds.length > 0) {
    const blocked = blockedBy(world, balancer.groupIds, "ingress", port, peerOf(world, origin, balancer.internal));
    if (blocked !== undefined) return refused(`load balancer ${balancer.name}: ${blocked}`);
  }
  const listener = balancer.listeners.find((candidate) => candidate.port === port);
  if (listener === undefined) {
    const ports = balancer.listeners.map((candidate) => candidate.port).sort((a, b) => a - b);
    return refused(`load balancer ${balancer.name} has no listener on port ${port} (it listens on ${ports.join(", ") || "none"})`);
  }
  const groups = world.targetGroups.filter(({ id }) => listener.targetGroupIds.includes(id));
  if (groups.length === 0) return refused(`the listener on port ${port} of load balancer ${balancer.name} forwards to no target group`);
  return firstReached(groups.map((group) => throughGroup(world, listening, origin, balancer, group)));
}

function throughGroup(world: World, listening: Listening, origin: Origin, balancer: LoadBalancer, group: TargetGroup): Connection {
  if (group.targets.length === 0) return refused(`target group ${group.name} of load balancer ${balancer.name} has no target`);
  const checked = group.targets.map((target) => checkTarget(world, listening, group, target));
  const healthy = checked.filter(({ state }) => state === "healthy");
  if (healthy.length === 0) {
    const reasons = checked.map(({ target, description }) => `${target.id}:${target.port}: ${description ?? ""}`);
    return refused(`target group ${group.name} of load balancer ${balancer.name} has no healthy target: ${reasons.join("; ")}`);
  }
  return firstReached(healthy.map(({ target }) => toTarget(world, listening, origin, balancer, group, target)));
}

function toTarget(
  world: World,
  listening: Listening,
  origin: Origin,
  balancer: LoadBalancer,
  group: TargetGroup,
  target: Target,
): Connection {
  const machine = machineOf(world, group, target);
  if (machine === undefined) return refused(`no machine of ${group.vpcId} has the address ${target.id}`);
  if (!group.preservesClientIp) {
    const blocked = blockedFromBalancer(world, balancer, machine, target.port);
    return blocked === undefined ? onMachine(listening, machine, target.port) : refused(`${machine.id}: ${blocked}`);
  }
  if (typeof origin === "object" && "id" in origin && origin.id === machine.id) {
    const itself = `${machine.id} would get its own address as the source and drop the packet (hairpin)`;
    return refused(`target group ${group.name} has preserve_client_ip.enabled on: ${itself}`);
  }
  const blocked = blockedBy(world, machine.groupIds, "ingress", target.port, peerOf(world, origin, balancer.internal));
  if (blocked === undefined) return onMachine(listening, machine, target.port);
  return refused(`target group ${group.name} has preserve_client_ip.enabled on, and ${machine.id}: ${blocked}`);
}

/** Why an origin doesn't get to a balancer with private addresses; undefined where it does. */
function wayInside(world: World, origin: Origin, balancer: LoadBalancer, port: number): string | undefined {
  const vpcId = vpcOf(origin);
  if (vpcId !== balancer.vpcId) {
    const where = vpcId ?? "the internet";
    return `load balancer ${balancer.name} is internal to ${balancer.vpcId}: its addresses are private, and ${where} has no way to them`;
  }
  if (!isMachine(origin)) return undefined;
  const blocked = addressesOf(world, balancer)
    .map((peer) => blockedBy(world, origin.groupIds, "egress", port, peer))
    .find((reason) => reason !== undefined);
  return blocked === undefined ? undefined : `${origin.id}: ${blocked}`;
}

/** Why an origin doesn't get to a balancer with public addresses; undefined where it does. */
function wayFromOutside(world: World, origin: Origin, balancer: LoadBalancer): string | undefined {
  const unreached = balancer.subnetIds.map((subnetId) => publicSubnet(world, subnetId)).find((reason) => reason !== undefined);
  if (unreached !== undefined) return `load balancer ${balancer.name} is not reached from the internet: ${unreached}`;
  if (!isMachine(origin)) return undefined;
  const way = wayOut(world, origin, "internet");
  return isRefusal(way) ? way.refused : undefined;
}

function toAddress(world: World, listening: Listening, origin: Origin, address: string, port: number): Connection {
  const vpcId = vpcOf(origin);
  const inside = world.instances.find((machine) => machine.vpcId === vpcId && machine.privateIp === address);
  const machine = inside ?? world.instances.find(({ publicIp }) => publicIp === address);
  if (machine === undefined)
    return refused(`no machine ${vpcId === undefined ? "on the internet" : `of ${vpcId}`} has the address ${address}`);
  if (isMachine(origin)) {
    const peer = { cidr: `${address}/32`, groupIds: inside === undefined ? [] : machine.groupIds, name: machine.id };
    const blocked = blockedBy(world, origin.groupIds, "egress", port, peer);
    if (blocked !== undefined) return refused(`${origin.id}: ${blocked}`);
  }
  if (inside === undefined) {
    const unreached = publicSubnet(world, machine.subnetId);
    if (unreached !== undefined) return refused(`${machine.id} is not reached from the internet: ${unreached}`);
    const way = isMachine(origin) ? wayOut(world, origin, "internet") : undefined;
    if (way !== undefined && isRefusal(way)) return way;
  }
  const blocked = blockedBy(world, machine.groupIds, "ingress", port, peerOf(world, origin, inside !== undefined));
  return blocked === undefined ? onMachine(listening, machine, port) : refused(`${machine.id}: ${blocked}`);
}

function onMachine(listening: Listening, machine: Instance, port: number): Connection {
  if (machine.state !== "running") return refused(`${machine.id} is ${machine.state}`);
  return listening(machine.id, port) === undefined ? refused(`nothing listens on port ${port} of ${machine.id}`) : { reached: machine.id };
}

const isMachine = (origin: Origin): origin is Instance => typeof origin === "object" && "id" in origin;

/** The VPC that an origin is in. */
function vpcOf(origin: Origin): string | undefined {
  return origin === "internet" ? undefined : origin.vpcId;
}

/**
 * An origin as others see it: inside its VPC by its own address and groups, outside by its public address or that of the NAT gateway on its way, and
 * otherwise by an address that may be any.
 */
function peerOf(world: World, origin: Origin, inside: boolean): Peer {
  if (origin === "internet") return anywhere;
  if (!isMachine(origin)) return { cidr: origin.cidr, groupIds: [], name: origin.vpcId ?? "clients outside" };
  if (inside) return { cidr: `${origin.privateIp}/32`, groupIds: origin.groupIds, name: origin.id };
  const address = origin.publicIp ?? natAddress(world, origin);
  return address === undefined ? anywhere : { cidr: `${address}/32`, groupIds: [], name: origin.id };
}

function natAddress(world: World, machine: Instance): string | undefined {
  const way = wayOut(world, machine, "internet");
  return isRefusal(way) ? undefined : world.natGateways.find(({ id }) => id === way.through)?.publicIps[0];
}
