/** A quota of an AWS account. */
export interface Quota {
  /** Name in Service Quotas. */
  readonly name: string;
  /** Page of the console on which it is shown and an increase can be requested. */
  readonly url: string;
}

const page = (service: string, code: string): string =>
  `https://console.aws.amazon.com/servicequotas/home/services/${service}/quotas/${code}`;
const list = (service: string): string => `https://console.aws.amazon.com/servicequotas/home/services/${service}/quotas`;

/**
 * The quota of each AWS error code. Sources of the error codes: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html and the service
 * models in botocore (develop). Sources of the quota codes: https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html for VPC;
 * openshift/installer, `pkg/asset/quota/aws/aws.go` (release-4.19) for EC2; output of `aws service-quotas list-aws-default-service-quotas`, as quoted in
 * public repositories, for the others. If no source was found for a quota code, the link leads to the service's list of quotas.
 */
const quotas: readonly (readonly [errorCode: string, quota: Quota])[] = [
  ["VpcLimitExceeded", { name: "VPCs per Region", url: page("vpc", "L-F678F1CE") }],
  ["SubnetLimitExceeded", { name: "Subnets per VPC", url: page("vpc", "L-407747CB") }],
  ["InternetGatewayLimitExceeded", { name: "Internet gateways per Region", url: page("vpc", "L-A4707A72") }],
  ["NatGatewayLimitExceeded", { name: "NAT gateways per Availability Zone", url: page("vpc", "L-FE5A380F") }],
  ["RouteTableLimitExceeded", { name: "Route tables per VPC", url: page("vpc", "L-589F43AA") }],
  ["RouteLimitExceeded", { name: "Routes per route table", url: page("vpc", "L-93826ACB") }],
  ["SecurityGroupLimitExceeded", { name: "VPC security groups per Region", url: page("vpc", "L-E79EC296") }],
  ["RulesPerSecurityGroupLimitExceeded", { name: "Inbound or outbound rules per security group", url: page("vpc", "L-0EA8095F") }],
  ["VpcEndpointLimitExceeded", { name: "VPC endpoints", url: list("vpc") }],
  ["AddressLimitExceeded", { name: "EC2-VPC Elastic IPs", url: page("ec2", "L-0263D0A3") }],
  ["InstanceLimitExceeded", { name: "Running On-Demand instances", url: list("ec2") }],
  ["VolumeLimitExceeded", { name: "Storage for EBS volumes of the volume's type", url: list("ebs") }],
  ["TooManyLoadBalancers", { name: "Network Load Balancers per Region", url: page("elasticloadbalancing", "L-69A177A2") }],
  ["TooManyTargetGroups", { name: "Target Groups per Region", url: page("elasticloadbalancing", "L-B22855CB") }],
  ["TooManyListeners", { name: "Listeners per Network Load Balancer", url: page("elasticloadbalancing", "L-57A373D6") }],
  ["TooManyTargets", { name: "Targets per load balancer or target group", url: list("elasticloadbalancing") }],
  ["TooManyBuckets", { name: "Buckets", url: page("s3", "L-DC2B2D3D") }],
  ["TooManyHostedZones", { name: "Hosted zones", url: page("route53", "L-4EA4796A") }],
  ["ParameterLimitExceeded", { name: "Parameters of Systems Manager", url: list("ssm") }],
];

/**
 * vCPU quotas by the letters at the beginning of an instance type: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-on-demand-instances.html
 * ("On-Demand Instance quotas"). Each family counts toward exactly one quota.
 */
