import { type Failure, failure, isFailure } from "./failure";
import type { DnsRecord, LoadBalancer, AwsSnapshot, Zone } from "./aws-snapshot";

/** The load balancer or the addresses to which a name resolves. */
export type Resolution = { readonly balancer: LoadBalancer } | { readonly addresses: readonly string[] } | Failure;

/** The parts of the AWS snapshot that name resolution needs. */
export type Names = Pick<AwsSnapshot, "vpcs" | "zones" | "loadBalancers" | "instances">;

/** Maximum length of a chain of aliases and CNAMEs. A longer chain is treated as a loop. */
const longestChain = 8;

/**
 * Resolves a name as the resolver of a VPC, given by its id, or as a resolver on the internet does.
 *
 * In a VPC only the most specific private zone that is associated with the VPC answers. A name that is missing there doesn't exist, even if
 * a public zone has it (Route 53 developer guide, "Considerations when working with a private hosted zone").
 */
export function resolve(snapshot: Names, from: string, name: string, chain = 0): Resolution {
  const wanted = name.toLowerCase().replace(/\.$/, "");
  if (chain > longestChain) return failure(`${wanted} is not resolved after ${chain} aliases and CNAMEs, so they probably form a loop`);
  const vpc = snapshot.vpcs.find(({ id }) => id === from);
  if (from !== "internet" && vpc === undefined) return failure(`${from}, the VPC in which ${wanted} is resolved, does not exist`);
  if (vpc?.dnsSupport === false)
    return failure(`${from} has enableDnsSupport=false, so its instances can't resolve any name, including ${wanted}`);

  const balancer = snapshot.loadBalancers.find(({ dnsName }) => dnsName === wanted);
  if (balancer !== undefined) return { balancer };
  const privateZones = vpc === undefined ? [] : zonesOf(snapshot, wanted, true);
  const zone = privateZones.find(({ vpcIds }) => vpcIds.includes(from)) ?? zonesOf(snapshot, wanted, false).at(0);
  if (zone?.private === true && vpc?.dnsHostnames === false) {
    return failure(`${from} has enableDnsHostnames=false, so its instances get no answer from the private zone ${zone.name} (${zone.id})`);
  }
  // The reason also names private zones that have the name but are not associated with this VPC.
  const unassociated = privateZones.filter(({ vpcIds }) => !vpcIds.includes(from));
  const hint = unassociated
    .map(({ id, name: zoneName }) => `; the private zone ${zoneName} (${id}) is not associated with ${from}`)
    .join("");
  if (zone === undefined) {
    const machine = snapshot.instances.find(({ vpcId, privateDnsName }) => vpcId === from && privateDnsName === wanted);
    return machine === undefined ? failure(`no hosted zone answers for ${wanted}${hint}`) : { addresses: [machine.privateIp] };
  }
  const { record, others } = findRecord(zone, wanted);
  if (record === undefined) {
    const found = others.length === 0 ? `has no record ${wanted}` : `has no address for ${wanted}, only ${others.join(" and ")}`;
    return failure(`the ${kindOf(zone)} zone ${zone.name} (${zone.id}) ${found}${zone.private ? "" : hint}`);
  }
  const next = record.alias ?? (record.type === "CNAME" ? record.values[0] : undefined);
  if (next === undefined) return { addresses: record.values };
  const end = resolve(snapshot, from, next, chain + 1);
  const leads = record.alias === undefined ? "points to" : "is an alias of";
  if (isFailure(end)) {
    const reason = next.endsWith(".amazonaws.com") ? "which is not the DNS name of any load balancer" : `and ${end.reason}`;
    return failure(`the record ${record.name} in the ${kindOf(zone)} zone ${zone.id} ${leads} ${next}, ${reason}`);
  }
  return end;
}

const kindOf = (zone: Zone): string => (zone.private ? "private" : "public");

/** Zones that contain a name, the most specific first. */
function zonesOf(snapshot: Names, name: string, isPrivate: boolean): Zone[] {
  return snapshot.zones
    .filter((zone) => zone.private === isPrivate && (name === zone.name || name.endsWith(`.${zone.name}`)))
    .sort((a, b) => b.name.length - a.name.length);
}

/**
 * `record`: the A or CNAME record with this name; if there is no record with this name, the record of the nearest
 * wildcard. `others`: the types of all records with exactly this name.
 */
function findRecord(zone: Zone, name: string): { record?: DnsRecord; others: string[] } {
  const named = zone.records.filter((record) => record.name === name);
  if (named.length > 0) {
    const record = named.find(({ type }) => type === "A" || type === "CNAME");
    return { ...(record && { record }), others: named.map(({ type }) => type) };
  }
  const labels = name.slice(0, -zone.name.length - 1).split(".");
  for (let cut = 1; cut <= labels.length; cut += 1) {
    const wildcard = ["*", ...labels.slice(cut), zone.name].join(".");
    const record = zone.records.find((found) => found.name === wildcard && (found.type === "A" || found.type === "CNAME"));
    if (record !== undefined) return { record, others: [] };
  }
  return { others: [] };
}
