import type { ResourceRecordSet } from "@aws-sdk/client-route-53";
import { targetName } from "../../../lib/aws/record-name";
import { type Finding, RESTORE_REMEDY } from "../finding";
import type { Evidence } from "../evidence";
import type { DiagnosisTarget } from "../target";

/** Checks that the VPC resolves names, and that the API's records point to the load balancers (openshift/installer, `upi/aws/cloudformation`). */
export function checkDns(target: DiagnosisTarget, evidence: Evidence): Finding[] {
  return [...attributes(evidence), ...(target.dnsManaged ? [...privateNames(target, evidence), ...publicName(target, evidence)] : [])];
}

function attributes({ network }: Evidence): Finding[] {
  const off = (attribute: "enableDnsSupport" | "enableDnsHostnames", option: string): Finding => ({
    layer: "DNS",
    problem: `VPC ${network?.vpcId ?? ""} has ${attribute} turned off, so its instances can't resolve the cluster's names`,
    remedy: `run \`aws ec2 modify-vpc-attribute --vpc-id ${network?.vpcId ?? ""} --${option}\``,
  });
  return [
    ...(network?.dnsSupport === false ? [off("enableDnsSupport", "enable-dns-support")] : []),
    ...(network?.dnsHostnames === false ? [off("enableDnsHostnames", "enable-dns-hostnames")] : []),
  ];
}

function privateNames({ clusterDomain }: DiagnosisTarget, { dns, network, balancing }: Evidence): Finding[] {
  if (dns.associated === undefined || network === undefined) return [];
  const zone = dns.associated.at(0);
  if (zone === undefined) {
    const unassociated = dns.privateZones?.at(0);
    const problem =
      unassociated === undefined
        ? `the private zone ${clusterDomain} does not exist, so the instances can't resolve api-int.${clusterDomain}`
        : `private zone ${clusterDomain} (${unassociated}) isn't associated with VPC ${network.vpcId}, so the instances can't resolve api-int.${clusterDomain}`;
    return [{ layer: "DNS", problem, remedy: RESTORE_REMEDY }];
  }
  const target = balancing.balancers.int?.balancer.DNSName;
  return ["api-int", "api"].flatMap((host) =>
    name(`${host}.${clusterDomain}`, { id: zone.id, title: `private zone ${zone.id}` }, { title: "internal", target }, dns.records),
  );
}

function publicName({ clusterDomain, baseDomain, publish }: DiagnosisTarget, { dns, balancing }: Evidence): Finding[] {
  if (publish === "Internal" || dns.publicZone === undefined) return [];
  const id = dns.publicZone;
  if (id === null) {
    return [
      {
        layer: "DNS",
        problem: `the public zone ${baseDomain} does not exist, so nobody outside the VPC can resolve api.${clusterDomain}`,
        remedy: `create a public hosted zone ${baseDomain} in Route 53, and delegate the domain to its name servers`,
      },
    ];
  }
  const target = balancing.balancers.ext?.balancer.DNSName;
  return name(`api.${clusterDomain}`, { id, title: `public zone ${id}` }, { title: "external", target }, dns.records);
}

function name(
  host: string,
  zone: { id: string; title: string },
  balancer: { title: string; target: string | undefined },
  records: Evidence["dns"]["records"],
): Finding[] {
  const found = records.find((record) => record.zone === zone.id && record.name === host)?.found;
  if (found === undefined) return [];
  if (found.length === 0) return [{ layer: "DNS", problem: `${host} has no record in ${zone.title}`, remedy: RESTORE_REMEDY }];
  const { target } = balancer;
  const targets = found.flatMap(targetsOf);
  if (target === undefined || targets.includes(targetName(target))) return [];
  const problem = `${host} in ${zone.title} points to ${targets.join(", ")}, not to the ${balancer.title} load balancer ${target}`;
  return [{ layer: "DNS", problem, remedy: RESTORE_REMEDY }];
}

function targetsOf({ AliasTarget, ResourceRecords = [] }: ResourceRecordSet): string[] {
  return [AliasTarget?.DNSName, ...ResourceRecords.map(({ Value }) => Value)].flatMap((target) =>
    target === undefined ? [] : [targetName(target)],
  );
}
