import { type KeyProblem, removeCommand, setCommand, setItemCommand } from "../problem";
import { isDisconnected } from "../mirror/fields";
import { httpsIsProxied, missingProxy } from "../proxy/fields";
import { isKnownRegion, setRegionCommand } from "../region";
import { rule } from "../rule";
import { DEFAULT_VPC_CIDR, NEEDED_ENDPOINTS } from "./fields";

/** The keys for an existing network need vpcId. */
export const subnetsNeedVpc = rule(
  ["vpcId", "privateSubnetIds", "publicSubnetIds", "machineCidr"],
  ({ vpcId, privateSubnetIds, publicSubnetIds, machineCidr }) => {
    if (vpcId !== "") return [];
    const without = (key: string): KeyProblem => ({
      key,
      wrong: "is set, but vpcId is not; this key is for an existing VPC",
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

/**
 * The keys for a new VPC have no effect on an existing one, so they are refused with `vpcId`. Without `vpcId` a new VPC needs `zones`. The
 * rule treats a key with its default as not set, because the Pulumi engine passes a default like a value of the user.
 */
export const existingVpcIsNotChanged = rule(["vpcId", "zones", "vpcCidr", "natGateways", "vpcEndpoints"], (facts) => {
  const { vpcId, zones, vpcCidr, natGateways, vpcEndpoints } = facts;
  if (vpcId === "") {
    return zones.length > 0 ? [] : [{ key: "zones", wrong: "is not set, but it is required without vpcId" }];
  }
  const extra = (key: string, fix = removeCommand(key)): KeyProblem => ({
    key,
    wrong: "is set, but vpcId is set, too; the program does not change an existing VPC",
    allowed: "either vpcId with its subnets and machineCidr, or the keys for a new VPC",
    fix,
  });
  return [
    ...(zones.length === 0 ? [] : [extra("zones", `${removeCommand("zones")}; the zones are those of privateSubnetIds`)]),
    ...(vpcCidr === DEFAULT_VPC_CIDR
      ? []
      : [extra("vpcCidr", `${removeCommand("vpcCidr")}; set the existing VPC's CIDR block in machineCidr`)]),
    ...(natGateways === "per-zone" ? [] : [extra("natGateways")]),
    ...(vpcEndpoints.length === 0 ? [] : [extra("vpcEndpoints")]),
  ];
});

/** An existing VPC needs machineCidr, private subnets and, if the API is public, one public subnet for each private one. */
export const existingVpcIsComplete = rule(["vpcId", "privateSubnetIds", "publicSubnetIds", "machineCidr", "publish"], (facts) => {
  const { vpcId, privateSubnetIds, publicSubnetIds, machineCidr, publish } = facts;
  if (vpcId === "") return [];
  const example = "subnet-0123456789abcdef0";
  const problems: KeyProblem[] = [];
  if (machineCidr === "")
    problems.push({ key: "machineCidr", wrong: "is not set, but vpcId is; the cluster needs the CIDR block of its nodes" });
  if (privateSubnetIds.length === 0)
    problems.push({ key: "privateSubnetIds", wrong: "is not set, but vpcId is; the instances need subnets in the VPC" });
  if (publish === "Internal" && publicSubnetIds.length > 0) {
    problems.push({
      key: "publicSubnetIds",
      wrong: "is set, but publish is Internal; a private cluster uses no public subnets",
      allowed: "no public subnets for a private cluster",
      fix: `${removeCommand("publicSubnetIds")}, or ${setCommand("publish", "External")}`,
    });
  }
  if (publish === "External" && publicSubnetIds.length !== privateSubnetIds.length) {
    problems.push({
      key: "publicSubnetIds",
      wrong: `has ${publicSubnetIds.length} of the ${privateSubnetIds.length} needed subnets; the public load balancer serves each zone of privateSubnetIds`,
      allowed: "one public subnet in each zone of privateSubnetIds; none with publish Internal",
      fix: `${setItemCommand("publicSubnetIds", publicSubnetIds.length, example)}, or ${setCommand("publish", "Internal")}`,
    });
  }
  const both = publicSubnetIds.filter((id) => privateSubnetIds.includes(id));
  if (both.length > 0) {
    problems.push({
      key: "publicSubnetIds",
      wrong: `has subnets that are also in privateSubnetIds: ${both.join(", ")}`,
      allowed: "subnets with a route to an internet gateway, which private subnets do not have",
      fix: setItemCommand("publicSubnetIds", publicSubnetIds.indexOf(both[0]), example),
    });
  }
  return problems;
});

/** Security groups belong to a VPC, so additional security groups of the user can only exist in an existing VPC. */
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
              wrong: "is set, but vpcId is not; security groups belong to a VPC, and a new VPC has none of yours",
              allowed: "security groups of the existing VPC that vpcId names",
              fix: `${removeCommand(key)}, or ${setCommand("vpcId", "vpc-0123456789abcdef0")}`,
            },
          ],
    );
  },
);

