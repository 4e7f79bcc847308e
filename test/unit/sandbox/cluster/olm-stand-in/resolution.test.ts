/** The versions that the stand-in for OLM selects for the Subscriptions of a namespace. */
import { type OlmCatalog, fromHeadDown } from "../../../../../sandbox/cluster/olm-stand-in/catalog";
import { defaultSources, operatorHubOf } from "../../../../../sandbox/cluster/olm-stand-in/default-sources";
import type { OlmCsv, OlmSource, OlmSubscription } from "../../../../../sandbox/cluster/olm-stand-in/objects";
import { type ResolvedBundle, resolveNamespace } from "../../../../../sandbox/cluster/olm-stand-in/resolution";

const versions = ["1.0.0", "1.1.0", "1.2.0"];
const catalog: OlmCatalog = {
  packages: [
    {
      name: "demo",
      defaultChannel: "stable",
      channels: [
        {
          name: "stable",
          entries: versions.map((version, index) => ({
            name: `demo.v${version}`,
            ...(index > 0 && { replaces: `demo.v${versions[index - 1]}` }),
          })),
        },
        {
          name: "skipping",
          entries: [{ name: "demo.v1.2.0", skipRange: ">=1.0.0 <1.2.0", skips: ["demo.v1.1.0"] }, { name: "demo.v1.1.0" }],
        },
        { name: "torn", entries: [{ name: "demo.v1.2.0", skipRange: "<1.2.0" }, { name: "demo.v1.1.0" }] },
      ],
    },
  ],
  bundles: versions.map((version) => ({ name: `demo.v${version}`, package: "demo", version, installModes: [], deployments: [] })),
};

const source = (name: string) => ({ metadata: { name, namespace: "openshift-marketplace" } }) as OlmSource;
const sub = (spec: Partial<OlmSubscription["spec"]>, installedCSV?: string, name = "demo") =>
  ({
    metadata: { name, namespace: "demo" },
    spec: { name: "demo", source: "team", sourceNamespace: "openshift-marketplace", channel: "stable", ...spec },
    status: { installedCSV, currentCSV: installedCSV },
  }) as OlmSubscription;
const csv = (version: string) => {
  const properties = JSON.stringify({ properties: [{ type: "olm.package", value: { packageName: "demo", version } }] });
  const metadata = { name: `demo.v${version}`, namespace: "demo", annotations: { "operatorframework.io/properties": properties } };
  return { metadata, spec: { version } } as unknown as OlmCsv;
};
const resolved = (subscriptions: readonly OlmSubscription[], csvs: readonly OlmCsv[] = []) =>
  resolveNamespace({ subscriptions, csvs, sources: [{ source: source("team"), catalog }] });
const names = (subscription: OlmSubscription, csvs: readonly OlmCsv[] = []) =>
  (resolved([subscription], csvs) as readonly ResolvedBundle[]).map(({ bundle, replaces }) => [bundle.name, replaces]);
const message = (...subscriptions: OlmSubscription[]) => (resolved(subscriptions) as { message: string }).message;

