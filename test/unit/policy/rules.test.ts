import * as fc from "fast-check";
import { type DeclaredResource, formatProblem } from "../../../policy/rule";
import { allRules } from "../../../policy/rules";
import { unknown, type PolicyValue } from "../../../policy/value";
import { conditions } from "./conditions";
import {
  access,
  balancer,
  bucketPolicy,
  discovery,
  everyoneReads,
  guarded,
  ingressRule,
  instance,
  internal,
  machine,
  type PolicyProperties,
  refusers,
  role,
  inlinePolicy,
  securityGroup,
  settings,
  statement,
  tags,
  tcp,
  template,
} from "./resources";

/** A resource, with the rule that refuses it. */
type Refused = readonly [what: string, rule: string, type: string, properties: PolicyProperties, more?: Partial<DeclaredResource>];

/** The cluster's tag and more tags, but not the required tag `team`. */
const many = (count: number) => ({
  "okd-aws/cluster": "dev.example.com",
  ...Object.fromEntries(Array.from({ length: count }, (_, index) => [`tag-${index}`, "x"])),
});

const refused: readonly Refused[] = [
  ["22623 for all", "machine-config-server", ingressRule, tcp("0.0.0.0/0", 22623)],
  ["22624 for admins", "machine-config-server", ingressRule, tcp("198.51.100.0/24", 22624)],
  ["every port for all", "machine-config-server", ingressRule, { cidrIpv4: "0.0.0.0/0", ipProtocol: "-1" }],
  [
    "ports around 22623, over IPv6",
    "machine-config-server",
    ingressRule,
    { ...tcp("", 22000, 23000), cidrIpv4: undefined, cidrIpv6: "::/0" },
  ],
  [
    "22623 inline, from more than the machine network",
    "machine-config-server",
    securityGroup,
    { tags, ingress: [{ protocol: "6", fromPort: 22623, toPort: 22623, cidrBlocks: ["10.0.0.0/16", "10.0.0.0/8"] }] },
  ],
  [
    "22623 in the older form",
    "machine-config-server",
    "aws:ec2/securityGroupRule:SecurityGroupRule",
    { type: "ingress", protocol: "tcp", fromPort: 22623, toPort: 22623, ipv6CidrBlocks: ["::/0"] },
  ],
  ["ssh for all", "exposure", ingressRule, tcp("0.0.0.0/0", 22)],
  ["ssh for a CIDR block around the administrators'", "exposure", ingressRule, tcp("198.51.0.0/16", 22)],
  ["the journal for all", "exposure", ingressRule, tcp("0.0.0.0/0", 19531)],
  ["etcd for admins", "exposure", ingressRule, tcp("198.51.100.0/24", 2379, 2380)],
  ["ping for all", "exposure", ingressRule, { cidrIpv4: "0.0.0.0/0", ipProtocol: "icmp", fromPort: -1, toPort: -1 }],
  ["a port for a prefix list", "exposure", ingressRule, { ipProtocol: "tcp", fromPort: 22, toPort: 22, prefixListId: "pl-1" }],
  [
    "a prefix list inline, in addition to the machine network",
    "exposure",
    securityGroup,
    { tags, ingress: [{ protocol: "tcp", fromPort: 2379, toPort: 2380, cidrBlocks: ["10.0.0.0/16"], prefixListIds: ["pl-1"] }] },
  ],
  [
    "a prefix list in the older resource type",
    "exposure",
    "aws:ec2/securityGroupRule:SecurityGroupRule",
    { type: "ingress", protocol: "udp", fromPort: 4789, toPort: 4789, prefixListIds: ["pl-1"] },
  ],
  ["22623 for a prefix list", "machine-config-server", ingressRule, { ...tcp("", 22623), cidrIpv4: undefined, prefixListId: "pl-1" }],
  ["the API over UDP", "exposure", ingressRule, { ...tcp("0.0.0.0/0", 6443), ipProtocol: "udp" }],
  ["a root volume without settings", "encryption", instance, { ...machine, rootBlockDevice: undefined }],
  ["a plain root volume", "encryption", instance, { ...machine, rootBlockDevice: { encrypted: false } }],
  ["a plain second volume", "encryption", instance, { ...machine, ebsBlockDevices: [{ deviceName: "/dev/sdb" }] }],
  ["a template without disks", "encryption", template, machine],
  ["a template with an unencrypted disk", "encryption", template, { ...machine, blockDeviceMappings: [{ ebs: { encrypted: "false" } }] }],
  ["a plain volume", "encryption", "aws:ebs/volume:Volume", { tags }],
  ["an unencrypted copy of an image", "encryption", "aws:ec2/amiCopy:AmiCopy", { tags, encrypted: false }],
  [
    "a bucket with an unknown encryption algorithm",
    "encryption",
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    { rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "none" } }] },
  ],
  ["IMDSv1", "instance-metadata", instance, { ...machine, metadataOptions: { httpTokens: "optional", httpPutResponseHopLimit: 1 } }],
  [
    "credentials for pods",
    "instance-metadata",
    instance,
    { ...machine, metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 2 } },
  ],
  [
    "metadata options without a hop limit, for which the account's default may be 2",
    "instance-metadata",
    instance,
    { ...machine, metadataOptions: { httpTokens: "required" } },
  ],
  ["an instance without metadata options", "instance-metadata", instance, { ...machine, metadataOptions: undefined }],
  ...["0.0.0.0/00", "/000", " 0.0.0.0/0", "0/0", "0.0.0.0", "10.0.0.0/016", "everyone"].flatMap((range): Refused[] => [
    [`22623 for a range that can't be read, ${JSON.stringify(range)}`, "machine-config-server", ingressRule, tcp(range, 22623)],
    [`ssh for a range that can't be read, ${JSON.stringify(range)}`, "exposure", ingressRule, tcp(range, 22)],
  ]),
  [
    "ports that can't be read",
    "machine-config-server",
    ingressRule,
    { cidrIpv4: "0.0.0.0/0", ipProtocol: "tcp", fromPort: "first", toPort: "last" },
  ],
  ["an internal load balancer without security groups", "machine-config-balancer", balancer, internal],
  ["an internal load balancer with empty securityGroups", "machine-config-balancer", balancer, { ...internal, securityGroups: [] }],
  ["a policy that can't be read", "iam-actions", inlinePolicy, { policy: '{"Statement": [' }],
  ["a bucket's policy that can't be read", "public-buckets", bucketPolicy, { bucket: "b", policy: "everyone" }],
  ["a bucket without one of the four access blocks", "public-buckets", access, { ...guarded, ignorePublicAcls: false }],
  ["the issuer's bucket, open to ACLs", "public-buckets", access, { ...guarded, bucket: "dev-ab2cd-oidc", blockPublicAcls: undefined }],
  ["another cluster's issuer bucket", "public-buckets", access, { ...guarded, bucket: "other-ab2cd-oidc", blockPublicPolicy: false }],
  ["a bucket with a public ACL", "public-buckets", "aws:s3/bucketAcl:BucketAcl", { acl: "public-read" }],
  ["a bucket with a public policy", "public-buckets", bucketPolicy, everyoneReads("b", "*")],
  ["a bucket with everyone in a list", "public-buckets", bucketPolicy, everyoneReads("b", "*", { Principal: { AWS: ["*"] } })],
  ["another object in the issuer's bucket", "public-buckets", bucketPolicy, everyoneReads("dev-ab2cd-oidc", "*")],
  ["writing the issuer's documents", "public-buckets", bucketPolicy, everyoneReads("dev-ab2cd-oidc", discovery, { Action: "s3:*" })],
  ["the documents' names in another bucket", "public-buckets", bucketPolicy, everyoneReads("dev-ab2cd-images", discovery)],
  ["every action", "iam-actions", inlinePolicy, statement({ Action: "*" })],
  ["every action of a service", "iam-actions", inlinePolicy, statement({ Action: ["ec2:DescribeInstances", "s3:*"] })],
  ["an action that no list allows", "iam-actions", "aws:iam/policy:Policy", statement({ Action: "iam:CreateUser" })],
  ["every action except those of one service", "iam-actions", inlinePolicy, statement({ NotAction: "iam:*" })],
  [
    "a policy that AWS manages",
    "iam-actions",
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    { policyArn: "arn:aws:iam::aws:policy/AdministratorAccess" },
  ],
  [
    "a policy of the account, whose statements the rule cannot read",
    "iam-actions",
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    { policyArn: "arn:aws:iam::123456789012:policy/admin" },
  ],
  [
    "a list of attached policies",
    "iam-actions",
    "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive",
    { policyArns: ["arn:aws:iam::123456789012:policy/admin"] },
  ],
  ["a role's managed policy", "iam-actions", role, { tags, managedPolicyArns: ["arn:aws-us-gov:iam::123456789012:policy/admin"] }],
  ...conditions(false).map(([what, Condition]): Refused => [
    `a role for everyone ${what}`,
    "iam-actions",
    role,
    { tags, assumeRolePolicy: statement({ Principal: "*", Condition }).policy },
  ]),
  ...conditions(false).map(([what, Condition]): Refused => [
    `a bucket for everyone ${what}`,
    "public-buckets",
    bucketPolicy,
    everyoneReads("b", "*", { Condition }),
  ]),
  ["a role for everyone in a list", "iam-actions", role, { tags, assumeRolePolicy: statement({ Principal: ["*"] }).policy }],
  ["a role for everyone", "iam-actions", role, { tags, assumeRolePolicy: statement({ Principal: { AWS: "*" } }).policy }],
  ["a role's inline policy", "iam-actions", role, { tags, inlinePolicies: [statement({ Action: "s3:*" })] }],
  ["no tags", "tags", "aws:ec2/vpc:Vpc", {}],
  ["another cluster's tag", "tags", "aws:ec2/vpc:Vpc", { tags: { ...tags, "okd-aws/cluster": "prod.example.com" } }],
  ["a missing configured tag", "tags", "aws:ec2/vpc:Vpc", { tags: { "okd-aws/cluster": "dev.example.com" } }],
  ["a missing tag on a zone that has room for it", "tags", "aws:route53/zone:Zone", { tags: many(8) }],
  [
    "a full zone without the cluster's tag",
    "tags",
    "aws:route53/zone:Zone",
    { tags: { ...many(9), "okd-aws/cluster": "prod.example.com" } },
  ],
  ["a control plane instance by its name", "protected-masters", instance, machine, { name: "masters-0" }],
  ["a control plane instance by its tag", "protected-masters", instance, { ...machine, tags: { ...tags, Name: "dev-ab2cd-master-0" } }],
  ["a provider for another region", "regions", "pulumi:providers:aws", { region: "eu-west-1" }],
  ["a resource in another region", "regions", "aws:ec2/route:Route", { region: "eu-west-1" }, { provider: { region: "us-east-1" } }],
  ["an instance type that is not approved", "instance-types", instance, { ...machine, instanceType: "x1e.32xlarge" }],
  ["a family whose name begins like an approved one", "instance-types", instance, { ...machine, instanceType: "m6idn.xlarge" }],
];

