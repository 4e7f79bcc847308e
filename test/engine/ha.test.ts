import { readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { projectDirectory } from "../../sandbox/sandbox";
import { infrastructureCounts, infrastructureOf } from "../facts/dev-stack";
import { testBalancers } from "./dev-stack/balancers";
import { testChanges } from "./dev-stack/changes";
import { testIgnition } from "./dev-stack/ignition";
import { testMachines } from "./dev-stack/machines";
import { testNames } from "./dev-stack/names";
import { testSecrets } from "./dev-stack/secrets";
import { testSecurityGroups } from "./dev-stack/security-groups";
import { describeTopology } from "./life-cycle";
import type { StackConfiguration } from "./topology";

/** The dev stack itself, as it is committed, but for the installer host, and for what comes after the installation. */
const { config } = load(readFileSync(join(projectDirectory, "Pulumi.dev.yaml"), "utf8")) as { config: StackConfiguration };
const devStack: StackConfiguration = infrastructureOf(config);
const region = String(devStack["aws:region"]);
const baseDomain = String(devStack["okd-aws:baseDomain"]);
const clusterDomain = `${String(devStack["okd-aws:clusterName"])}.${baseDomain}`;
const [admins] = devStack["okd-aws:adminCidrs"] as readonly [string];

/** The dev stack without its installer host: three zones, three masters, three workers, held in the account against the reference. */
describeTopology({ name: "ha", prepare: () => ({ configuration: devStack }) }, (standing) => {
  test("consists of the resources of the reference, in these numbers", async () => {
    const counts: Record<string, number> = {};
    for (const { type, custom } of (await standing().topology.state()).deployment.resources ?? []) {
      if (custom === true && !type.startsWith("pulumi:providers:")) counts[type] = (counts[type] ?? 0) + 1;
    }
    expect(counts).toEqual(infrastructureCounts);
  });

  describe("balancers", () => {
    testBalancers(region, standing);
  });
  describe("security groups", () => {
    testSecurityGroups(region, { "machine-network": "10.0.0.0/16", admins }, standing);
  });
  describe("machines", () => {
    testMachines(region, standing);
  });
  describe("names", () => {
    testNames(region, baseDomain, clusterDomain, standing);
  });
  describe("ignition configs", () => {
    testIgnition(region, clusterDomain, standing);
  });
  describe("secrets", () => {
    testSecrets(standing);
  });
  describe("a change in advance:", () => {
    testChanges(devStack, standing);
  });
});