describe("in the stand-in for OLM, a Subscription", () => {
  it("gets the head of its channel, or its startingCSV", () => {
    expect(names(sub({}))).toEqual([["demo.v1.2.0", undefined]]);
    expect(names(sub({ startingCSV: "demo.v1.0.0" }))).toEqual([["demo.v1.0.0", undefined]]);
  });

  it("with an installed version gets the next version of the channel, whatever its startingCSV is", () => {
    expect(names(sub({ startingCSV: "demo.v1.2.0" }, "demo.v1.0.0"), [csv("1.0.0")])).toEqual([["demo.v1.1.0", "demo.v1.0.0"]]);
    expect(names(sub({}, "demo.v1.2.0"), [csv("1.2.0")])).toEqual([]);
  });

  it("gets the head at once if the head's skipRange includes the installed version", () => {
    expect(names(sub({ channel: "skipping" }, "demo.v1.0.0"), [csv("1.0.0")])).toEqual([["demo.v1.2.0", "demo.v1.0.0"]]);
  });

  // The messages that a real OLM wrote.
  it.each([
    [{ name: "nosuch" }, "no operators found in package nosuch in the catalog referenced by subscription demo, subscription demo exists"],
    [
      { channel: "nochan" },
      "no operators found in channel nochan of package demo in the catalog referenced by subscription demo, subscription demo exists",
    ],
    [
      { startingCSV: "demo.v0.9.0" },
      "no operators found with name demo.v0.9.0 in channel stable of package demo in the catalog referenced by subscription demo, subscription demo exists",
    ],
    [
      { source: "nosrc" },
      "no operators found from catalog nosrc in namespace openshift-marketplace referenced by subscription demo, subscription demo exists",
    ],
  ])("with %j has OLM's message", (spec, text) => {
    expect(message(sub(spec))).toBe(`constraints not satisfiable: ${text}`);
  });

  it("cannot be resolved while another Subscription in its namespace cannot be resolved or a catalog does not answer", () => {
    expect(message(sub({}), sub({ name: "nosuch" }, undefined, "other"))).toContain("subscription other exists");
    const sources = [
      { source: source("team"), catalog },
      { source: source("silent"), catalog: undefined },
    ];
    expect(resolveNamespace({ subscriptions: [sub({})], csvs: [], sources })).toMatchObject({
      reason: "ErrorPreventedResolution",
      message: expect.stringContaining("error using catalogsource openshift-marketplace/silent: failed to list bundles") as string,
    });
  });

  it("cannot be resolved while a version of its package exists that belongs to no Subscription", () => {
    expect(resolved([sub({ startingCSV: "demo.v1.0.0" })], [csv("1.0.0")])).toMatchObject({
      message: expect.stringContaining("clusterserviceversion demo.v1.0.0 exists and is not referenced by a subscription") as string,
    });
  });

  it.each(["demo.v1.1.0", "demo.v1.2.0"])("cannot be resolved while the version that %s has replaced exists", (installed) => {
    const old = installed === "demo.v1.1.0" ? "1.0.0" : "1.1.0";
    const csvs = [csv(old), csv(installed.slice("demo.v".length))];
    expect(resolved([sub({}, installed)], csvs)).toMatchObject({
      reason: "ConstraintsNotSatisfiable",
      message: expect.stringContaining(`clusterserviceversion demo.v${old} exists and is not referenced by a subscription`) as string,
    });
    expect(names(sub({}, installed), csvs.slice(1))).toEqual(installed === "demo.v1.1.0" ? [["demo.v1.2.0", "demo.v1.1.0"]] : []);
  });

  it("cannot be resolved in a channel with two heads, except by its startingCSV", () => {
    expect(names(sub({ channel: "torn", startingCSV: "demo.v1.1.0" }))).toEqual([["demo.v1.1.0", undefined]]);
    expect(resolved([sub({ channel: "torn" }, "demo.v1.1.0")], [csv("1.1.0")])).toEqual({
      reason: "ErrorPreventedResolution",
      message: expect.stringContaining(
        '2 replacement chains were found in channel "torn" of package "demo": demo.v1.2.0, demo.v1.1.0',
      ) as string,
    });
  });
});

test("a channel leaves out the versions that its head skips", () => {
  const entries = [{ name: "a" }, { name: "b", replaces: "a" }, { name: "c", replaces: "a", skips: ["b"] }];
  expect(fromHeadDown(entries, "demo", "stable").map(({ name }) => name)).toEqual(["c", "a"]);
});

test.each([
  ["4.19.3", ["redhat-operators", "certified-operators", "community-operators", "redhat-marketplace"]],
  ["4.22.1", ["redhat-operators", "certified-operators", "community-operators"]],
  ["4.19.0-okd-scos.1", ["community-operators"]],
])("the release %s has the catalogs %j", (version, expected) => {
  expect(defaultSources(operatorHubOf(version), version).enabled.map(({ metadata }) => metadata.name)).toEqual(expected);
});
