import { BlockList } from "node:net";
import type { Permission, AwsSnapshot } from "./aws-snapshot";

/** The other end of a connection, as a security group sees it. */
export interface Peer {
  /** The peer's address, as `10.0.1.7/32`, or the CIDR block that contains it. */
  readonly cidr: string;
  /** The peer's security groups. They are only known inside a VPC. */
  readonly groupIds: readonly string[];
  /** The name in messages. */
  readonly name: string;
  /** Whether the prefix list of a gateway endpoint includes the peer. */
  readonly behindPrefixList?: boolean;
}

/** Every IPv4 address. */
export const anywhere: Peer = { cidr: "0.0.0.0/0", groupIds: [], name: "the internet" };

/** IANA's protocol numbers, which EC2 accepts and returns instead of the names. */
const protocolNumbers: Readonly<Record<string, string | undefined>> = { "6": "tcp", "17": "udp" };

/** The reason why an interface's security groups block TCP traffic to a port; undefined if one of their rules allows it. */
export function blockedBy(
  snapshot: AwsSnapshot,
  groupIds: readonly string[],
  direction: "ingress" | "egress",
  port: number,
  peer: Peer,
): string | undefined {
  const groups = snapshot.securityGroups.filter(({ id }) => groupIds.includes(id));
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
    cidrs.some((cidr) => contains(cidr, peer.cidr)) ||
    groupIds.some((id) => peer.groupIds.includes(id)) ||
    (peer.behindPrefixList === true && prefixListIds.length > 0)
  );
}

/** Whether every address of one IPv4 CIDR block is in another. */
function contains(outer: string, inner: string): boolean {
  const [network, length] = outer.split("/");
  const [address, innerLength] = inner.split("/");
  const block = new BlockList();
  block.addSubnet(network, Number(length));
  return Number(innerLength) >= Number(length) && block.check(address);
}