const accepted: readonly (readonly [what: string, type: string, properties: PolicyProperties, more?: Partial<DeclaredResource>])[] = [
  ["22623 for the machine network", ingressRule, tcp("10.0.0.0/16", 22623)],
  ["22623 for a security group", ingressRule, { ...tcp("", 22623), cidrIpv4: undefined, referencedSecurityGroupId: "sg-1" }],
  ["every port for a subnet of the machine network", ingressRule, { cidrIpv4: "10.0.16.0/20", ipProtocol: "-1" }],
  ["the same port over UDP", ingressRule, { ...tcp("10.0.0.0/16", 22623), ipProtocol: "udp" }],
  ["ssh for an administrator", ingressRule, tcp("198.51.100.7/32", 22)],
  ["the API for all", ingressRule, tcp("0.0.0.0/0", 6443)],
  ["all egress", "aws:ec2/securityGroupRule:SecurityGroupRule", { type: "egress", protocol: "-1", cidrBlocks: ["0.0.0.0/0"] }],
  ["a public load balancer", "aws:lb/loadBalancer:LoadBalancer", { internal: false, tags }],
  ["an instance", instance, machine],
  ["an instance without IMDS", instance, { ...machine, metadataOptions: { httpEndpoint: "disabled" } }],
  ["a hop limit as text", instance, { ...machine, metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: "1" } }],
  ["a template", template, { ...machine, blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { encrypted: "true" } }] }],
  ["a protected control plane instance", instance, machine, { name: "masters-0", protect: true }],
  ["an internal load balancer with a security group", balancer, { ...internal, securityGroups: ["sg-1"] }],
  ["an internal load balancer with a security group that isn't created yet", balancer, { ...internal, securityGroups: [unknown] }],
  ["an application load balancer, which gets a security group from AWS", balancer, { ...internal, loadBalancerType: "application" }],
  ["a type that is approved by its name", instance, { ...machine, instanceType: "t3.large" }],
  ["a guarded bucket", access, guarded],
  ["the issuer's bucket", access, { ...guarded, bucket: "dev-ab2cd-oidc", blockPublicPolicy: false, restrictPublicBuckets: false }],
  ["the issuer's documents", bucketPolicy, everyoneReads("dev-ab2cd-oidc", discovery)],
  ["a bucket for an organization", bucketPolicy, everyoneReads("b", "*", { Condition: { StringEquals: { "aws:PrincipalOrgID": "o-1" } } })],
  ...conditions(true).map(
    ([what, Condition]) => [`a role ${what}`, role, { tags, assumeRolePolicy: statement({ Principal: "*", Condition }).policy }] as const,
  ),
  ["a denial for everyone", bucketPolicy, statement({ Effect: "Deny", Principal: "*", Action: "s3:*" })],
  ["an allowed wildcard, in small letters", inlinePolicy, statement({ Action: ["EC2:describe*", "kms:ReEncrypt*"] })],
  [
    "a resource of a provider for another region, because the provider itself is refused",
    "aws:ec2/route:Route",
    { region: "eu-west-1" },
    { provider: { region: "eu-west-1" } },
  ],
  ["a zone that has no room for another tag", "aws:route53/zone:Zone", { tags: many(9) }],
  ["more tags", "aws:ec2/vpc:Vpc", { tags: { ...tags, more: "x" } }],
];

