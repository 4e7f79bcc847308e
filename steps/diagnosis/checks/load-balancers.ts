import { type ApiService, apiServices } from "../../../lib/openshift/api-services";
import { type Finding, RESTORE_REMEDY } from "../finding";
import { isPendingOrRunning, instanceLabel, type Evidence } from "../evidence";
import type { DiagnosisTarget } from "../target";

/** Checks that the load balancers forward the API's ports to the bootstrap and control plane instances (openshift/installer, `upi/aws/cloudformation`). */
export function checkLoadBalancers(target: DiagnosisTarget, evidence: Evidence): Finding[] {
  const services = apiServices.filter(({ balancer }) => balancer === "int" || target.publish === "External");
  return [
    ...balancers(target, evidence),
    ...services.flatMap((service) => [
      ...listener(target, evidence, service),
      ...targetGroup(target, evidence, service),
      ...registrations(target, evidence, service),
    ]),
  ];
}

function balancers({ infraId, publish }: DiagnosisTarget, { balancing, network }: Evidence): Finding[] {
  const wanted = { int: "internal", ...(publish === "External" && { ext: "internet-facing" }) };
  return Object.entries(wanted).flatMap(([key, scheme]) => {
    const name = `${infraId}-${key}`;
    const found = balancing.balancers[key as ApiService["balancer"]];
    if (found === undefined) return [];
    if (found === null) return [finding(`load balancer ${name} doesn't exist`)];
    const { State, Scheme, VpcId, AvailabilityZones = [] } = found.balancer;
    const state = State?.Reason === undefined ? State?.Code : `${State.Code ?? ""} (${State.Reason})`;
    return [
      ...(State?.Code === "active" ? [] : [finding(`load balancer ${name} is ${state ?? "in an unknown state"}, not active`)]),
      ...(Scheme === scheme ? [] : [finding(`load balancer ${name} is ${Scheme ?? "without a scheme"}, not ${scheme}`)]),
      ...(network !== undefined && VpcId !== network.vpcId
        ? [finding(`load balancer ${name} is in VPC ${VpcId ?? ""}, but the instances are in ${network.vpcId}`)]
        : []),
      ...(AvailabilityZones.length === 0 ? [finding(`load balancer ${name} has no subnet`)] : []),
    ];
  });
}

function listener({ infraId }: DiagnosisTarget, { balancing }: Evidence, { key, balancer, port }: ApiService): Finding[] {
  const name = `${infraId}-${balancer}`;
  const listeners = balancing.balancers[balancer]?.listeners;
  if (listeners === undefined) return [];
  const found = listeners.find(({ Port }) => Port === port);
  if (found === undefined) return [finding(`load balancer ${name} has no listener on port ${port}`)];
  const wanted = balancing.targets[key]?.group.TargetGroupArn;
  const targets = (found.DefaultActions ?? []).flatMap(({ TargetGroupArn, ForwardConfig }) => [
    TargetGroupArn,
    ...(ForwardConfig?.TargetGroups ?? []).map((each) => each.TargetGroupArn),
  ]);
  return [
    ...(found.Protocol === "TCP"
      ? []
      : [finding(`load balancer ${name} uses ${found.Protocol ?? "no protocol"} on port ${port}, not TCP`)]),
    ...(wanted === undefined || targets.includes(wanted)
      ? []
      : [finding(`load balancer ${name} doesn't forward port ${port} to target group ${infraId}-${key}`)]),
  ];
}

function targetGroup({ infraId }: DiagnosisTarget, { balancing }: Evidence, { key, port, healthCheckPath }: ApiService): Finding[] {
  const name = `${infraId}-${key}`;
  const found = balancing.targets[key];
  if (found === undefined) return [];
  if (found === null) return [finding(`target group ${name} doesn't exist`)];
  const wanted = {
    Protocol: "TCP",
    Port: port,
    TargetType: "ip",
    HealthCheckProtocol: "HTTPS",
    HealthCheckPort: String(port),
    HealthCheckPath: healthCheckPath,
  };
  return Object.entries(wanted).flatMap(([property, value]) => {
    const actual = found.group[property as keyof typeof wanted];
    // "traffic-port": the health check uses the target's own port.
    if (actual === value || (property === "HealthCheckPort" && actual === "traffic-port")) return [];
    return [finding(`target group ${name} has ${propertyNames[property] ?? property} ${actual ?? "unset"}, not ${value}`)];
  });
}

const propertyNames: Readonly<Partial<Record<string, string>>> = {
  Protocol: "protocol",
  Port: "port",
  TargetType: "target type",
  HealthCheckProtocol: "health check protocol",
  HealthCheckPort: "health check port",
  HealthCheckPath: "health check path",
};

function registrations({ infraId }: DiagnosisTarget, { balancing, machines = [] }: Evidence, { key, port }: ApiService): Finding[] {
  const health = balancing.targets[key]?.health;
  if (health === undefined) return [];
  return machines
    .filter((machine) => machine.role !== "worker" && isPendingOrRunning(machine))
    .flatMap((machine) => {
      const address = machine.instance.PrivateIpAddress ?? "";
      const registered = health.some(
        ({ Target, TargetHealth }) => Target?.Id === address && Target.Port === port && TargetHealth?.State !== "draining",
      );
      if (registered) return [];
      return [finding(`${instanceLabel(machine)} isn't registered in target group ${infraId}-${key} as ${address}:${port}`)];
    });
}

function finding(problem: string): Finding {
  return { layer: "load balancer", problem, remedy: RESTORE_REMEDY };
}