const vcpuQuotas: readonly (readonly [families: RegExp, instances: string, code: string])[] = [
  [/^(?:a|c|d|h|i|im|is|m|mac|r|t|z)$/, "Standard (A, C, D, H, I, M, R, T, Z)", "L-1216C47A"],
  [/^(?:g|gr|vt)$/, "G and VT", "L-DB2E81BA"],
  [/^p$/, "P", "L-417A185B"],
  [/^x$/, "X", "L-7295265B"],
  [/^inf$/, "Inf", "L-1945791B"],
  [/^trn$/, "Trn", "L-2C3B7624"],
  [/^f$/, "F", "L-74FC7D96"],
  [/^dl$/, "DL", "L-6E869C2A"],
  [/^u$/, "High Memory", "L-43DA4232"],
  [/^hpc$/, "HPC", "L-F7808C92"],
];

/** Finds instance types in a text, such as "m6i.xlarge", "u-6tb1.56xlarge" and "g4dn.metal". The capture group has the letters of the family. */
const INSTANCE_TYPE =
  /(?<![\w.-])([a-z]{1,3})-?\d{1,2}[a-z\d-]{0,12}\.(?:nano|micro|small|medium|\d{0,3}xlarge|large|metal(?:-\d{1,3}xl)?)\b/g;

/** The vCPU quota of the instance types in a text; a general name if they belong to several quotas. AWS's own message names neither type nor quota. */
function vcpuQuotaOf(text: string): Quota {
  const families = [...text.matchAll(INSTANCE_TYPE)].map(([, family = ""]) => family);
  const found = new Set(families.map((family) => vcpuQuotas.find(([pattern]) => pattern.test(family))));
  const [only] = found;
  if (found.size !== 1 || only === undefined)
    return { name: "Running On-Demand instances of the instance type's family (vCPUs)", url: list("ec2") };
  const [, instances, code] = only;
  return { name: `Running On-Demand ${instances} instances`, url: page("ec2", code) };
}

/** Storage quotas by volume type. EC2's message names the type: "You have exceeded your maximum io2 storage limit of 20 TiB in this region" (ipni/storetheindex#444). */
const storageQuotas: Readonly<Partial<Record<string, Quota>>> = {
  gp3: { name: "Storage for General Purpose SSD (gp3) volumes", url: page("ebs", "L-7A658B76") },
  gp2: { name: "Storage for General Purpose SSD (gp2) volumes", url: page("ebs", "L-D18FCD1D") },
  io1: { name: "Storage for Provisioned IOPS SSD (io1) volumes", url: page("ebs", "L-FD252861") },
  io2: { name: "Storage for Provisioned IOPS SSD (io2) volumes", url: page("ebs", "L-09BD8365") },
};

/** Whether this AWS error code means that a quota is used up. */
export function isQuotaCode(code: string): boolean {
  return code === "VcpuLimitExceeded" || quotas.some(([errorCode]) => errorCode === code);
}

/** Quotas that IAM's texts name: "Cannot exceed quota for RolesPerAccount: 1000". */
const iamQuotas: Readonly<Partial<Record<string, Quota>>> = {
  RolesPerAccount: { name: "Roles per account", url: page("iam", "L-FE177D64") },
  InstanceProfilesPerAccount: { name: "Instance profiles per account", url: page("iam", "L-6E65F664") },
};

/**
 * The quota that an error is about.
 *
 * @param code AWS's error code, such as `VpcLimitExceeded`
 * @param text the whole error message: IAM's message names the quota; messages of other services may name the instance type
 */
export function quotaOf(code: string, text: string): Quota | undefined {
  if (code === "VcpuLimitExceeded") return vcpuQuotaOf(text);
  const storage = code === "VolumeLimitExceeded" ? storageQuotas[/\b(?:gp2|gp3|io1|io2)\b/.exec(text)?.[0] ?? ""] : undefined;
  if (storage !== undefined) return storage;
  const known = quotas.find(([errorCode]) => errorCode === code)?.[1];
  if (known !== undefined) return known;
  const iam = /Cannot exceed quota for (\w+)/.exec(text)?.[1];
  if (iam !== undefined) return iamQuotas[iam] ?? { name: iam, url: list("iam") };
  return /Secrets ?Manager/i.test(text) ? { name: "Secrets per Region", url: list("secretsmanager") } : undefined;
}