/** Objects instead of rows: jest would pass a callback to a test function that has more parameters than the row has columns. */
const named = refused.map(([what, rule, type, properties, more]) => ({ what, rule, type, properties, more }));

describe("the policy pack refuses", () => {
  test.each(named)("$what, with the rule $rule only", ({ rule, type, properties, more }) => {
    expect(refusers(type, properties, more)).toEqual([rule]);
  });

  test("at least one tested resource with each of its rules", () => {
    expect([...new Set(named.map(({ rule }) => rule))].sort()).toEqual(allRules.map(({ name }) => name).sort());
  });

  test.each(named)("$what, but not while the property is unknown", ({ what, type, properties }) => {
    const open = Object.fromEntries(Object.keys(properties).map((key): [string, PolicyValue] => [key, unknown]));
    // A property that the resource does not declare is known to be missing.
    const missing = { "no tags": ["tags"], "a plain volume": ["encryption"], "a template without disks": ["encryption"] }[what] ?? [];
    expect(refusers(type, open)).toEqual(missing);
  });

  test("a resource with a message that has the value, the allowed values and the fix", () => {
    const [rule] = allRules.filter(({ name }) => name === "exposure");
    const resource = { type: ingressRule, urn: "", name: "ssh", protect: false, properties: tcp("0.0.0.0/0", 22) };
    expect(rule.check(resource, { ...rule.defaults, ...settings.exposure }).map(formatProblem)).toEqual([
      `allows ingress that the configuration does not allow
  value:   tcp 22 from 0.0.0.0/0
  allowed: everything from instances (10.0.0.0/16); ports 22 and 19531 from adminCidrs (198.51.100.0/24); ports 80, 443, 6443 from everywhere (publish is External)
  fix:     add the CIDR block of the administrators, as small as possible, to adminCidrs, or remove the rule`,
    ]);
  });
});

