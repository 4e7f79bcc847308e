/** The wait for an operator: when it goes on, approves and gives up. The cluster is a list of states, one for each look. */
import type { OperatorState } from "../../../../steps/operator/objects";
import { removeOperator } from "../../../../steps/operator-removal/remove";
import { waitForOperator } from "../../../../steps/operator/wait";

const source = { name: "team", namespace: "openshift-marketplace" };
const request = { package: "demo", namespace: "demo", source, channel: "stable", startingCSV: "demo.v1.0.0" };
const timeouts = { total: 0.5, patience: 0.001, pause: 0.005 };

const empty: OperatorState = {
  groups: [{ metadata: { name: "demo" } }],
  subscriptions: [{ metadata: { name: "demo" }, spec: { name: "demo" } }],
  plans: [],
  csvs: [],
  sources: [{ metadata: { name: "team" }, status: { connectionState: { lastObservedState: "READY" } } }],
};
const planned: OperatorState = {
  ...empty,
  subscriptions: [
    { ...empty.subscriptions[0], status: { state: "UpgradePending", currentCSV: "demo.v1.0.0", installPlanRef: { name: "install-a" } } },
  ],
  plans: [
    {
      metadata: { name: "install-a" },
      spec: { approved: false, clusterServiceVersionNames: ["demo.v1.0.0"] },
      status: { phase: "RequiresApproval" },
    },
  ],
};
const version = (name: string, packageName: string) => ({
  metadata: {
    name,
    annotations: { "operatorframework.io/properties": JSON.stringify({ properties: [{ type: "olm.package", value: { packageName } }] }) },
  },
  spec: { version: "1.0.0" },
  status: { phase: "Succeeded" },
});
const installed: OperatorState = {
  ...empty,
  subscriptions: [
    { ...empty.subscriptions[0], status: { state: "AtLatestKnown", currentCSV: "demo.v1.0.0", installedCSV: "demo.v1.0.0" } },
  ],
  csvs: [version("demo.v1.0.0", "demo")],
};
const groupless: OperatorState = { ...empty, groups: [] };

/** The last look repeats. */
class Cluster {
  readonly approved: string[] = [];
  readonly deleted: string[] = [];

  constructor(private readonly looks: (OperatorState | Error)[]) {}

  state(): Promise<OperatorState> {
    const next = this.looks.length > 1 ? (this.looks.shift() ?? empty) : this.looks[0];
    return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
  }

  approve(namespace: string, plan: string): Promise<void> {
    this.approved.push(`${namespace}/${plan}`);
    return Promise.resolve();
  }

  deleteCsv(namespace: string, name: string): Promise<void> {
    this.deleted.push(`${namespace}/${name}`);
    return Promise.resolve();
  }
}

it("approves the plan, and says each state once", async () => {
  const cluster = new Cluster([empty, empty, planned, installed]);
  const said: string[] = [];
  await waitForOperator(cluster, request, { timeouts, say: (text) => said.push(text) });
  expect(cluster.approved).toEqual(["demo/install-a"]);
  expect(said).toEqual([
    "waits until OLM has found the version in the catalog",
    "approves demo.v1.0.0 (InstallPlan install-a)",
    "demo.v1.0.0 is installed in demo",
  ]);
});

it("forgets a problem that ends, and an API that answers again", async () => {
  const cluster = new Cluster([groupless, empty, new Error("no answer"), empty, groupless, installed]);
  await expect(waitForOperator(cluster, request, { timeouts: { ...timeouts, patience: 1 } })).resolves.toBeUndefined();
});

it("gives up when a problem lasts, with the problem and the operator's name", async () => {
  await expect(waitForOperator(new Cluster([empty, groupless]), request, { timeouts })).rejects.toThrow(
    "operator demo: The namespace demo has no OperatorGroup, so OLM installs nothing there.",
  );
  await expect(waitForOperator(new Cluster([new Error("no answer")]), request, { timeouts })).rejects.toThrow(
    "operator demo: The cluster's API does not answer: no answer",
  );
});

it("gives up when its time is over, with the last state", async () => {
  await expect(waitForOperator(new Cluster([empty]), request, { timeouts })).rejects.toThrow(
    /^operator demo was not installed within .* minutes. Its last state: waits until OLM has found the version in the catalog/,
  );
});

it("is undone by deleting the package's versions, and no others", async () => {
  const unknown = { metadata: { name: "by-hand" }, spec: {} };
  const csvs = [version("demo.v1.0.0", "demo"), version("demo.v1.1.0", "demo"), version("other.v1.0.0", "other"), unknown];
  const cluster = new Cluster([{ ...empty, csvs }]);
  await removeOperator(cluster, request);
  expect(cluster.deleted).toEqual(["demo/demo.v1.0.0", "demo/demo.v1.1.0"]);
});
