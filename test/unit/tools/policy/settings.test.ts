import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseConfiguration } from "../../../../config/parse";
import { withPack } from "../../../../tools/policy/pack";
import { packSettings } from "../../../../tools/policy/settings";
import { plainValue, unknown } from "../../../../policy/value";
import { withKeys } from "../../config/fixture";
import { BEHIND_WAF, shardOf } from "../../config/ingress/router-shards-fixture";

// The proxy through which the Pulumi engine's values reach a policy. The package's index does not export it.
const { unknownCheckingProxy, unknownStringValue } = jest.requireActual<{
  unknownCheckingProxy: (given: object) => object;
  unknownStringValue: string;
}>("@pulumi/policy/proxy");

const of = (keys: Readonly<Record<string, unknown>>) => packSettings(parseConfiguration(withKeys(keys)));

describe("the policy settings of a stack", () => {
  test("are derived from its configuration", () => {
    const settings = of({
      executor: "local",
      clusterName: "dev",
      baseDomain: "example.com",
      tags: { team: "platform" },
      adminCidrs: ["198.51.100.0/24"],
      credentialsMode: "manual",
      protectMasters: false,
    });
    expect(settings).toMatchObject({
      "machine-config-server": { machineRanges: ["10.0.0.0/16"] },
      exposure: { machineRanges: ["10.0.0.0/16"], adminRanges: ["198.51.100.0/24"], publicPorts: ["80", "443", "6443"] },
      "public-listeners": { publicPorts: ["80", "443", "6443"] },
      "public-buckets": { issuerPrefix: "dev" },
      tags: { tags: { team: "platform", "okd-aws/cluster": "dev.example.com" } },
      "protected-masters": { protectMasters: false },
      regions: { regions: ["us-east-1"] },
      "instance-types": { instanceTypes: expect.arrayContaining(["m6i.xlarge"]) as unknown },
    });
  });

  test("have no public ports for a private cluster, and no token issuer in mint mode", () => {
    const settings = of({ executor: "local", publish: "Internal", credentialsMode: "mint" });
    expect([settings.exposure.publicPorts, settings["public-listeners"].publicPorts]).toEqual([[], []]);
    expect(settings["public-buckets"]).toEqual({ issuerPrefix: "" });
  });

  test("have public ports 80 and 443, and not the API's port, for a private cluster with applications behind a WAF", () => {
    const settings = of({ publish: "Internal", executor: "local", infraCount: 2, routerShards: [shardOf("public", BEHIND_WAF)] });
    expect(settings.exposure.publicPorts).toEqual(["80", "443"]);
  });

  test("approve only the configured regions and instance types", () => {
    const settings = of({ approvedRegions: ["us-east-1", "eu-west-1"], approvedInstanceTypes: ["m6i.*"] });
    expect([settings.regions, settings["instance-types"]]).toEqual([{ regions: ["us-east-1", "eu-west-1"] }, { instanceTypes: ["m6i.*"] }]);
  });

  test("approve the instance types of all pools with instances", () => {
    const settings = of({ infraCount: 0, infraInstanceType: "r6i.2xlarge", workerInstanceType: "c6i.2xlarge", workerCount: 2 });
    expect(settings["instance-types"].instanceTypes).toContain("c6i.2xlarge");
    expect(settings["instance-types"].instanceTypes).not.toContain("r6i.2xlarge");
  });

  test("contain no secret", () => {
    const secret = "c2VjcmV0OnNlY3JldA==";
    expect(JSON.stringify(of({ pullSecret: JSON.stringify({ auths: { "quay.io": { auth: secret } } }) }))).not.toContain(secret);
  });
});

describe("an operation with the policy pack", () => {
  let project: string;
  beforeEach(() => {
    project = mkdtempSync(join(tmpdir(), "pack-"));
    mkdirSync(join(project, "policy"));
    writeFileSync(join(project, "policy", "PulumiPolicy.yaml"), "runtime: nodejs\n");
  });
  afterEach(() => {
    rmSync(project, { recursive: true });
  });

  test("has a private file with the settings, which is always deleted afterwards", async () => {
    let file = "";
    const failing = withPack(project, withKeys({}), ({ policyPacks, policyPackConfigs }) => {
      [file = ""] = policyPackConfigs ?? [];
      expect(policyPacks).toEqual([join(project, "policy")]);
      expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(of({}));
      expect(statSync(file).mode & 0o777).toBe(0o600);
      return Promise.reject(new Error("it failed"));
    });
    await expect(failing).rejects.toThrow("it failed");
    expect([file === "", existsSync(file)]).toEqual([false, false]);
  });

  test("has no file for an invalid configuration: the pack's defaults apply until the program reports the problems", async () => {
    expect(await withPack(project, { "okd-aws:clusterName": "Dev_1" }, (options) => Promise.resolve(options))).toEqual({
      policyPacks: [join(project, "policy")],
    });
  });

  test("runs without a pack if the project has none", async () => {
    rmSync(join(project, "policy"), { recursive: true });
    expect(await withPack(project, withKeys({}), (options) => Promise.resolve(options))).toEqual({});
  });
});

test("the policy pack's copy of a resource's properties marks unknown values, even in lists", () => {
  const given = unknownCheckingProxy({
    a: unknownStringValue,
    b: [{ c: unknownStringValue, d: 1 }, unknownStringValue],
    e: null,
    f: { g: "x" },
  });
  expect(plainValue(given)).toEqual({ a: unknown, b: [{ c: unknown, d: 1 }, unknown], e: null, f: { g: "x" } });
});
