import type { IpPermission, SecurityGroup } from "@aws-sdk/client-ec2";
import { balancerRules } from "../../../lib/openshift/balancer-ingress";
import { ingressRules, type SecurityGroupRule } from "../../../lib/openshift/instance-ingress";
import { contains, parseCidr } from "../../../config/cidr";
import { type Finding, RESTORE_REMEDY } from "../finding";
import { isPendingOrRunning, instanceLabel, type InstanceEvidence, type Evidence } from "../evidence";
import type { DiagnosisTarget } from "../target";

/**
 * Security groups of an instance by its role. The bootstrap instance has its own security group and the control plane's
 * security group (openshift/installer, `upi/aws/cloudformation`).
 */
const groupsOfRole = { master: ["master-sg"], worker: ["worker-sg"], bootstrap: ["bootstrap-sg", "master-sg"] } as const;

type Group = "master-sg" | "worker-sg" | "bootstrap-sg";
type Groups = Readonly<Record<Group, SecurityGroup | undefined>>;

/** IANA's protocol number of ESP: EC2 has no name for it. */
const espProtocolNumber = "50";

/** Checks that the security groups allow the cluster's traffic. The expected rules come from the table from which the program creates them. */
export function checkSecurityGroups(target: DiagnosisTarget, { network, machines = [], balancing }: Evidence): Finding[] {
  const { infraId } = target;
  if (network?.groups === undefined) return [];
  const all = network.groups;
  const named = (suffix: Group) =>
    all.find(({ Tags = [] }) => Tags.some(({ Key, Value }) => Key === "Name" && Value === `${infraId}-${suffix}`));
  const groups: Groups = { "master-sg": named("master-sg"), "worker-sg": named("worker-sg"), "bootstrap-sg": named("bootstrap-sg") };
  const alive = machines.filter(isPendingOrRunning);
  const needed: Group[] = [
    "master-sg",
    "worker-sg",
    ...(alive.some(({ role }) => role === "bootstrap") ? (["bootstrap-sg"] as const) : []),
  ];
  return [
    ...needed.flatMap((suffix) =>
      groups[suffix] === undefined
        ? [finding(`security group ${infraId}-${suffix} doesn't exist`)]
        : egress(infraId, suffix, groups[suffix]),
    ),
    ...ingressRules.flatMap((rule) => ingress(target, rule, groups)),
    ...alive.flatMap((machine) => attachedGroupFindings(infraId, machine, groups, all)),
    ...internalBalancer(target, balancing, all),
  ];
}

/** Checks that the internal load balancer's security groups let instances in. A load balancer without security groups lets everyone in. */
function internalBalancer(
  { infraId, machineCidrs }: DiagnosisTarget,
  { balancers }: Evidence["balancing"],
  all: readonly SecurityGroup[],
): Finding[] {
  const ids = balancers.int?.balancer.SecurityGroups ?? [];
  const groups = all.filter(({ GroupId = "" }) => ids.includes(GroupId));
  if (groups.length === 0) return [];
  const carriers = `the security group of load balancer ${infraId}-int (${ids.join(", ")})`;
  const closed = balancerRules.flatMap(({ port, purpose }) =>
    machineCidrs
      .filter((range) => !groups.some((group) => letsIn(group, { protocol: "tcp", ports: [port, port] }, range, machineCidrs)))
      .map((range) => finding(`${carriers} doesn't allow tcp ${port} from ${range}: ${purpose}`)),
  );
  return groups.some(letsEverythingOut) ? closed : [...closed, finding(`${carriers} doesn't allow all outbound traffic`)];
}

const groupOf = { masters: "master-sg", workers: "worker-sg" } as const;

/**
 * Checks one rule. Rules for administrators and for access to the bootstrap instance are skipped, because an installation does not need these
 * rules.
 */
