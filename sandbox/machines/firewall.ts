import { contains, enclosingCidr } from "../../config/cidr";
import type { Permission, World } from "./world";

/** The other end of a connection, as a security group sees it. */
export interface Peer {
  /** Its address as `10.0.1.7/32`, or the range that it may have any address of. */
  readonly cidr: string;
  /** Its security groups, where packets carry them: inside a VPC. */
  readonly groupIds: readonly string[];
  /** For messages. */
  readonly name: string;
  /** Whether the prefix list of a gateway endpoint stands for it. */
  readonly behindPrefixList?: boolean;
}

/** Every address there is. */
export const anywhere: Peer = { cidr: "0.0.0.0/0", groupIds: [], name: "the internet" };

/** IANA's numbers of the protocols, which EC2 takes and gives in the names' place, too. */
const protocolNumbers: Readonly<Record<string, string | undefined>> = { "6": "tcp", "17": "udp" };

/** What keeps TCP traffic to a port from passing an interface's security groups; undefined where one of their rules allows it. */
export function blockedBy(
  world: World,
  groupIds: readonly string[],
  direction: "ingress" | "egress",
  port: number,
  peer: Peer,
): string | undefined {
  const groups = world.securityGroups.filter(({ id }) => groupIds.includes(id));
  if (groups.some((group) => group[direction].some((permission) => allows(permission, port, peer)))) return undefined;
  const names = groups.map(({ id, name, tags }) => `${id} (${"Name" in tags ? tags.Name : name})`);
  const owner =
    names.length === 0 ? `it has no security group, so nothing` : `no ${direction} rule of security group ${names.join(" or ")}`;
  return `${owner} allows tcp ${port} ${direction === "ingress" ? "from" : "to"} ${peer.cidr.replace(/\/32$/, "")} (${peer.name})`;
}

function allows({ protocol, ports, cidrs, groupIds, prefixListIds }: Permission, port: number, peer: Peer): boolean {
  if (protocol !== "-1" && (protocolNumbers[protocol] ?? protocol) !== "tcp") return false;
  if (protocol !== "-1" && ports !== undefined && (port < ports[0] || port > ports[1])) return false;
  return (
    cidrs.some((cidr) => contains(enclosingCidr(cidr), enclosingCidr(peer.cidr))) ||
    groupIds.some((id) => peer.groupIds.includes(id)) ||
    (peer.behindPrefixList === true && prefixListIds.length > 0)
  );
}
