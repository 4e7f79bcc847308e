/** The answers of AWS, by the name of the function that the program calls. */
export type AwsAnswers = Readonly<Record<string, (inputs: Record<string, unknown>) => Record<string, unknown>>>;

const zones = ["a", "b", "c"];
const regions = ["us-east-1", "us-east-2", "us-west-2", "us-gov-west-1", "us-gov-east-1", "eu-central-1", "eu-west-1"];

const everyZone = regions.flatMap((region) => zones.map((zone) => `${region}${zone}`));

/** The provider's function that lists the zones in which AWS offers an instance type. */
export const OFFERINGS = "aws:ec2/getInstanceTypeOfferings:getInstanceTypeOfferings";

/** The answer of {@link OFFERINGS} when AWS offers each of the types in each of the zones. */
export function offerings(types: readonly string[], locations: readonly string[]): Record<string, unknown> {
  const pairs = types.flatMap((type) => locations.map((location) => ({ type, location })));
  return { instanceTypes: pairs.map(({ type }) => type), locations: pairs.map(({ location }) => location) };
}

/** An account with three zones in every region, one public hosted zone for every configuration, and no instances. */
export const defaultAccount: AwsAnswers = {
  "aws:index/getRegion:getRegion": () => ({}),
  "aws:index/getAvailabilityZones:getAvailabilityZones": () => ({ names: everyZone }),
  // AWS offers every type in every zone.
  [OFFERINGS]: ({ filters }) => offerings((filters as [{ values: string[] }])[0].values, everyZone),
  // A lookup by name finds the base domain's zone. A lookup by id or by VPC finds the cluster's private zone.
  "aws:route53/getZone:getZone": ({ name, zoneId, vpcId }) =>
    zoneId === undefined && vpcId === undefined
      ? { name, zoneId: "Z0PUBLIC", privateZone: false }
      : { name: "dev.okd.example.com", zoneId: zoneId ?? "Z0123456789EXISTING", privateZone: true },
  "aws:ec2/getInstances:getInstances": () => ({ ids: [] }),
  // SSM has no milestone, so the bootstrap instance still exists.
  "aws:ssm/getParametersByPath:getParametersByPath": () => ({ names: [] }),
  // The access key of a user, which does not expire.
  "aws:index/getCallerIdentity:getCallerIdentity": () => ({ arn: "arn:aws:iam::123456789012:user/deployer", accountId: "123456789012" }),
  // The provider has no function for these requests, so the program uses AWS's own client.
  "s3control:GetPublicAccessBlock": () => ({}),
  "efs:DescribeFileSystems": ({ FileSystemId }) => ({ FileSystems: [{ FileSystemId }] }),
  "efs:DescribeMountTargets": () => ({ MountTargets: [] }),
  "efs:DescribeMountTargetSecurityGroups": () => ({ SecurityGroups: ["sg-mount"] }),
  "efs:DescribeFileSystemPolicy": () => {
    throw Object.assign(new Error("The file system has no policy."), { name: "PolicyNotFound" });
  },
  "aws:ec2/getSecurityGroups:getSecurityGroups": () => ({ ids: [] }),
  "aws:iam/getRole:getRole": ({ name }) => ({ name }),
  "aws:iam/getPolicy:getPolicy": ({ arn }) => ({ arn }),
  "aws:kms/getKey:getKey": ({ keyId }) => ({ keyId }),
  "aws:ec2/getSecurityGroup:getSecurityGroup": ({ id }) => ({ id }),
  "aws:ec2/getAmi:getAmi": () => ({ architecture: "x86_64" }),
};
