import type { Declared } from "./rule";
import { at, isKnown, list, shown, texts, type Value } from "./value";

/** A way into machines that a security group opens: ports of a protocol, from ranges. */
export interface Opening {
  /** `tcp`, `udp`, `icmp`, a number, or `all`. */
  readonly protocol: string;
  readonly firstPort: number;
  readonly lastPort: number;
  /** IPv4 and IPv6 ranges, and prefix lists by their IDs: ranges that nobody sees here, which are as wide as there are. */
  readonly ranges: readonly string[];
}

const ruleTypes = {
  /** One rule, one source. */
  ingress: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
  /** The older form, of both directions. */
  either: "aws:ec2/securityGroupRule:SecurityGroupRule",
};

/** Groups with rules of their own, inline. */
const groupTypes = ["aws:ec2/securityGroup:SecurityGroup", "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"];

/** Types of resources that open something. */
export const openingTypes: readonly string[] = [ruleTypes.ingress, ruleTypes.either, ...groupTypes];

/** The highest port. */
const lastPort = 65_535;

/** What a resource opens, as far as it is known. */
export function openingsOf({ type, properties }: Declared): Opening[] {
  if (type === ruleTypes.ingress) {
    const { ipProtocol, fromPort, toPort, cidrIpv4, cidrIpv6, prefixListId } = properties;
    return opening(ipProtocol, fromPort, toPort, [cidrIpv4, cidrIpv6, prefixListId]);
  }
  if (type === ruleTypes.either) return properties.type === "ingress" ? older(properties) : [];
  return list(properties.ingress).flatMap(older);
}

function older(rule: Value): Opening[] {
  return opening(at(rule, "protocol"), at(rule, "fromPort"), at(rule, "toPort"), [
    ...list(at(rule, "cidrBlocks")),
    ...list(at(rule, "ipv6CidrBlocks")),
    ...list(at(rule, "prefixListIds")),
  ]);
}

function opening(protocol: Value, from: Value, to: Value, sources: readonly Value[]): Opening[] {
  const ranges = texts(sources);
  if (ranges.length === 0 || !isKnown(protocol) || !isKnown(from) || !isKnown(to)) return [];
  const name = shown(protocol);
  // Every protocol has no ports, and opens all of them.
  if (name === "-1" || name === "all") return [{ protocol: "all", firstPort: 0, lastPort, ranges }];
  return [{ protocol: protocolName(name), firstPort: portOf(from, 0), lastPort: portOf(to, lastPort), ranges }];
}

/** A port; `widest` where none is given, and where the value can't be read. */
function portOf(value: Value, widest: number): number {
  const port = value === undefined || value === null ? widest : Number(shown(value));
  return Number.isInteger(port) ? port : widest;
}

/** EC2 takes IANA's numbers, too. */
function protocolName(name: string): string {
  return { "6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6" }[name] ?? name.toLowerCase();
}

/** Whether a TCP port is among those that are opened. */
export function opensPort({ protocol, firstPort, lastPort: last }: Opening, port: number): boolean {
  return (protocol === "tcp" || protocol === "all") && firstPort <= port && port <= last;
}

/** An opening in words, with some of its ranges. */
export function describeOpening({ protocol, firstPort, lastPort: last }: Opening, ranges: readonly string[]): string {
  const ports = firstPort === last ? String(firstPort) : `${firstPort}-${last}`;
  return `${protocol === "all" ? "everything" : `${protocol} ${ports}`} from ${ranges.join(", ")}`;
}
