/** A resource of a small program, and the rule that refuses it; null if no rule does. */
export interface Case {
  readonly name: string;
  readonly refusedBy: string | null;
  /** JavaScript of the declaration. */
  readonly declares: string;
}

const imports = `
const aws = require("@pulumi/aws");
const tags = { "okd-aws/cluster": "small.example.com", team: "platform" };
// A preview of new resources sends no request to AWS.
const offline = { accessKey: "test", secretKey: "test", skipCredentialsValidation: true, skipRequestingAccountId: true, skipMetadataApiCheck: true };
const provider = new aws.Provider("here", { ...offline, region: "us-east-1" });
const opts = { provider };
const disk = { encrypted: true };
const metadataOptions = { httpTokens: "required", httpEndpoint: "enabled", httpPutResponseHopLimit: 1 };
const machine = { ami: "ami-0123456789abcdef0", instanceType: "m6i.xlarge", rootBlockDevice: disk, metadataOptions, tags };
const ingress = (name, cidrIpv4, port) =>
  new aws.vpc.SecurityGroupIngressRule(name, { securityGroupId: "sg-1", cidrIpv4, ipProtocol: "tcp", fromPort: port, toPort: port }, opts);
const role = (name, Action) =>
  new aws.iam.RolePolicy(name, { role: "r", policy: JSON.stringify({ Statement: [{ Effect: "Allow", Action, Resource: "*" }] }) }, opts);
const guarded = { blockPublicAcls: true, ignorePublicAcls: true, blockPublicPolicy: true, restrictPublicBuckets: true };
const balancer = (name, internal, more) =>
  new aws.lb.LoadBalancer(name, { name, loadBalancerType: "network", internal, subnets: ["subnet-1"], tags, ...more }, opts);
const outside = balancer("outside", false);
const inside = balancer("inside", true, { securityGroups: ["sg-1"] });
const listener = (name, { arn: loadBalancerArn }, port) =>
  new aws.lb.Listener(name, { loadBalancerArn, port, protocol: "TCP", tags, defaultActions: [{ type: "forward", targetGroupArn: "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/g/0123456789abcdef" }] }, opts);
// A value that a preview does not know: the ID of a resource that does not exist yet.
const open = new aws.ec2.Vpc("later", { cidrBlock: "10.0.0.0/16", tags }, opts).id;
`;

/** Declarations that a rule must refuse. Most are followed by a correct declaration of the same kind, which no rule may refuse. */
export const cases: readonly Case[] = [
  bad("public-22623", "machine-config-server", `ingress(NAME, "0.0.0.0/0", 22623)`),
  good("inner-22623", `ingress(NAME, "10.0.0.0/16", 22623)`),
  bad("plain-volume", "encryption", `new aws.ebs.Volume(NAME, { availabilityZone: "us-east-1a", size: 10, tags }, opts)`),
  good("encrypted-volume", `new aws.ebs.Volume(NAME, { availabilityZone: "us-east-1a", size: 10, encrypted: true, tags }, opts)`),
  bad("imds-v1", "instance-metadata", `new aws.ec2.Instance(NAME, { ...machine, metadataOptions: { httpTokens: "optional" } }, opts)`),
  bad(
    "credentials-for-pods",
    "instance-metadata",
    `new aws.ec2.Instance(NAME, { ...machine, metadataOptions: { ...metadataOptions, httpPutResponseHopLimit: 2 } }, opts)`,
  ),
  good("imds-v2", `new aws.ec2.Instance(NAME, machine, opts)`),
  bad("wildcard-role", "iam-actions", `role(NAME, "ec2:*")`),
  good("listed-role", `role(NAME, ["ec2:Describe*", "ec2:AttachVolume"])`),
  bad(
    "public-bucket",
    "public-buckets",
    `new aws.s3.BucketPublicAccessBlock(NAME, { bucket: "b", ...guarded, blockPublicPolicy: false }, opts)`,
  ),
  good("private-bucket", `new aws.s3.BucketPublicAccessBlock(NAME, { bucket: "b", ...guarded }, opts)`),
  bad("ssh-for-all", "exposure", `ingress(NAME, "0.0.0.0/0", 22)`),
  good("ssh-for-admins", `ingress(NAME, "198.51.100.0/24", 22)`),
  bad("untagged", "tags", `new aws.ec2.Eip(NAME, { domain: "vpc", tags: { team: "platform" } }, opts)`),
  good("tagged", `new aws.ec2.Eip(NAME, { domain: "vpc", tags }, opts)`),
  bad("masters-0", "protected-masters", `new aws.ec2.Instance(NAME, machine, opts)`),
  good("masters-1", `new aws.ec2.Instance(NAME, machine, { ...opts, protect: true })`),
  bad("abroad", "regions", `new aws.Provider(NAME, { ...offline, region: "eu-west-1" })`),
  bad("emigrant", "regions", `new aws.ec2.Eip(NAME, { domain: "vpc", region: "eu-west-1", tags }, opts)`),
  bad("huge", "instance-types", `new aws.ec2.Instance(NAME, { ...machine, instanceType: "x1e.32xlarge" }, opts)`),
  bad("shown-22623", "public-listeners", `listener(NAME, outside, 22623)`),
  good("shown-6443", `listener(NAME, outside, 6443)`),
  good("hidden-22623", `listener(NAME, inside, 22623)`),
  bad("unguarded-balancer", "machine-config-balancer", `balancer(NAME, true)`),
  good("guarded-balancer", `balancer(NAME, true, { securityGroups: [open] })`),
  good(
    "unknown",
    `new aws.ec2.Instance(NAME, { ...machine, instanceType: open, metadataOptions: { httpTokens: open, httpPutResponseHopLimit: 1 }, rootBlockDevice: { encrypted: open.apply(() => true) }, tags: open.apply(() => ({})) }, opts);
     new aws.iam.RolePolicy("unknown-policy", { role: "r", policy: pulumi.jsonStringify({ Statement: [{ Effect: "Allow", Action: open, Resource: "*" }] }) }, opts);
     new aws.vpc.SecurityGroupIngressRule("unknown-rule", { securityGroupId: open, cidrIpv4: open, ipProtocol: "tcp", fromPort: 22, toPort: 22 }, opts)`,
  ),
];

function bad(name: string, refusedBy: string, declares: string): Case {
  return { name, refusedBy, declares };
}

function good(name: string, declares: string): Case {
  return { name, refusedBy: null, declares };
}

/** A JavaScript program with all these declarations. */
export function program(declared: readonly Case[]): string {
  return imports + declared.map(({ name, declares }) => `${declares.replaceAll("NAME", JSON.stringify(name))};\n`).join("");
}