/** The zones must be in the provider's region. If all zones are in one other region, the rule reports one problem for all of them. */
export const zonesAreOfRegion = rule(["zones", "region"], ({ zones, region }) => {
  const regions = [...new Set(zones.map((zone) => zone.slice(0, -1)))];
  const other = regions.length === 1 && zones.length > 1 ? regions.find((each) => each !== region) : undefined;
  if (other !== undefined) return [otherRegion(zones, region, other)];
  return zones.flatMap((zone, index) =>
    zone.slice(0, -1) === region
      ? []
      : [
          {
            key: "zones",
            wrong: `item ${index + 1} (${JSON.stringify(zone)}) is not in the region ${region}`,
            fix: `${setItemCommand("zones", index, `${region}${zone.slice(-1)}`)}, or ${setRegionCommand(zone.slice(0, -1))}`,
          },
        ],
  );
});

/** The problem if all zones are in one region, and the provider is in another. */
function otherRegion(zones: readonly string[], region: string, other: string): KeyProblem {
  if (isKnownRegion(other) && !isKnownRegion(region)) {
    return {
      key: "aws:region",
      wrong: `is unknown to this program, and all zones are in ${other}`,
      allowed: "the region of the zones",
      fix: setRegionCommand(other),
    };
  }
  const commands = zones.map((zone, index) => setItemCommand("zones", index, `${region}${zone.slice(-1)}`));
  return {
    key: "zones",
    wrong: `are in ${other}, but aws:region is ${region}`,
    fix: `${setRegionCommand(other)}, or ${commands.join(" && ")}`,
  };
}

/** With credentialsMode manual the components also call STS, to assume their roles. */
const NEEDED_WITH_ROLES = [...NEEDED_ENDPOINTS, "sts"] as const;

/** Instances in private subnets must be able to pull images and to call AWS. */
export const privateSubnetsHaveEgress = rule(
  ["vpcId", "natGateways", "httpsProxy", "noProxy", "releaseImage", "vpcEndpoints", "credentialsMode", "mirror"],
  ({ vpcId, natGateways, httpsProxy, noProxy, releaseImage, vpcEndpoints, credentialsMode, mirror }): KeyProblem[] => {
    if (isDisconnected(mirror) || vpcId !== "" || natGateways !== "none" || httpsIsProxied({ httpsProxy, noProxy })) return [];
    const needed: readonly string[] = credentialsMode === "manual" ? NEEDED_WITH_ROLES : NEEDED_ENDPOINTS;
    const missing = needed.filter((service) => !vpcEndpoints.includes(service));
    return [
      ...(releaseImage === ""
        ? [
            {
              key: "natGateways",
              wrong: `is none, but there is neither ${missingProxy(noProxy)} nor releaseImage in a mirror, so no instance could pull an image`,
              allowed: "none only with httpsProxy, or with releaseImage in a registry that the VPC can reach",
              fix: `${setCommand("natGateways", "per-zone")}, or ${setCommand("httpsProxy", "http://proxy.example.com:3128")}`,
            },
          ]
        : []),
      ...(missing.length > 0
        ? [
            {
              key: "vpcEndpoints",
              wrong: `lacks ${missing.join(" and ")}, but there is no NAT gateway and no ${missingProxy(noProxy)}, so instances could not call AWS`,
              allowed: `at least ${needed.join(" and ")} without NAT gateways`,
              fix: missing.map((service, index) => setItemCommand("vpcEndpoints", vpcEndpoints.length + index, service)).join(" && "),
            },
          ]
        : []),
    ];
  },
);
