import { type Finding, removeCommand, setCommand, setItemCommand } from "../finding";
import { rule } from "../rule";

export const DEFAULT_VPC_CIDR = "10.0.0.0/16";

/** Keys of an existing network mean nothing without the VPC that they are of. */
export const subnetsNeedVpc = rule(
  ["vpcId", "privateSubnetIds", "publicSubnetIds", "machineCidr"],
  ({ vpcId, privateSubnetIds, publicSubnetIds, machineCidr }) => {
    if (vpcId !== "") return [];
    const without = (key: string): Finding => ({
      key,
      wrong: "is set, but vpcId is not: these are for an existing VPC",
      fix: `${setCommand("vpcId", "vpc-0123456789abcdef0")}, or ${removeCommand(key)}`,
    });
    return [
      ...(privateSubnetIds.length > 0 ? [without("privateSubnetIds")] : []),
      ...(publicSubnetIds.length > 0 ? [without("publicSubnetIds")] : []),
      ...(machineCidr === ""
        ? []
        : [{ ...without("machineCidr"), fix: `${setCommand("vpcCidr", machineCidr)} for a new VPC, and ${removeCommand("machineCidr")}` }]),
    ];
  },
);

/** What is chosen for a new VPC only is not asked for with an existing one. A default counts as not set: the engine hands it over like a value. */
export const existingVpcIsNotChanged = rule(["vpcId", "zones", "vpcCidr", "natGateways", "vpcEndpoints"], (facts) => {
  const { vpcId, zones, vpcCidr, natGateways, vpcEndpoints } = facts;
  if (vpcId === "") {
    return zones.length > 0 ? [] : [{ key: "zones", wrong: "is not set, and there is no vpcId whose subnets would name the zones" }];
  }
  const extra = (key: string, fix = removeCommand(key)): Finding => ({
    key,
    wrong: "is set together with vpcId: an existing VPC is used as it is",
    allowed: "vpcId with its subnets and machineCidr, or the keys of a new VPC, not both",
    fix,
  });
  return [
    ...(zones.length === 0 ? [] : [extra("zones", `${removeCommand("zones")}; the zones are those of privateSubnetIds`)]),
    ...(vpcCidr === DEFAULT_VPC_CIDR
      ? []
      : [extra("vpcCidr", `${removeCommand("vpcCidr")}; the existing VPC's range goes into machineCidr`)]),
    ...(natGateways === "per-zone" ? [] : [extra("natGateways")]),
    ...(vpcEndpoints.length === 0 ? [] : [extra("vpcEndpoints")]),
  ];
});

/** An existing VPC comes with its range, private subnets, and with as many public ones where the API is public. */
export const existingVpcIsComplete = rule(["vpcId", "privateSubnetIds", "publicSubnetIds", "machineCidr", "publish"], (facts) => {
  const { vpcId, privateSubnetIds, publicSubnetIds, machineCidr, publish } = facts;
  if (vpcId === "") return [];
  const example = "subnet-0123456789abcdef0";
  const findings: Finding[] = [];
  if (machineCidr === "")
    findings.push({ key: "machineCidr", wrong: "is not set, but the VPC exists: the cluster has to know its machines' range" });
  if (privateSubnetIds.length === 0)
    findings.push({ key: "privateSubnetIds", wrong: "is not set, but the VPC exists: the machines need subnets in it" });
  if (publish === "Internal" && publicSubnetIds.length > 0) {
    findings.push({
      key: "publicSubnetIds",
      wrong: "is set, but publish is Internal: a private cluster has nothing in a public subnet",
      allowed: "no public subnets for a private cluster",
      fix: `${removeCommand("publicSubnetIds")}, or ${setCommand("publish", "External")}`,
    });
  }
  if (publish === "External" && publicSubnetIds.length !== privateSubnetIds.length) {
    findings.push({
      key: "publicSubnetIds",
      wrong: `has ${publicSubnetIds.length} of the ${privateSubnetIds.length} subnets wanted: the public load balancer serves each zone of privateSubnetIds`,
      allowed: "one public subnet in each zone of the private ones; none with publish Internal",
      fix: `${setItemCommand("publicSubnetIds", publicSubnetIds.length, example)}, or ${setCommand("publish", "Internal")}`,
    });
  }
  const both = publicSubnetIds.filter((id) => privateSubnetIds.includes(id));
  if (both.length > 0) {
    findings.push({
      key: "publicSubnetIds",
      wrong: `has subnets that are in privateSubnetIds too: ${both.join(", ")}`,
      allowed: "subnets routed to an internet gateway, which private ones are not",
      fix: setItemCommand("publicSubnetIds", publicSubnetIds.indexOf(both[0]), example),
    });
  }
  return findings;
});

/** Security groups belong to a VPC, so those that machines get in addition exist only in an existing one. */
export const securityGroupsNeedVpc = rule(
  ["vpcId", "masterSecurityGroupIds", "workerSecurityGroupIds", "infraSecurityGroupIds"],
  (facts) => {
    if (facts.vpcId !== "") return [];
    return (["masterSecurityGroupIds", "workerSecurityGroupIds", "infraSecurityGroupIds"] as const).flatMap((key) =>
      facts[key].length === 0
        ? []
        : [
            {
              key,
              wrong: "is set, but vpcId is not: a security group belongs to a VPC, and the new one has no others yet",
              allowed: "security groups of the existing VPC that vpcId names",
              fix: `${removeCommand(key)}, or ${setCommand("vpcId", "vpc-0123456789abcdef0")}`,
            },
          ],
    );
  },
);
