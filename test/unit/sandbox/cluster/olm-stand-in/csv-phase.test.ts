/** The phases of a ClusterServiceVersion in the stand-in for OLM. */
import { type CsvSurroundings, nextPhase } from "../../../../../sandbox/cluster/olm-stand-in/csv-phase";
import type { OlmCsv, OlmGroup } from "../../../../../sandbox/cluster/olm-stand-in/objects";

const now = new Date("2026-01-01T00:10:00Z");
const group = (...targetNamespaces: string[]) =>
  ({ metadata: { name: "g", namespace: "demo" }, spec: { targetNamespaces } }) as unknown as OlmGroup;
const csv = (phase: string, { reason = "", replaces = "", name = "demo.v1", since = "2026-01-01T00:09:00Z" } = {}) =>
  ({
    metadata: { name, namespace: "demo" },
    spec: {
      replaces,
      installModes: [{ type: "OwnNamespace", supported: true }],
      install: { strategy: "deployment", spec: { deployments: [{ name: "demo", spec: {} }] } },
    },
    status: { phase, reason, lastTransitionTime: since },
  }) as unknown as OlmCsv;
const deployment = (...conditions: object[]) =>
  ({ metadata: { name: "demo" }, status: { conditions } }) as unknown as CsvSurroundings["deployments"][number];
const available = deployment({ type: "Available", status: "True" });
const around = (more: Partial<CsvSurroundings> = {}): CsvSurroundings => ({
  groups: [group("demo")],
  csvs: [],
  requirements: [],
  deployments: [available],
  wanted: [{ apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "demo" } }],
  now,
  ...more,
});
const step = (found: OlmCsv, more: Partial<CsvSurroundings> = {}) => {
  const next = nextPhase(found, around(more));
  return next && [next.phase, next.reason];
};

it("a ClusterServiceVersion goes through the phases that a real OLM recorded", () => {
  expect(step(csv(""))).toEqual(["Pending", "RequirementsUnknown"]);
  expect(step(csv("Pending"))).toEqual(["InstallReady", "AllRequirementsMet"]);
  expect(step(csv("InstallReady"))).toEqual(["Installing", "InstallSucceeded"]);
  expect(step(csv("Installing"))).toEqual(["Succeeded", "InstallSucceeded"]);
});

it("a ClusterServiceVersion waits for its requirements, and at most five minutes for its Deployments", () => {
  const requirement = { group: "", version: "v1", kind: "ServiceAccount", name: "demo", status: "NotPresent", message: "" } as const;
  expect(step(csv("Pending"), { requirements: [requirement] })).toEqual(["Pending", "RequirementsNotMet"]);
  expect(step(csv("Installing"), { deployments: [deployment()] })).toEqual(["Installing", "InstallWaiting"]);
  expect(step(csv("Installing", { since: "2026-01-01T00:05:00Z" }), { deployments: [deployment()] })).toEqual([
    "Failed",
    "InstallCheckFailed",
  ]);
  const late = deployment({ type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded" });
  expect(step(csv("Installing"), { deployments: [late] })).toEqual(["Failed", "InstallCheckFailed"]);
});

it.each([
  [[], "NoOperatorGroup", "csv in namespace with no operatorgroups"],
  [[group(), group()], "TooManyOperatorGroups", "csv created in namespace with multiple operatorgroups, can't pick one automatically"],
  [
    [group("demo", "x")],
    "UnsupportedOperatorGroup",
    "MultiNamespace InstallModeType not supported, cannot configure to watch 2 namespaces",
  ],
  [[group()], "UnsupportedOperatorGroup", "AllNamespaces InstallModeType not supported, cannot configure to watch all namespaces"],
])("a ClusterServiceVersion fails with the OperatorGroups %j", (groups, reason, message) => {
  expect(nextPhase(csv("Succeeded"), around({ groups }))).toEqual({ phase: "Failed", reason, message });
  expect(step(csv("Failed", { reason }))).toEqual(["Pending", "RequirementsUnknown"]);
});

it("a ClusterServiceVersion has the phase Replacing before the next version is installed, and is deleted afterwards", () => {
  const old = csv("Succeeded");
  const next = csv("Pending", { name: "demo.v2", replaces: "demo.v1" });
  expect(step(next, { csvs: [old, next] })).toBeUndefined();
  expect(step(old, { csvs: [old, next] })).toEqual(["Replacing", "BeingReplaced"]);
  expect(step(next, { csvs: [csv("Replacing"), next] })).toEqual(["InstallReady", "AllRequirementsMet"]);
  expect(step(csv("Replacing"), { csvs: [csv("Replacing"), next] })).toBeUndefined();
  const installed = csv("Succeeded", { name: "demo.v2", replaces: "demo.v1" });
  expect(step(csv("Replacing"), { csvs: [csv("Replacing"), installed] })).toEqual(["Deleting", "Replaced"]);
});
