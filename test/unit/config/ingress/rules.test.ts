import { readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { Secret } from "../../../../config/secret";
import { makeServerCertificate, type TestCertificate } from "../../../certificates";
import { AIR_GAPPED, problemKeys, IN_EXISTING_VPC, problemsOf, withKeys } from "../fixture";
import { type RefusedConfiguration, testRefusals } from "../refusals";
import { BEHIND_WAF, onlyShard, configuredRouters, shardOf, ZONE } from "./router-shards-fixture";

const one = (changes: Readonly<Record<string, unknown>>, keys: Readonly<Record<string, unknown>> = {}) => ({
  routerShards: [shardOf("public", changes)],
  ...keys,
});
const two = (changes: Readonly<Record<string, unknown>>, others: Readonly<Record<string, unknown>>) => ({
  routerShards: [shardOf("public", changes), shardOf("private", others)],
});
const expression = (key: string, operator: string, values?: readonly string[]) => ({
  namespaceSelector: { matchExpressions: [{ key, operator, ...(values && { values }) }] },
});
const infra = { infraCount: 2 };
const blame = ["routerShards"];

const REFUSED: readonly RefusedConfiguration[] = [
  ["two shards of the same namespaces", two({}, { namespaceSelector: { matchLabels: { exposure: "public" } } }), blame],
  ["two shards that share one value", two(expression("team", "In", ["a", "b"]), expression("team", "In", ["b", "c"])), blame],
  ["two shards that select by different labels", two(expression("team", "In", ["a"]), expression("stage", "In", ["test"])), blame],
  [
    "two shards that select the same namespaces and could admit the same routes",
    two(
      { ...expression("team", "Exists"), routeSelector: { matchLabels: { tier: "1" } } },
      { ...expression("team", "Exists"), routeSelector: { matchExpressions: [{ key: "stage", operator: "NotIn", values: ["x"] }] } },
    ),
    blame,
  ],
  ["two shards with the same name", { routerShards: [shardOf("public"), shardOf("public", { domain: "other.example.org" })] }, blame],
  ["two shards with the same domain", two({ domain: "x.example.org" }, { domain: "x.example.org" }), blame],
  ["the default router's name", one({ name: "default" }), blame],
  ["an invalid name", one({ name: "Public_1" }), blame],
  ["an invalid domain", one({ domain: "not a domain" }), blame],
  ["a URL instead of a domain", one({ domain: "https://public.dev.okd.example.com" }), blame],
  ["the default router's domain", one({ domain: "apps.dev.okd.example.com" }), blame],
  ["a domain below the default router's domain", one({ domain: "x.apps.dev.okd.example.com" }), blame],
  ["the cluster's own domain", one({ domain: "dev.okd.example.com" }), blame],
  ["an unknown scope", one({ scope: "Public" }), blame],
  ["a shard without a selector", one({ namespaceSelector: undefined }), blame],
  ["a shard that selects every namespace", one({ namespaceSelector: {} }), blame],
  ["a shard that selects by two labels at once", one({ namespaceSelector: { matchLabels: { a: "1", b: "2" } } }), blame],
  ["a shard that selects namespaces without a label", one(expression("exposure", "DoesNotExist")), blame],
  ["a shard that selects namespaces with any other value", one(expression("exposure", "NotIn", ["private"])), blame],
  ["a shard that selects by a label of OpenShift", one(expression("openshift.io/cluster-monitoring", "In", ["true"])), blame],
  [
    "a shard that selects a namespace of OpenShift",
    one(expression("kubernetes.io/metadata.name", "In", ["shop", "openshift-console"])),
    blame,
  ],
  ["a shard that selects every namespace by its name", one(expression("kubernetes.io/metadata.name", "Exists")), blame],
  ["an operator without values", one(expression("exposure", "In")), blame],
  ["values for an operator that has no values", one(expression("exposure", "Exists", ["x"])), blame],
  ["an unknown operator", one(expression("exposure", "Equals", ["x"])), blame],
  ["an invalid label", one(expression("not a label", "In", ["x"])), blame],
  [
    "an invalid route selector",
    one({
      routeSelector: {
        matchExpressions: [
          { key: "a", operator: "Exists" },
          { key: "a", operator: "DoesNotExist" },
        ],
      },
    }),
    blame,
  ],
  ["two shards that write the same record", one({ zoneId: ZONE }), blame],
  ["an internal NLB", one({ scope: "Internal", loadBalancer: "NLB" }), blame],
  ["an idle timeout of an NLB", one({ idleTimeout: 60 }), blame],
  [
    "Elastic IP addresses of an internal load balancer",
    one({ scope: "Internal", eipAllocationIds: ["eipalloc-0123456789abcdef0"] }),
    blame,
  ],
  [
    "fewer addresses than subnets",
    one({ subnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"], eipAllocationIds: ["eipalloc-0123456789abcdef0"] }),
    blame,
  ],
  ["subnets before 4.17", one({ subnetIds: ["subnet-0123456789abcdef0"] }, { release: "4.16.0-okd-scos.1" }), blame],
  ["an invalid CIDR block", one({ allowedSourceRanges: ["10.0.0.1/8"] }), blame],
  ["an invalid toleration", one({ tolerations: ["infra"] }), blame],
  ["a worker instead of an infra node", one({ infraNodes: ["worker-0"] }), blame],
  ["an infra node that does not exist", one({ infraNodes: ["infra-2"] }, infra), blame],
  ["an internal WAF", one({ ...BEHIND_WAF, scope: "Internal" }, infra), blame],
  ["a WAF without infra nodes", one({ ...BEHIND_WAF, infraNodes: [] }, infra), blame],
  ["a WAF without a zone", one({ ...BEHIND_WAF, zoneId: undefined }, infra), blame],
  ["more router replicas than infra nodes behind a WAF", one({ ...BEHIND_WAF, replicas: 3 }, infra), blame],
  ["a load balancer type behind a WAF", one({ ...BEHIND_WAF, loadBalancer: "NLB", allowedSourceRanges: ["10.0.0.0/8"] }, infra), blame],
  ["two shards with WAF on the same infra nodes", { ...two(BEHIND_WAF, BEHIND_WAF), ...infra }, blame],
  ["a rate limit below AWS's minimum", one({ ...BEHIND_WAF, waf: { rateLimit: 9 } }, infra), blame],
  ["a rule group that AWS does not have", one({ ...BEHIND_WAF, waf: { ruleGroups: ["AWSManagedRulesEverything"] } }, infra), blame],
  [
    "a certificate of another AWS service",
    one({ ...BEHIND_WAF, waf: { certificateArn: "arn:aws:iam::123456789012:server-certificate/x" } }, infra),
    blame,
  ],
  [
    "a public shard in a private VPC",
    one(
      {},
      {
        ...IN_EXISTING_VPC,
        publicSubnetIds: undefined,
        publish: "Internal",
        executor: "local",
        installerHost: false,
        installerHostImageId: "",
      },
    ),
    blame,
  ],
  ["a public shard of a disconnected cluster", one({}, AIR_GAPPED), blame],
  ["an invalid destination of the access log", one({ accessLogging: "syslog.example.com:514" }), blame],
  ["an unknown field", one({ domains: "x" }), blame],
  ["an invalid certificate", one({ certificate: "x" }), blame],
  [
    "settings for a shard that does not exist",
    { routerCertificateKeys: { other: "-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----" } },
    ["routerCertificateKeys"],
  ],
  ["an invalid destination of the default router's access log", { defaultRouterAccessLogging: "10.0.0.9" }, ["defaultRouterAccessLogging"]],
  [
    "an invalid CIDR block of the default router",
    { defaultRouterAllowedSourceRanges: ["everywhere"] },
    ["defaultRouterAllowedSourceRanges"],
  ],
];

testRefusals(REFUSED);

test("the problem names two shards that could admit the same route", () => {
  const [problem] = problemsOf(withKeys(two({}, { namespaceSelector: { matchLabels: { exposure: "public" } } })));
  expect(problem.wrong).toMatch(/^items 1 \(public\) and 2 \(private\) could admit the same route/);
});

test.each<[string, Readonly<Record<string, unknown>>]>([
  ["values of the same label", two({}, {})],
  ["values of the same label in lists", two(expression("team", "In", ["a", "b"]), expression("team", "In", ["c"]))],
  [
    "routes of the same namespace",
    two(
      { ...expression("team", "Exists"), routeSelector: { matchLabels: { tier: "1" } } },
      { ...expression("team", "Exists"), routeSelector: { matchExpressions: [{ key: "tier", operator: "NotIn", values: ["1"] }] } },
    ),
  ],
  [
    "names of namespaces",
    two(expression("kubernetes.io/metadata.name", "In", ["shop"]), expression("kubernetes.io/metadata.name", "In", ["blog"])),
  ],
])("shards with different %s are accepted", (_, keys) => {
  expect(problemKeys(keys)).toEqual([]);
});

describe("a shard's certificate", () => {
  let own: TestCertificate;
  let other: TestCertificate;
  beforeAll(async () => {
    [own, other] = await Promise.all([
      makeServerCertificate(["*.public.dev.okd.example.com"]),
      makeServerCertificate(["*.public.dev.okd.example.com"]),
    ]);
  });

  test("is accepted with its own key, which stays secret", () => {
    const { certificate } = onlyShard({ certificate: own.chain }, { routerCertificateKeys: { public: own.key } });
    expect(certificate).toEqual({ chain: own.chain, key: expect.any(Secret) as Secret });
    expect(certificate?.key.reveal()).toBe(own.key);
    expect(JSON.stringify(certificate)).not.toContain("PRIVATE KEY");
  });

  test("is refused with the key of another certificate, without a key, and for another domain, and the problem shows no key", () => {
    const problems = [
      problemsOf(withKeys(one({ certificate: own.chain }, { routerCertificateKeys: { public: other.key } }))),
      problemsOf(withKeys(one({ certificate: own.chain }))),
      problemsOf(withKeys(one({ domain: "shop.example.org", certificate: own.chain }, { routerCertificateKeys: { public: own.key } }))),
    ];
    expect(problems.map((each) => each.map(({ wrong }) => wrong.replace(/^item 1 \(public\): /, "").slice(0, 45)))).toEqual([
      ["certificate does not match its key in routerC"],
      ["has a certificate, but routerCertificateKeys "],
      ["certificate is not for *.shop.example.org, bu"],
    ]);
    expect(JSON.stringify(problems)).not.toContain(other.key.split("\n")[1]);
  });

  test("is refused if its text also contains the private key", () => {
    expect(problemKeys(one({ certificate: own.chain + own.key }, { routerCertificateKeys: { public: own.key } }))).toEqual([
      "routerShards",
    ]);
  });
});

describe("a router shard's defaults", () => {
  test("are two pods, a Network Load Balancer for scope External and a Classic Load Balancer for scope Internal", () => {
    const kinds = (["External", "Internal"] as const).map((scope) => {
      const { publishing, replicas, forwardedHeaderPolicy, record } = onlyShard({ scope });
      return [publishing.kind === "balancer" && publishing.type, replicas, forwardedHeaderPolicy, record.by];
    });
    expect(kinds).toEqual([
      ["NLB", 2, undefined, "cluster"],
      ["Classic", 2, undefined, "cluster"],
    ]);
  });

  test("behind a WAF are a pod on each configured infra node, and a router that keeps the load balancer's forwarded headers", () => {
    const { publishing, replicas, forwardedHeaderPolicy } = onlyShard({ ...BEHIND_WAF, infraNodes: ["infra-1"] }, infra);
    expect([publishing.kind, replicas, forwardedHeaderPolicy]).toEqual(["waf", 1, "IfNone"]);
  });

  test.each([
    ["the cluster, for a domain below its own domain", {}, { by: "cluster" }],
    ["this program, if the configuration names the zone", { domain: "shop.example.org", zoneId: ZONE }, { by: "zone", zoneId: ZONE }],
    ["the user, for any other domain", { domain: "shop.example.org" }, { by: "user" }],
    ["the user, for a domain that only ends with the same letters as the cluster's", { domain: "mydev.okd.example.com" }, { by: "user" }],
  ])("say who writes the shard's DNS record: %s", (_, changes, record) => {
    expect(onlyShard(changes).record).toEqual(record);
  });
});

test("an empty configuration has no router shards", () => {
  expect(configuredRouters({})).toEqual({
    default: { placement: { nodeSelector: {}, tolerations: [] }, allowedSourceRanges: [], scope: "External" },
    shards: [],
  });
});

test("every example of docs/router-shards.md is a valid configuration", () => {
  const guide = readFileSync(join(__dirname, "../../../../docs/router-shards.md"), "utf8");
  const examples = [...guide.matchAll(/```yaml\n([\s\S]*?)```/g)].map(
    ([, text]) => (load(text) as { config: Record<string, unknown> }).config,
  );
  expect(examples).toHaveLength(3);
  for (const example of examples) {
    const keys = Object.fromEntries(Object.entries(example).map(([key, value]) => [key.replace("okd-aws:", ""), value]));
    expect(problemsOf(withKeys(keys))).toEqual([]);
  }
});
