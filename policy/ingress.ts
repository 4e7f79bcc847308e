import type { DeclaredResource } from "./rule";
import { valueAt, isKnown, valuesIn, displayValue, texts, type PolicyValue } from "./value";

/** Ingress that a security group allows: ports of a protocol, from CIDR blocks. */
export interface Ingress {
  /** `tcp`, `udp`, `icmp`, `icmpv6`, another protocol's number, or `all`. */
  readonly protocol: string;
  readonly firstPort: number;
  readonly lastPort: number;
  /** IPv4 and IPv6 CIDR blocks, and IDs of prefix lists. The rules treat a prefix list like everyone, because its content is unknown here. */
  readonly ranges: readonly string[];
}

const ruleTypes = {
  /** The current resource type for a rule, with one source. */
  ingress: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
  /** The older resource type for a rule, which can be an ingress or an egress rule. */
  either: "aws:ec2/securityGroupRule:SecurityGroupRule",
};

/** Security groups, which may have inline rules. */
const groupTypes = ["aws:ec2/securityGroup:SecurityGroup", "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"];

/** Types of resources that can allow ingress. */
export const ingressTypes: readonly string[] = [ruleTypes.ingress, ruleTypes.either, ...groupTypes];

/** The highest port number. */
const lastPort = 65_535;

/** The ingress that a resource allows. Values that are not known yet are left out. */
export function ingressOf({ type, properties }: DeclaredResource): Ingress[] {
  if (type === ruleTypes.ingress) {
    const { ipProtocol, fromPort, toPort, cidrIpv4, cidrIpv6, prefixListId } = properties;
    return ingress(ipProtocol, fromPort, toPort, [cidrIpv4, cidrIpv6, prefixListId]);
  }
  if (type === ruleTypes.either) return properties.type === "ingress" ? older(properties) : [];
  return valuesIn(properties.ingress).flatMap(older);
}

function older(rule: PolicyValue): Ingress[] {
  return ingress(valueAt(rule, "protocol"), valueAt(rule, "fromPort"), valueAt(rule, "toPort"), [
    ...valuesIn(valueAt(rule, "cidrBlocks")),
    ...valuesIn(valueAt(rule, "ipv6CidrBlocks")),
    ...valuesIn(valueAt(rule, "prefixListIds")),
  ]);
}

function ingress(protocol: PolicyValue, from: PolicyValue, to: PolicyValue, sources: readonly PolicyValue[]): Ingress[] {
  const ranges = texts(sources);
  if (ranges.length === 0 || !isKnown(protocol) || !isKnown(from) || !isKnown(to)) return [];
  const name = displayValue(protocol);
  // A rule for all protocols has no ports and opens all of them.
  if (name === "-1" || name === "all") return [{ protocol: "all", firstPort: 0, lastPort, ranges }];
  return [{ protocol: protocolName(name), firstPort: portOf(from, 0), lastPort: portOf(to, lastPort), ranges }];
}

/** A port; `widest` if the value is missing or can't be parsed. */
function portOf(value: PolicyValue, widest: number): number {
  const port = value === undefined || value === null ? widest : Number(displayValue(value));
  return Number.isInteger(port) ? port : widest;
}

/** EC2 also accepts IANA's protocol numbers. */
function protocolName(name: string): string {
  return { "6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6" }[name] ?? name.toLowerCase();
}

/** Whether ingress includes a TCP port. */
export function opensPort({ protocol, firstPort, lastPort: last }: Ingress, port: number): boolean {
  return (protocol === "tcp" || protocol === "all") && firstPort <= port && port <= last;
}

/** Describes ingress for messages, with the given CIDR blocks. */
export function describeIngress({ protocol, firstPort, lastPort: last }: Ingress, ranges: readonly string[]): string {
  const ports = firstPort === last ? String(firstPort) : `${firstPort}-${last}`;
  return `${protocol === "all" ? "everything" : `${protocol} ${ports}`} from ${ranges.join(", ")}`;
}