test("in a private cluster, only the API's port may be open to all addresses, and the message says why others are", () => {
  const connected = { ...settings, exposure: { ...settings.exposure, publicPorts: [], connectedPorts: ["6443"] } };
  expect(refusers(ingressRule, tcp("0.0.0.0/0", 6443), {}, connected)).toEqual([]);
  expect(refusers(ingressRule, tcp("0.0.0.0/0", 443), {}, connected)).toEqual(["exposure"]);
  expect(refusers("aws:lb/loadBalancer:LoadBalancer", { tags }, {}, connected)).toEqual(["exposure"]);
  const [rule] = allRules.filter(({ name }) => name === "exposure");
  const resource = { type: ingressRule, urn: "", name: "https", protect: false, properties: tcp("0.0.0.0/0", 443) };
  const allowed = (publicPorts: string[]) => rule.check(resource, { ...rule.defaults, ...connected.exposure, publicPorts })[0].allowed;
  expect(allowed([])).toMatch(/; port 6443 from everywhere \(publish is Internal\)$/);
  expect(allowed(["80"])).toMatch(/; ports 80, 6443 from everywhere \(publish is Internal, and a router shard has waf\)$/);
});

test("the fix for an ingress rule with a prefix list suggests CIDR blocks", () => {
  const [rule] = allRules.filter(({ name }) => name === "exposure");
  const properties = { ipProtocol: "tcp", fromPort: 22, toPort: 22, prefixListId: "pl-1" };
  const refusals = rule.check({ type: ingressRule, urn: "", name: "ssh", protect: false, properties }, rule.defaults);
  expect(refusals).toMatchObject([
    { value: "tcp 22 from pl-1", fix: expect.stringContaining("use the CIDR blocks of the prefix list") as string },
  ]);
});

