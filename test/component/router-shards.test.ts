/** The resources of router shards, in AWS and in the cluster. program.ts lists the facts that this kind of test cannot prove. */
import { findPassthrough, PassthroughError } from "../../components/cluster/passthrough-check";
import { parseConfiguration } from "../../config/parse";
import type { ApiReader } from "../../steps/diagnosis/read/cluster";
import { makeServerCertificate } from "../certificates";
import { devStack } from "./configurations";
import { infraId } from "./installer-answers";
import { Program, say } from "./program";

const ask = jest.fn<ReturnType<ApiReader>, Parameters<ApiReader>>();
jest.mock<typeof import("../../steps/diagnosis/read/cluster")>("../../steps/diagnosis/read/cluster", () => ({
  ...jest.requireActual("../../steps/diagnosis/read/cluster"),
  apiReader: () => (path) => ask(path),
}));

/** Answers as a cluster with one namespace of the shard and these routes in it. */
function answerWith(routes: readonly object[]): void {
  const namespaces = [{ metadata: { name: "shop", labels: { exposure: "public" } } }];
  ask.mockImplementation((path) =>
    Promise.resolve({ status: 200, body: JSON.stringify({ items: path.endsWith("/routes") ? routes : namespaces }) }),
  );
}
const passthrough = { metadata: { name: "raw", namespace: "shop" }, spec: { tls: { termination: "passthrough" } } };

const zoneId = "Z0123456789ABCDEFGHIJ";
const shard = (changes: object = {}) => ({
  name: "public",
  domain: "public.dev.okd.example.com",
  scope: "External",
  namespaceSelector: { matchLabels: { exposure: "public" } },
  ...changes,
});
const keysWith = (changes: object, keys: Readonly<Record<string, unknown>> = {}) =>
  devStack({ infraCount: 2, routerShards: [shard(changes)], ...keys });
const run = (changes: object, keys: Readonly<Record<string, unknown>> = {}) =>
  Program.run(keysWith(changes, keys), {}, ["okd-aws:routerCertificateKeys"]);
const records = (program: Program) =>
  program
    .all("aws:route53/record:Record")
    .filter(({ name }) => name.startsWith("router-shards"))
    .map((record) => say(record, "zoneId", "type", "name"))
    .sort();

describe("the allowed CIDR blocks of the default router", () => {
  const rangesOf = (program: Program) => {
    const { spec } = program.one("kubernetes:operator.openshift.io/v1:IngressControllerPatch", "router-shards-default").inputs;
    return (spec as { endpointPublishingStrategy?: { loadBalancer: { allowedSourceRanges?: unknown } } }).endpointPublishingStrategy
      ?.loadBalancer.allowedSourceRanges;
  };
  const allowed = { defaultRouterAllowedSourceRanges: ["198.51.100.0/24"] };

  test("also contain the NAT gateways' addresses, from which the cluster requests its own routes", async () => {
    const program = await Program.run(devStack(allowed));
    expect(program.all("aws:ec2/natGateway:NatGateway")).toHaveLength(3);
    expect(rangesOf(program)).toEqual(["198.51.100.0/24", ...["a", "b", "c"].map((zone) => `203.0.113.${zone.charCodeAt(0)}/32`)]);
  });

  test("of a private cluster also contain the machine network", async () => {
    const program = await Program.run(devStack({ ...allowed, publish: "Internal", routerShards: undefined, adminCidrs: [] }));
    expect(rangesOf(program)).toEqual(["198.51.100.0/24", "10.0.0.0/16"]);
  });
});

describe("a shard behind a load balancer that the cluster creates", () => {
  test("needs no AWS resources for a domain below the cluster's domain, and the program patches the default router after creating the shard", async () => {
    const program = await run({});
    expect(program.resources.filter(({ type, name }) => type.startsWith("aws:") && name.startsWith("router-shards"))).toEqual([]);
    const router = program.one("kubernetes:operator.openshift.io/v1:IngressController", "router-shards-public");
    expect(router.inputs.metadata).toMatchObject({ annotations: { "pulumi.com/waitFor": "condition=Available" } });
    const patch = program.one("kubernetes:operator.openshift.io/v1:IngressControllerPatch", "router-shards-default");
    expect(program.isAfter(patch, router)).toBe(true);
    expect(await program.output("routers")).toEqual({
      public: { domain: "public.dev.okd.example.com", balancer: "router-shards-public-service.elb.stub" },
    });
    expect(await program.output("routerRecords")).toEqual([]);
  });

  test("has a record in a configured zone", async () => {
    const program = await run({ domain: "shop.example.org", zoneId });
    expect(records(program)).toEqual([`${zoneId} CNAME *.shop.example.org`]);
    expect(program.one("aws:route53/record:Record", "router-shards-public-record").inputs.records).toEqual([
      "router-shards-public-service.elb.stub",
    ]);
  });

  test("leaves its record to the user if no zone is configured", async () => {
    const program = await run({ domain: "shop.example.org" });
    expect(records(program)).toEqual([]);
    expect(await program.output("routerRecords")).toEqual(["*.shop.example.org CNAME router-shards-public-service.elb.stub"]);
  });

  test("has its records written by this program in both zones if the cluster cannot reach Route 53", async () => {
    const restricted = {
      executor: "local",
      installerHost: true,
      mirror: "restricted",
      credentialsMode: "passthrough",
      installerHostImageId: "ami-0123456789abcdef0",
      releaseImage: `quay.io/okd/scos-release@sha256:${"0123456789abcdef".repeat(4)}`,
    };
    const program = await run({ scope: "Internal" }, restricted);
    expect(records(program)).toEqual(["Z0MADE CNAME *.public.dev.okd.example.com", "Z0PUBLIC CNAME *.public.dev.okd.example.com"]);
  });

  test("keeps its certificate's key secret", async () => {
    const { chain, key } = await makeServerCertificate(["*.public.dev.okd.example.com"]);
    const program = await run({ certificate: chain }, { routerCertificateKeys: { public: key } });
    const secret = program.one("kubernetes:core/v1:Secret", "router-shards-public-certificate");
    expect([secret.inputs.stringData, secret.readable.stringData]).toEqual([
      { "tls.crt": chain, "tls.key": key },
      { "tls.crt": chain, "tls.key": "[secret]" },
    ]);
    expect(program.isAfter(program.one("kubernetes:operator.openshift.io/v1:IngressController", "router-shards-public"), secret)).toBe(
      true,
    );
  });
});

