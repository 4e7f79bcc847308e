import type { CompleteProblem } from "../../lib/problem";
import { describeIngress, type Ingress, ingressOf, ingressTypes, opensPort } from "../ingress";
import { isPrefixList, isRangeWithin } from "../source-ranges";
import { listOrNone, oneOf, policyRule } from "../rule";
import { booleanValue, displayValue, unknown } from "../value";
import { machineConfigPorts } from "./machine-config-server";

/** Ports for administrators: ssh, and the journal gateway of the bootstrap instance. */
const adminPorts: readonly string[] = ["22", "19531"];

/** Port of the Kubernetes API. In a private cluster everyone who is connected to the VPC may reach it. */
export const apiPort = "6443";

/** Ports that a public cluster opens to everyone: those of the applications and of the API. */
export const PORTS_OF_A_PUBLIC_CLUSTER: readonly string[] = ["80", "443", apiPort];

/** Types of load balancers. A load balancer is internet-facing unless its `internal` is true. */
const loadBalancerTypes = ["aws:lb/loadBalancer:LoadBalancer", "aws:alb/loadBalancer:LoadBalancer", "aws:elb/loadBalancer:LoadBalancer"];

interface ExposureSettings extends Record<string, readonly string[]> {
  readonly machineRanges: readonly string[];
  /** CIDR blocks of the administrators. */
  readonly adminRanges: readonly string[];
  /**
   * Ports that everyone may reach: 80, 443 and 6443 in a public cluster; 80 and 443 in a private cluster that has a router shard with WAF; otherwise
   * none. Without such ports no load balancer may be internet-facing.
   */
  readonly publicPorts: readonly string[];
  /** Ports that everyone who is connected to the VPC may reach, through the internal load balancer. */
  readonly connectedPorts: readonly string[];
}

export const exposure = policyRule<ExposureSettings>({
  name: "exposure",
  description: "The cluster is open only as far as the configuration allows.",
  defaults: { machineRanges: ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"], adminRanges: [], publicPorts: [], connectedPorts: [] },
  appliesTo: oneOf([...ingressTypes, ...loadBalancerTypes]),
  check(resource, settings) {
    if (loadBalancerTypes.includes(resource.type)) return checkLoadBalancer(resource.properties.internal, settings);
    return ingressOf(resource)
      .filter((ingress) => !machineConfigPorts.some((port) => opensPort(ingress, port)) || staysInside(ingress, settings))
      .flatMap((ingress) => checkIngress(ingress, settings));
  },
});

function staysInside({ ranges }: Ingress, { machineRanges }: ExposureSettings): boolean {
  return ranges.every((range) => isRangeWithin(range, machineRanges));
}

function checkIngress(ingress: Ingress, settings: ExposureSettings): CompleteProblem[] {
  const { machineRanges, adminRanges } = settings;
  const only = (ports: readonly string[]): boolean =>
    ingress.protocol === "tcp" && ingress.firstPort === ingress.lastPort && ports.includes(String(ingress.firstPort));
  const beyond = ingress.ranges.filter((range) => !isRangeWithin(range, machineRanges));
  if (only([...settings.publicPorts, ...settings.connectedPorts])) return [];
  const wrong = only(adminPorts) ? beyond.filter((range) => !isRangeWithin(range, adminRanges)) : beyond;
  if (wrong.length === 0) return [];
  return [
    {
      wrong: "allows ingress that the configuration does not allow",
      value: describeIngress(ingress, wrong),
      allowed:
        `everything from instances (${listOrNone(machineRanges)}); ports ${adminPorts.join(" and ")} from adminCidrs (${listOrNone(adminRanges)}); ` +
        `${portsText([...new Set([...settings.publicPorts, ...settings.connectedPorts])])} from everywhere (${reasonOf(settings.publicPorts)})`,
      fix: fixOf(wrong, only(adminPorts)),
    },
  ];
}

/** The part of the configuration that decides which ports are public. */
function reasonOf(publicPorts: readonly string[]): string {
  if (publicPorts.includes(apiPort)) return "publish is External";
  return publicPorts.length === 0 ? "publish is Internal" : "publish is Internal, and a router shard has waf";
}

function portsText(ports: readonly string[]): string {
  return ports.length === 0 ? "no port" : `${ports.length === 1 ? "port" : "ports"} ${ports.join(", ")}`;
}

function fixOf(wrong: readonly string[], forAdmins: boolean): string {
  if (wrong.some(isPrefixList)) return "use the CIDR blocks of the prefix list instead, which a preview can check, or remove the rule";
  return forAdmins
    ? "add the CIDR block of the administrators, as small as possible, to adminCidrs, or remove the rule"
    : "remove the rule, or restrict its ports and source";
}

function checkLoadBalancer(internal: Parameters<typeof booleanValue>[0], settings: ExposureSettings): CompleteProblem[] {
  if (internal === unknown || booleanValue(internal) === true || settings.publicPorts.length > 0) return [];
  return [
    {
      wrong: "is an internet-facing load balancer, but the cluster is private",
      value: `internal: ${displayValue(internal)}`,
      allowed: "internal: true, because publish is Internal and no router shard has waf",
      fix: "make the load balancer internal; or, for a public cluster, set publish to External",
    },
  ];
}