describe("the policy pack accepts", () => {
  test.each(accepted.map(([what, type, properties, more]) => ({ what, type, properties, more })))("$what", ({ type, properties, more }) => {
    expect(refusers(type, properties, more)).toEqual([]);
  });

  test("a bucket of unknown name without public access block if the cluster has a token issuer, and not otherwise", () => {
    const open: PolicyProperties = { ...guarded, bucket: unknown, blockPublicPolicy: false };
    expect(refusers(access, open)).toEqual([]);
    expect(refusers(access, open, {}, { ...settings, "public-buckets": { issuerPrefix: "" } })).toEqual(["public-buckets"]);
  });
});

describe("the policy pack without settings", () => {
  test("allows no open port, no region and no instance type, protects the control plane, and requires the cluster's tag", () => {
    expect(refusers(ingressRule, tcp("0.0.0.0/0", 6443), {}, {})).toEqual(["exposure"]);
    expect(refusers(ingressRule, tcp("198.51.100.0/24", 22), {}, {})).toEqual(["exposure"]);
    expect(refusers("aws:lb/loadBalancer:LoadBalancer", { tags }, {}, {})).toEqual(["exposure"]);
    expect(refusers(ingressRule, tcp("10.0.0.0/16", 22623), {}, {})).toEqual([]);
    expect(refusers(instance, machine, { name: "masters-0" }, {}).sort()).toEqual(["instance-types", "protected-masters", "regions"]);
    expect(refusers("aws:ec2/vpc:Vpc", { tags: { team: "platform" } }, {}, {})).toEqual(["tags"]);
  });
});

test("no rule throws for a resource with random properties", () => {
  const types = [...new Set([...refused.map(([, , type]) => type), ...accepted.map(([, type]) => type)])];
  const keys = [
    ...new Set([...refused.map(([, , , properties]) => properties), machine, guarded].flatMap((properties) => Object.keys(properties))),
  ];
  const leaf = fc.oneof(fc.constant(unknown), fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.constant("10.0.0.0/99"));
  const value = fc.oneof(
    leaf,
    fc.array(leaf),
    fc.dictionary(fc.constantFrom(...keys, "encrypted", "ebs", "Statement"), leaf),
  ) as fc.Arbitrary<PolicyValue>;
  fc.assert(
    fc.property(fc.constantFrom(...types), fc.dictionary(fc.constantFrom(...keys), value), (type, properties) => {
      expect(Array.isArray(refusers(type, properties))).toBe(true);
    }),
    { numRuns: 2000 },
  );
});