describe("a shard behind a load balancer with WAF", () => {
  const waf = { rateLimit: 2000, allowedRanges: ["198.51.100.0/24"], alwaysAllowed: ["203.0.113.0/24"], blocked: ["192.0.2.0/24"] };
  const balancer = "router-shards-public-waf";
  let program: Program;
  beforeAll(async () => {
    answerWith([]);
    program = await run({ infraNodes: ["infra-0", "infra-1"], zoneId, waf });
  });

  test("has an Application Load Balancer in the public subnets, with a name that AWS accepts", () => {
    const { name, ...rest } = program.one("aws:lb/loadBalancer:LoadBalancer", balancer).inputs;
    expect(name).toMatch(new RegExp(`^${infraId}-w[0-9a-z]{3}$`));
    expect(rest).toMatchObject({
      loadBalancerType: "application",
      internal: false,
      subnets: ["a", "b", "c"].map((zone) => `network-public-us-east-1${zone}-id`),
      securityGroups: [`${balancer}-id`],
      dropInvalidHeaderFields: true,
    });
  });

  test("has its instances as targets by instance ID, on 443, with the health check on 1936", () => {
    expect(program.one("aws:lb/targetGroup:TargetGroup", balancer).inputs).toMatchObject({
      protocol: "HTTPS",
      port: 443,
      targetType: "instance",
      healthCheck: { protocol: "HTTP", port: "1936", path: "/healthz/ready", matcher: "200" },
    });
    const targets = program.all("aws:lb/targetGroupAttachment:TargetGroupAttachment").filter(({ name }) => name.startsWith(balancer));
    expect(targets.map((target) => say(target, "targetGroupArn", "targetId", "port")).sort()).toEqual([
      `arn:stub:${balancer} infra-0-id 443`,
      `arn:stub:${balancer} infra-1-id 443`,
    ]);
  });

  test("labels its nodes first, with a program that waits for them and gets the kubeconfig as a secret", () => {
    const commands = program.all("command:local:Command").filter(({ name }) => name.startsWith("router-shards-public-infra-"));
    const wanted = (action: string, key: string) => ({
      action,
      node: `node-of-${key}`,
      machine: `${key}-id`,
      labels: { "okd-aws/router": "public" },
      taints: [],
    });
    expect(commands.map(({ inputs }) => [inputs.create, inputs.delete].map((text) => JSON.parse(text as string) as object))).toEqual(
      ["infra-0", "infra-1"].map((key) => [wanted("set", key), wanted("remove", key)]),
    );
    expect(commands.map(({ readable }) => readable.stdin)).toEqual(["[secret]", "[secret]"]);
    const router = program.one("kubernetes:operator.openshift.io/v1:IngressController", "router-shards-public");
    expect(commands.filter((label) => !program.isAfter(router, label))).toEqual([]);
    expect(program.all("kubernetes:core/v1:NodePatch")).toEqual([]);
  });

  test("opens its own ports to its clients, and the instances' ports only to its load balancer", () => {
    const rules = program.all("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule").filter(({ name }) => name.startsWith(balancer));
    expect(
      rules.map((rule) => say(rule, "securityGroupId", "cidrIpv4", "referencedSecurityGroupId", "ipProtocol", "fromPort", "toPort")).sort(),
    ).toEqual([
      `${balancer}-id 198.51.100.0/24 tcp 443 443`,
      `${balancer}-id 198.51.100.0/24 tcp 80 80`,
      `security-groups-workers-id ${balancer}-id tcp 1936 1936`,
      `security-groups-workers-id ${balancer}-id tcp 443 443`,
    ]);
    const { tags } = program.one("aws:ec2/securityGroup:SecurityGroup", balancer).inputs as { tags: object };
    expect(Object.keys(tags)).not.toContain(`kubernetes.io/cluster/${infraId}`);
  });

  test("uses a current TLS policy and its own certificate, and redirects plain HTTP to HTTPS", () => {
    expect(program.one("aws:lb/listener:Listener", `${balancer}-https`).inputs).toMatchObject({
      port: 443,
      protocol: "HTTPS",
      sslPolicy: "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
      defaultActions: [{ type: "forward", targetGroupArn: `arn:stub:${balancer}` }],
    });
    expect(program.one("aws:lb/listener:Listener", `${balancer}-http`).inputs).toMatchObject({
      port: 80,
      defaultActions: [{ type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } }],
    });
    expect(program.one("aws:acm/certificate:Certificate").inputs).toMatchObject({
      domainName: "*.public.dev.okd.example.com",
      validationMethod: "DNS",
    });
    const validation = program.one("aws:acm/certificateValidation:CertificateValidation");
    expect(program.isAfter(program.one("aws:lb/listener:Listener", `${balancer}-https`), validation)).toBe(true);
  });

  test("has its DNS records in the configured zone and in the cluster's private zone, and a validation record for its certificate", () => {
    expect(records(program)).toEqual([
      "Z0123456789ABCDEFGHIJ A *.public.dev.okd.example.com",
      `Z0123456789ABCDEFGHIJ CNAME _proof.${balancer}`,
      "Z0MADE A *.public.dev.okd.example.com",
    ]);
  });

  test("has a web ACL with blocked, allowed and counted requests and AWS's rules, and logs each request", () => {
    const acl = program.one("aws:wafv2/webAcl:WebAcl").inputs as unknown as {
      rules: { name: string; priority: number; action?: object; overrideAction?: object; statement: object }[];
      defaultAction: object;
    };
    expect(acl.defaultAction).toEqual({ allow: {} });
    expect(
      acl.rules.map(({ name, priority, action, overrideAction }) => [priority, name, Object.keys(action ?? overrideAction ?? {})[0]]),
    ).toEqual([
      [0, "blocked", "block"],
      [1, "allowed", "allow"],
      [2, "rate", "block"],
      [3, "AWSManagedRulesCommonRuleSet", "none"],
      [4, "AWSManagedRulesKnownBadInputsRuleSet", "none"],
      [5, "AWSManagedRulesAmazonIpReputationList", "none"],
    ]);
    const sets = program.all("aws:wafv2/ipSet:IpSet").map(({ inputs }) => [inputs.name, inputs.addresses]);
    expect(sets).toEqual([
      [`${infraId}-public-blocked`, ["192.0.2.0/24"]],
      [`${infraId}-public-allowed`, ["203.0.113.0/24"]],
    ]);
    expect(program.one("aws:wafv2/webAclAssociation:WebAclAssociation").inputs).toEqual({
      resourceArn: `arn:stub:${balancer}`,
      webAclArn: `arn:stub:${balancer}-acl`,
    });
    expect(program.one("aws:cloudwatch/logGroup:LogGroup").inputs).toMatchObject({
      name: `aws-waf-logs-${infraId}-public`,
      retentionInDays: 90,
    });
    expect(program.one("aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration").inputs).toMatchObject({
      redactedFields: [{ singleHeader: { name: "authorization" } }, { singleHeader: { name: "cookie" } }],
    });
  });

  test("is open to everyone if no allowed CIDR blocks are configured, and can use an existing certificate", async () => {
    const certificateArn = "arn:aws:acm:us-east-1:123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef";
    const open = await run({ infraNodes: ["infra-0"], zoneId, waf: { certificateArn, ruleGroups: [] } });
    expect(open.one("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", `${balancer}-443-0.0.0.0/0`).inputs.cidrIpv4).toBe(
      "0.0.0.0/0",
    );
    expect(open.one("aws:lb/listener:Listener", `${balancer}-https`).inputs.certificateArn).toBe(certificateArn);
    expect(open.all("aws:acm/certificate:Certificate")).toEqual([]);
    expect(open.one("aws:wafv2/webAcl:WebAcl").inputs.rules).toEqual([]);
  });

  test("is checked for passthrough routes: the error names them, and if the API does not answer, the check returns the reason", async () => {
    const [own] = parseConfiguration(keysWith({ infraNodes: ["infra-0"], zoneId, waf: {} })).platform.routers.shards;
    answerWith([passthrough, { ...passthrough, spec: { tls: { termination: "edge" } } }]);
    expect(await findPassthrough("", own)).toEqual(["shop/raw"]);
    expect(new PassthroughError("public", ["shop/raw"]).message).toMatch(
      /^the router shard public admits passthrough routes, .*: shop\/raw\. Make them edge or reencrypt/,
    );
    ask.mockImplementation(() => Promise.resolve({ status: 503, body: "" }));
    expect(await findPassthrough("", own)).toMatch(/^the API answered .* with 503$/);
    ask.mockImplementation(() => Promise.reject(new Error("no answer within 5 s")));
    expect(await findPassthrough("", own)).toBe("no answer within 5 s");
  });
});