function ingress({ infraId, machineCidrs }: DiagnosisTarget, rule: SecurityGroupRule, groups: Groups): Finding[] {
  const { to, from, protocol, ports, purpose } = rule;
  if (to === "bootstrap" || from === "admins") return [];
  const group = groups[groupOf[to]];
  if (group === undefined) return [];
  const traffic = ports === undefined ? protocol : `${protocol} ${ports[0] === ports[1] ? ports[0] : ports.join("-")}`;
  const sources = from === "machine-network" ? machineCidrs : [groups[groupOf[from]]?.GroupId].filter((id) => id !== undefined);
  return sources
    .filter((source) => !letsIn(group, rule, source, machineCidrs))
    .map((source) => {
      const origin = from === "machine-network" ? source : `${infraId}-${groupOf[from]} (${source})`;
      const closed = `security group ${infraId}-${groupOf[to]} (${group.GroupId ?? ""}) doesn't allow ${traffic} from ${origin}`;
      return finding(`${closed}: ${purpose}`);
    });
}

/** Whether a security group allows all of this traffic from a source, which is a security group ID or a CIDR block. */
export function letsIn(
  { IpPermissions = [] }: SecurityGroup,
  traffic: Pick<SecurityGroupRule, "protocol" | "ports">,
  source: string,
  machineCidrs: readonly string[],
): boolean {
  return IpPermissions.some((permission) => carries(permission, traffic) && admits(permission, source, machineCidrs));
}

/** Whether a permission covers all of this traffic. */
function carries(
  { IpProtocol, FromPort = -1, ToPort = -1 }: IpPermission,
  { protocol, ports }: Pick<SecurityGroupRule, "protocol" | "ports">,
): boolean {
  if (IpProtocol === "-1") return true;
  if (IpProtocol !== (protocol === "esp" ? espProtocolNumber : protocol)) return false;
  return ports === undefined ? protocol === "esp" || FromPort === -1 : FromPort <= ports[0] && ToPort >= ports[1];
}

/** Whether a permission covers this security group or CIDR block, or a larger CIDR block. */
function admits({ UserIdGroupPairs = [], IpRanges = [] }: IpPermission, source: string, machineCidrs: readonly string[]): boolean {
  // If the source is a security group, its members are instances in the machine networks, so a permission for the machine networks' CIDR blocks
  // covers the source.
  const ranges = source.includes("/") ? [source] : machineCidrs;
  return (
    UserIdGroupPairs.some(({ GroupId }) => GroupId === source) ||
    ranges.every((range) => IpRanges.some(({ CidrIp }) => CidrIp !== undefined && contains(parseCidr(CidrIp), parseCidr(range))))
  );
}

function egress(infraId: string, suffix: Group, group: SecurityGroup): Finding[] {
  return letsEverythingOut(group)
    ? []
    : [finding(`security group ${infraId}-${suffix} (${group.GroupId ?? ""}) doesn't allow all outbound traffic`)];
}

function letsEverythingOut({ IpPermissionsEgress = [] }: SecurityGroup): boolean {
  return IpPermissionsEgress.some(
    ({ IpProtocol, IpRanges = [] }) => IpProtocol === "-1" && IpRanges.some(({ CidrIp }) => CidrIp === "0.0.0.0/0"),
  );
}

function attachedGroupFindings(infraId: string, machine: InstanceEvidence, groups: Groups, all: readonly SecurityGroup[]): Finding[] {
  const ids = (machine.instance.SecurityGroups ?? []).map(({ GroupId }) => GroupId);
  const missing = groupsOfRole[machine.role].filter((suffix) => groups[suffix] !== undefined && !ids.includes(groups[suffix].GroupId));
  const tag = `kubernetes.io/cluster/${infraId}`;
  const tagged = all.filter(({ GroupId, Tags = [] }) => ids.includes(GroupId) && Tags.some(({ Key }) => Key === tag));
  return [
    ...missing.map((suffix) => finding(`${instanceLabel(machine)} doesn't have security group ${infraId}-${suffix}`)),
    ...(tagged.length > 1
      ? [
          {
            layer: "security group" as const,
            problem: `${instanceLabel(machine)} has ${tagged.length} security groups with the tag ${tag}, so the cluster adds no load balancer's rules to any of them`,
            remedy: `keep the tag on ${infraId}-${groupsOfRole[machine.role].at(-1) ?? ""}, and remove it from the others`,
            evidence: tagged.map(({ GroupId = "", GroupName = "" }) => `${GroupId} (${GroupName})`),
          },
        ]
      : []),
  ];
}

function finding(problem: string): Finding {
  return { layer: "security group", problem, remedy: RESTORE_REMEDY };
}
