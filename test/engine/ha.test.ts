import { readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { projectDirectory } from "@okd-aws/sandbox";
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

/** The committed dev stack, without the installer host and without the configuration of the installed cluster. */
const { config } = load(readFileSync(join(projectDirectory, "Pulumi.dev.yaml"), "utf8")) as { config: StackConfiguration };
const devStack: StackConfiguration = infrastructureOf(config);
const region = String(devStack["aws:region"]);
const baseDomain = String(devStack["okd-aws:baseDomain"]);
const clusterDomain = `${String(devStack["okd-aws:clusterName"])}.${baseDomain}`;
const [admins] = devStack["okd-aws:adminCidrs"] as readonly [string];

/**
 * The dev stack without its installer host: three zones, three control plane nodes, three workers. The account is compared with the facts in
 * test/facts.
 */
describeTopology({ name: "ha", prepare: () => ({ configuration: devStack }) }, (standing) => {
  test("has the resources in test/facts, in the same numbers", async () => {
    const counts: Record<string, number> = {};
    for (const { type, custom } of (await standing().topology.state()).deployment.resources ?? []) {
      if (custom === true && !type.startsWith("pulumi:providers:")) counts[type] = (counts[type] ?? 0) + 1;
    }
    expect(counts).toEqual(infrastructureCounts);
  });

  describe("load balancers", () => {
    testBalancers(region, standing);
  });
  describe("security groups", () => {
    testSecurityGroups(region, { "machine-network": "10.0.0.0/16", admins }, standing);
  });
  describe("instances", () => {
    testMachines(region, standing);
  });
  describe("DNS records", () => {
    testNames(region, baseDomain, clusterDomain, standing);
  });
  describe("ignition configs", () => {
    testIgnition(region, clusterDomain, standing);
  });
  describe("secrets", () => {
    testSecrets(standing);
  });
  describe("the preview of a change", () => {
    testChanges(devStack, standing);
  });
});
