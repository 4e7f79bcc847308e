import type { DeclaredResource, RuleSettings } from "../../../policy/rule";
import { allRules } from "../../../policy/rules";
import type { PolicyValue } from "../../../policy/value";

export type PolicyProperties = Readonly<Record<string, PolicyValue>>;

export const ingressRule = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
export const securityGroup = "aws:ec2/securityGroup:SecurityGroup";
export const instance = "aws:ec2/instance:Instance";
export const template = "aws:ec2/launchTemplate:LaunchTemplate";
export const access = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
export const bucketPolicy = "aws:s3/bucketPolicy:BucketPolicy";
export const inlinePolicy = "aws:iam/rolePolicy:RolePolicy";
export const role = "aws:iam/role:Role";
export const balancer = "aws:lb/loadBalancer:LoadBalancer";

export const tags = { "okd-aws/cluster": "dev.example.com", team: "platform" };
export const machine = {
  instanceType: "m6i.xlarge",
  rootBlockDevice: { encrypted: true },
  metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1 },
  tags,
  region: "us-east-1",
};
export const internal = { internal: true, loadBalancerType: "network", tags };
export const guarded = { bucket: "b", blockPublicAcls: true, ignorePublicAcls: true, blockPublicPolicy: true, restrictPublicBuckets: true };
export const tcp = (cidrIpv4: string, fromPort: number, toPort = fromPort) => ({ cidrIpv4, ipProtocol: "tcp", fromPort, toPort });
export const statement = (more: object) => ({ policy: JSON.stringify({ Statement: [{ Effect: "Allow", Resource: "*", ...more }] }) });
export const everyoneReads = (bucket: string, key: string, more: object = {}) => ({
  bucket,
  ...statement({ Principal: "*", Action: "s3:GetObject", Resource: [`arn:aws:s3:::${bucket}/${key}`], ...more }),
});
export const discovery = ".well-known/openid-configuration";

/** The policy pack's settings for a cluster with a public API. */
export const settings: Readonly<Record<string, RuleSettings>> = {
  "machine-config-server": { machineRanges: ["10.0.0.0/16"] },
  exposure: { machineRanges: ["10.0.0.0/16"], adminRanges: ["198.51.100.0/24"], publicPorts: ["80", "443", "6443"] },
  "public-buckets": { issuerPrefix: "dev" },
  tags: { tags: { team: "platform", "okd-aws/cluster": "dev.example.com" } },
  regions: { regions: ["us-east-1"] },
  "instance-types": { instanceTypes: ["m6i.*", "t3.large"] },
};

/** Names of the rules that refuse a resource, once for each problem that the rule finds. */
export function refusers(type: string, properties: PolicyProperties, more: Partial<DeclaredResource> = {}, given = settings): string[] {
  const resource: DeclaredResource = { type, urn: `urn::${type}::thing`, name: "thing", protect: false, properties, ...more };
  return allRules
    .filter((rule) => rule.appliesTo(type))
    .flatMap((rule) => rule.check(resource, { ...rule.defaults, ...given[rule.name] }).map(() => rule.name));
}
