/** A quota of an AWS account. */
export interface Quota {
  /** As Service Quotas names it. */
  readonly name: string;
  /** Where to see it, and to ask for more. */
  readonly url: string;
}

const page = (service: string, code: string): string =>
  `https://console.aws.amazon.com/servicequotas/home/services/${service}/quotas/${code}`;
const list = (service: string): string => `https://console.aws.amazon.com/servicequotas/home/services/${service}/quotas`;

/**
 * Which quota an error code of AWS is about. Codes of errors: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html and the models of
 * the services in botocore (develop). Codes of quotas: the VPC's are in https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html, and EC2's in
 * openshift/installer, `pkg/asset/quota/aws/aws.go` (release-4.19); the other ones are as `aws service-quotas list-aws-default-service-quotas` is quoted in
 * public repositories. Where no source was found for the code, the link is to the service's list.
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
  ["VcpuLimitExceeded", { name: "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances", url: page("ec2", "L-1216C47A") }],
  ["InstanceLimitExceeded", { name: "Running On-Demand instances", url: list("ec2") }],
  ["VolumeLimitExceeded", { name: "Storage for General Purpose SSD (gp3) volumes", url: page("ebs", "L-7A658B76") }],
  ["TooManyLoadBalancers", { name: "Network Load Balancers per Region", url: page("elasticloadbalancing", "L-69A177A2") }],
  ["TooManyTargetGroups", { name: "Target Groups per Region", url: page("elasticloadbalancing", "L-B22855CB") }],
  ["TooManyListeners", { name: "Listeners per Network Load Balancer", url: page("elasticloadbalancing", "L-57A373D6") }],
  ["TooManyTargets", { name: "Targets per load balancer or target group", url: list("elasticloadbalancing") }],
  ["TooManyBuckets", { name: "Buckets", url: page("s3", "L-DC2B2D3D") }],
  ["TooManyHostedZones", { name: "Hosted zones", url: page("route53", "L-4EA4796A") }],
  ["ParameterLimitExceeded", { name: "Parameters of Systems Manager", url: list("ssm") }],
];

/** Whether AWS reports with this error code that a quota is used up. */
export function isQuotaCode(code: string): boolean {
  return quotas.some(([errorCode]) => errorCode === code);
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
 * @param text the whole error, which for IAM names the quota
 */
export function quotaOf(code: string, text: string): Quota | undefined {
  const known = quotas.find(([errorCode]) => errorCode === code)?.[1];
  if (known !== undefined) return known;
  const iam = /Cannot exceed quota for (\w+)/.exec(text)?.[1];
  if (iam !== undefined) return iamQuotas[iam] ?? { name: iam, url: list("iam") };
  return /Secrets ?Manager/i.test(text) ? { name: "Secrets per Region", url: list("secretsmanager") } : undefined;
}
