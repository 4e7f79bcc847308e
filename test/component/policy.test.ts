/**
 * The policy pack's rules, applied to the resources of the whole program. In every topology the program follows all rules. program.ts lists the
 * facts that this kind of test cannot prove.
 */
import { parseConfiguration } from "../../config/parse";
import { packSettings } from "../../tools/policy/settings";
import type { DeclaredResource as PolicyResource, PolicyRule, RuleSettings } from "../../policy/rule";
import { allRules } from "../../policy/rules";
import { publicListeners } from "../../policy/rules/public-listeners";
import { object } from "../../policy/value";
import { devStack } from "./configurations";
import { type Declared, Program } from "./program";

const manual = { credentialsMode: "manual" };
const kmsKey = "arn:aws:kms:us-east-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef";

const topologies: readonly (readonly [name: string, changes: Readonly<Record<string, unknown>>])[] = [
  ["the dev stack", {}],
  ["one with tags and a protected control plane", { tags: { team: "platform" }, protectMasters: true }],
  ["a private one", { publish: "Internal", adminCidrs: [] }],
  ["one with separate credentials for each component", manual],
  [
    "one with a file system, and roles of its driver",
    { ...manual, efsFileSystem: true, volumeKmsKeyArn: kmsKey, storageClasses: [{ type: "efs", name: "shared" }] },
  ],
  ["one with an installer host and its images in a bucket", { installerHost: true, registryStorage: "s3", volumeKmsKeyArn: kmsKey }],
  ["one with infra nodes and interface endpoints", { infraCount: 3, infraInstanceType: "r6i.xlarge", vpcEndpoints: ["ec2"] }],
  [
    "one in a region without images",
    { "aws:region": "us-gov-west-1", zones: ["us-gov-west-1a"], dnsManagement: "user", distribution: "okd", ...manual },
  ],
];

const plain = ({ type, urn, name, inputs, protect }: Declared): PolicyResource => ({
  type,
  urn,
  name,
  protect,
  properties: object(inputs) ?? {},
});

/** The problems that the rules find in a program: rule, resource and reason. */
function refusals(program: Program, settings: Readonly<Record<string, RuleSettings>>): string[] {
  const check = (rule: PolicyRule, resource: PolicyResource) => rule.check(resource, { ...rule.defaults, ...settings[rule.name] });
  return program.resources
    .map(plain)
    .flatMap((resource) =>
      allRules
        .filter((rule) => rule.appliesTo(resource.type))
        .flatMap((rule) => check(rule, resource).map(({ wrong, value }) => `${rule.name} ${resource.name}: ${wrong} (${value ?? ""})`)),
    );
}

describe("the policy pack finds no problem in", () => {
  test.each(topologies)("%s", async (_, changes) => {
    const configuration = devStack(changes);
    const program = await Program.run(configuration);
    expect(refusals(program, packSettings(parseConfiguration(configuration)))).toEqual([]);
    const listeners = program.all("aws:lb/listener:Listener");
    expect(listeners.length).toBeGreaterThan(0);
    const settings = packSettings(parseConfiguration(configuration))[publicListeners.name] as typeof publicListeners.defaults;
    for (const listener of listeners) {
      const behind = (type: string) => program.all(type).filter(({ urn }) => listener.dependencies.includes(urn));
      const loadBalancers = behind("aws:lb/loadBalancer:LoadBalancer").map(plain);
      expect(loadBalancers).toHaveLength(1);
      const targetGroups = behind("aws:lb/targetGroup:TargetGroup").map(plain);
      expect([listener.name, publicListeners.check({ listener: plain(listener), loadBalancers, targetGroups }, settings)]).toEqual([
        listener.name,
        [],
      ]);
    }
  });
});

describe("with the settings of another stack, the policy pack refuses", () => {
  const others = async (changes: Readonly<Record<string, unknown>>, settings: Readonly<Record<string, unknown>>) =>
    refusals(await Program.run(devStack(changes)), packSettings(parseConfiguration(devStack(settings))));
  const rulesOf = (found: readonly string[]) => [...new Set(found.map((text) => text.split(" ")[0]))];

  test("the issuer's public bucket if the other stack is not in manual mode", async () => {
    const found = await others(manual, { credentialsMode: "mint" });
    expect(found.map((text) => text.slice(0, text.indexOf(":")))).toEqual([
      "public-buckets cloud-credentials-issuer-access",
      "public-buckets cloud-credentials-issuer-policy",
    ]);
  });

  test("unprotected control plane instances, and no other instance", async () => {
    const found = await others({}, { protectMasters: true });
    expect(found.map((text) => text.slice(0, text.indexOf(":")))).toEqual([0, 1, 2].map((number) => `protected-masters masters-${number}`));
  });

  test("public resources if the other stack is private", async () => {
    expect(rulesOf(await others({}, { publish: "Internal" }))).toEqual(["exposure"]);
  });

  test("SSH from CIDR blocks that the other stack does not allow, and missing tags of the other stack", async () => {
    expect(await others({}, { adminCidrs: [] })).toHaveLength(2);
    expect(rulesOf(await others({}, { tags: { team: "platform" } }))).toEqual(["tags"]);
  });
});
