import { join } from "node:path";
import { writePrivately } from "../aws/private-file";
import { blockedBy, type Peer } from "./firewall";
import type { Listening } from "./service";
import type { Instance, LoadBalancer, Target, TargetGroup, AwsSnapshot } from "./aws-snapshot";

/** The result of a load balancer's health checks for one target, with AWS's own reason codes. */
export interface TargetState {
  readonly targetGroupId: string;
  readonly target: Target;
  readonly state: "healthy" | "unhealthy" | "unused";
  /** `Target.Timeout` and so on (Elastic Load Balancing API reference, "TargetHealth"); undefined for a healthy target. */
  readonly reason?: string;
  /** The cause of a failed check; undefined for a healthy target. */
  readonly description?: string;
}

/** The current health of all targets. */
export function targetHealth(snapshot: AwsSnapshot, listening: Listening): TargetState[] {
  return snapshot.targetGroups.flatMap((group) => group.targets.map((target) => checkTarget(snapshot, listening, group, target)));
}

/** The current health of one target of a target group. */
export function checkTarget(snapshot: AwsSnapshot, listening: Listening, group: TargetGroup, target: Target): TargetState {
  const found = (state: TargetState["state"], reason: string, description: string): TargetState => ({
    targetGroupId: group.id,
    target,
    state,
    reason,
    description,
  });
  const balancers = snapshot.loadBalancers.filter(({ id }) => group.loadBalancerIds.includes(id));
  if (balancers.length === 0) {
    return found("unused", "Target.NotInUse", `no listener of a load balancer forwards to target group ${group.name}`);
  }
  const machine = instanceOfTarget(snapshot, group, target);
  if (machine === undefined) return found("unhealthy", "Target.Timeout", `no instance in ${group.vpcId} has the address ${target.id}`);
  if (machine.state !== "running") {
    const stopped = `${machine.id} is ${machine.state}`;
    return group.targetType === "instance"
      ? found("unused", "Target.InvalidState", stopped)
      : found("unhealthy", "Target.Timeout", stopped);
  }
  const { protocol, path, codes, port = target.port } = group.healthCheck;
  for (const balancer of balancers) {
    const blocked = blockedFromBalancer(snapshot, balancer, machine, port);
    if (blocked !== undefined) return found("unhealthy", "Target.Timeout", `${machine.id}: ${blocked}`);
  }
  const service = listening(machine.id, port);
  if (service === undefined) return found("unhealthy", "Target.Timeout", `nothing listens on port ${port} of ${machine.id}`);
  if (!["HTTP", "HTTPS"].includes(protocol)) return { targetGroupId: group.id, target, state: "healthy" };
  if (service.protocol !== protocol.toLowerCase()) {
    const speaks = `the health check uses ${protocol}, but port ${port} of ${machine.id} uses ${service.protocol}`;
    return found("unhealthy", "Target.FailedHealthChecks", speaks);
  }
  const status = service.statusOf(path);
  if (accepts(codes, status)) return { targetGroupId: group.id, target, state: "healthy" };
  const answered = `the health check of ${path} on port ${port} of ${machine.id} is answered with ${status} instead of ${codes}`;
  return found("unhealthy", "Target.ResponseCodeMismatch", answered);
}

/** The instance that a target refers to. */
export function instanceOfTarget(snapshot: AwsSnapshot, group: TargetGroup, target: Target): Instance | undefined {
  return snapshot.instances.find(({ id, vpcId, privateIp }) =>
    group.targetType === "instance" ? id === target.id : vpcId === group.vpcId && privateIp === target.id,
  );
}

/**
 * The reason why traffic from one of a load balancer's own addresses does not reach an instance: the load balancer's security groups, if it has any,
 * block the egress, or the instance's security groups block the ingress. Undefined if the traffic arrives (Network Load Balancer user guide, "Update
 * the security groups").
 */
export function blockedFromBalancer(snapshot: AwsSnapshot, balancer: LoadBalancer, machine: Instance, port: number): string | undefined {
  const target = { cidr: `${machine.privateIp}/32`, groupIds: machine.groupIds, name: machine.id };
  const kept = balancer.groupIds.length === 0 ? undefined : blockedBy(snapshot, balancer.groupIds, "egress", port, target);
  if (kept !== undefined) return `load balancer ${balancer.name} can't reach it: ${kept}`;
  return addressesOfLoadBalancer(snapshot, balancer)
    .map((peer) => blockedBy(snapshot, machine.groupIds, "ingress", port, peer))
    .find((reason) => reason !== undefined);
}

/** A load balancer's own addresses; for a subnet without a known network interface, the subnet's CIDR block. */
export function addressesOfLoadBalancer(snapshot: AwsSnapshot, { subnetIds, addresses, groupIds, name }: LoadBalancer): Peer[] {
  return subnetIds.map((subnetId) => {
    const address = addresses.find((own) => own.subnetId === subnetId)?.address;
    const cidr = address === undefined ? snapshot.subnets.find(({ id }) => id === subnetId)?.cidr : `${address}/32`;
    return { cidr: cidr ?? "0.0.0.0/0", groupIds, name: `load balancer ${name}` };
  });
}

/** Whether a health check's codes, as `200`, `200-399` or `200,204`, include a status. */
function accepts(codes: string, status: number): boolean {
  return codes.split(",").some((part) => {
    const [first, last = first] = part.split("-").map(Number);
    return status >= first && status <= last;
  });
}

/** Writes the states to the file from which the emulated AWS answers. The emulated AWS answers `initial` for a target that is not in the file. */
export function writeTargetHealth(awsDirectory: string, states: readonly TargetState[]): void {
  const groups: Record<string, Record<string, Pick<TargetState, "state" | "reason" | "description">>> = {};
  for (const { targetGroupId, target, state, reason, description } of states) {
    (groups[targetGroupId] ??= {})[`${target.id}:${target.port}`] = { state, reason, description };
  }
  writePrivately(join(awsDirectory, "target-health.json"), JSON.stringify(groups));
}
