import { readFileSync, writeFileSync } from "node:fs";
import { plannedChanges } from "../../../campaign/plan-changes";
import { goldenFile, readFixture, standing, summaryOf } from "./fixture";

/** By change: the texts that the first five lines of a pull request's comment must contain. */
const seen: Readonly<Record<string, readonly (string | RegExp)[]>> = {
  "scale-workers": ["Creates 2 instances", "costs $299.52 a month", "`workerCount`: 3 → 5"],
  "worker-type": [
    "stops workers for about 5 minutes",
    "without draining",
    "$1,252.00 → $1,672.48",
    "`workerInstanceType`: not set → m6i.2xlarge",
  ],
  "master-type": [
    "restarts control plane instances one by one",
    /Changed `masters-0`, `masters-1`, `masters-2`: stops and starts control plane instances one by one/,
    "costs $420.48 a month",
  ],
  "worker-volume": ["can't be made smaller again", "`workers-0`, `workers-1`, `workers-2`", "costs $19.20 a month"],
  "open-port": ["opens tcp 22 of installer-host-group to 203.0.113.0/24", "no resource with a price changes"],
  "rotate-password": ["replaces a secret", "its host fetches the new one within ten minutes", "`registryRotation`: not set → 2"],
  "one-nat-gateway": ["releases public addresses permanently", "cuts open connections to the internet", "saves $82.00 a month"],
  "audit-profile": ["one by one, without an interruption", "`auditProfile`: WriteRequestBodies → None"],
  "rename-component": [
    "Deletes 21 resources, updates 3, creates 21, interrupts the API",
    /⚠ Only renamed in the program, but replaced: .*and 19 more/,
    "with an alias for the old name nothing changes",
  ],
  "add-shard": ["opens router partner (\\*.partner.dev.okd.example.com) to the internet", "changes which routes the default router serves"],
  "shard-domain": [
    "takes every application under public.dev.okd.example.com down",
    "moves the router shard from \\*.public.dev.okd.example.com to \\*.shop.dev.okd.example.com",
    /⚠ Opens router public \(\\\*\.shop/,
  ],
  "new-release": ["permanently updates the cluster to 4.22.0-okd-scos.8", "all nodes restart one by one"],
};

test("this test lists points for each recorded change", () => {
  expect(Object.keys(seen).sort()).toEqual(plannedChanges.map(({ name }) => name).sort());
});

describe.each(Object.keys(seen))("the plan of the recorded change %s", (name) => {
  const text = summaryOf(readFixture(name), standing());

  test("equals its golden text", () => {
    // UPDATE_GOLDEN=plan-texts writes the golden texts again, from the recorded previews.
    if (process.env.UPDATE_GOLDEN === "plan-texts") writeFileSync(goldenFile(name), text);
    expect(text).toBe(readFileSync(goldenFile(name), "utf8"));
  });

  test("has its listed points in the first five lines", () => {
    const lines = text.split("\n").slice(0, 5).join("\n");
    for (const point of seen[name]) expect(lines).toMatch(typeof point === "string" ? new RegExp(escape(point)) : point);
  });

  test("has no markup on a terminal", () => {
    const plain = summaryOf(readFixture(name), standing(), "terminal");
    expect(plain).not.toMatch(/\*\*|`|&#64;|\\/);
    expect(plain.split("\n")[0].length).toBeGreaterThan(10);
  });
});

function escape(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
