import { checkConfiguration } from "../../../config/parse";
import { type Facts, rule } from "../../../config/rule";
import type { Warning } from "../../../config/warning";
import { warningsAbout } from "../../../config/warnings";
import { OPENSHIFT, PULL_SECRET_JSON, RESTRICTED, WITHOUT_HOST, withKeys } from "./fixture";

const warningsOf = (changes: Readonly<Record<string, unknown>>) => checkConfiguration(withKeys(changes)).warnings;

describe("a pre-release of OKD or OpenShift", () => {
  test.each([
    [{ release: "4.19.0-okd-scos.ec.4" }, "4.19.0-okd-scos.ec.4 is an engineering candidate"],
    [{ release: "4.19.0-okd-scos.rc.1" }, "4.19.0-okd-scos.rc.1 is a release candidate"],
    [{ ...OPENSHIFT, release: "4.19.0-ec.3" }, "4.19.0-ec.3 is an engineering candidate"],
    [{ ...OPENSHIFT, release: "4.19.0-rc.0" }, "4.19.0-rc.0 is a release candidate"],
  ])("is accepted with a warning: %j", (keys, text) => {
    expect(warningsOf(keys)).toEqual([
      {
        key: "release",
        text: expect.stringContaining(text) as string,
        fix: expect.stringMatching(/^pulumi config set release 4\.22\./) as string,
      },
    ]);
  });

  test("has a warning, and a final release has none", () => {
    expect([...warningsOf({}), ...warningsOf(OPENSHIFT)]).toEqual([]);
  });
});

test("public addresses for pods and services are accepted with a warning", () => {
  const warnings = warningsOf({ clusterNetworkCidr: "8.0.0.0/14", serviceNetworkCidr: "9.0.0.0/16" });
  expect(warnings.map(({ key, text }) => [key, text.slice(0, 44)])).toEqual([
    ["clusterNetworkCidr", "8.0.0.0/14 contains public addresses of the "],
    ["serviceNetworkCidr", "9.0.0.0/16 contains public addresses of the "],
  ]);
});

describe("a public router that the cluster's operators can't reach", () => {
  const ranges = { defaultRouterAllowedSourceRanges: ["198.51.100.0/24"] };
  const proxy = { httpProxy: "http://proxy.example.com:3128", httpsProxy: "http://proxy.example.com:3128" };
  const inside = { publish: "Internal", adminCidrs: [] };
  const about = (key: string, text: string): unknown[] => [expect.objectContaining({ key, text: expect.stringContaining(text) as string })];

  test("gives a warning if its allowed CIDR blocks may lack the proxy's public address", () => {
    expect(warningsOf({ ...ranges, ...proxy })).toEqual(about("defaultRouterAllowedSourceRanges", "the proxy's public address"));
    expect([...warningsOf(ranges), ...warningsOf(proxy)]).toEqual([]);
    expect(warningsOf({ ...WITHOUT_HOST, ...ranges, ...proxy, ...inside })).toEqual([]);
  });

  test("gives a warning if the nodes have no route to the internet", () => {
    expect(warningsOf({ ...RESTRICTED })).toEqual(about("publish", "can't reach with mirror restricted. The operators"));
    expect(warningsOf({ ...RESTRICTED, ...inside })).toEqual([]);
  });
});

describe("more tags than a hosted zone can have", () => {
  const tags = Object.fromEntries(["i", "h", "g", "f", "e", "d", "c", "b", "a"].map((key) => [key, "x"]));

  test("give a warning", () => {
    expect(warningsOf({ tags })).toEqual([
      expect.objectContaining({ key: "tags", text: expect.stringContaining('The zone does not get "h", "i".') as string }),
    ]);
  });

  test.each([
    ["with seven of them", { tags: { a: "1", b: "2", c: "3", d: "4", e: "5", f: "6", g: "7" } }],
    ["without a zone", { tags, dnsManagement: "user" }],
  ])("give no warning %s", (_, keys) => {
    expect(warningsOf(keys).filter(({ text }) => text.includes("hosted zone"))).toEqual([]);
  });
});

test("tags with = in the key or value, which the cloud controller cuts at the =, give a warning", () => {
  expect(warningsOf({ tags: { "cost-center": "a=b", "x=y": "z", team: "platform" } })).toEqual([
    expect.objectContaining({ key: "tags", text: expect.stringContaining('the tags "cost-center", "x=y" are cut at the "="') as string }),
  ]);
});

test("a secret is masked in a warning, even if the rule puts the secret into the warning's text", () => {
  const facts = {
    pullSecret: PULL_SECRET_JSON,
    githubClientSecrets: { github: "hunter2" },
    bastionPrivateKey: "",
    httpProxy: "https://robot:hun@ter3@proxy.example.com:3128",
  } as unknown as Facts;
  const careless = rule<"pullSecret" | "httpProxy", Warning>(["pullSecret", "httpProxy"], ({ pullSecret, httpProxy }) => [
    { key: "pullSecret", text: `${pullSecret} and ${httpProxy}`, fix: `pulumi config set pullSecret '${pullSecret}'` },
  ]);
  expect(warningsAbout(facts, [careless])).toEqual([
    {
      key: "pullSecret",
      text: "[secret] and https://[secret]@proxy.example.com:3128",
      fix: "pulumi config set pullSecret '[secret]'",
    },
  ]);
});
