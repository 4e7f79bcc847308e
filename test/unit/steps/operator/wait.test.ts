/** The wait for an operator continues, approves InstallPlans or gives up. The tests' cluster is a list of states, one for each look. */
import { RefusedByApi } from "../../../../lib/kubernetes/client";
import type { InstallPlan, OperatorState } from "../../../../steps/operator/objects";
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
  copies: [],
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
  readonly discarded: string[] = [];
  woken = 0;
  /** Errors with which the API answers the first approvals. */
  readonly refusals: Error[] = [];

  constructor(private readonly looks: (OperatorState | Error)[]) {}

  state(): Promise<OperatorState> {
    const next = this.looks.length > 1 ? (this.looks.shift() ?? empty) : this.looks[0];
    return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
  }

  approve(namespace: string, plan: string): Promise<void> {
    this.approved.push(`${namespace}/${plan}`);
    const refusal = this.refusals.shift();
    return refusal === undefined ? Promise.resolve() : Promise.reject(refusal);
  }

  versions(): Promise<ReadonlyMap<string, string>> {
    return Promise.reject(new Error("no packagemanifest"));
  }

  discard(namespace: string, { metadata }: InstallPlan): Promise<void> {
    this.discarded.push(`${namespace}/${metadata.name}`);
    return Promise.resolve();
  }

  wake(): Promise<void> {
    this.woken += 1;
    return Promise.resolve();
  }

  deleteCsv(namespace: string, name: string): Promise<void> {
    this.deleted.push(`${namespace}/${name}`);
    return Promise.resolve();
  }
}

it("the wait for an operator approves the InstallPlan, and prints each state once", async () => {
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

it("the wait for an operator continues if a problem ends, and if the API answers again", async () => {
  const cluster = new Cluster([groupless, empty, new Error("no answer"), empty, groupless, installed]);
  await expect(waitForOperator(cluster, request, { timeouts: { ...timeouts, patience: 1 } })).resolves.toBeUndefined();
});

it("the wait for an operator gives up when a problem lasts, and the error has the problem and the operator's name", async () => {
  await expect(waitForOperator(new Cluster([empty, groupless]), request, { timeouts })).rejects.toThrow(
    "operator demo: The namespace demo has no OperatorGroup, so OLM installs nothing there.",
  );
  await expect(waitForOperator(new Cluster([new Error("no answer")]), request, { timeouts })).rejects.toThrow(
    "operator demo: The cluster's API does not answer: no answer",
  );
});

it("the wait for an operator gives up after its time limit, and the error names the last state", async () => {
  await expect(waitForOperator(new Cluster([empty]), request, { timeouts })).rejects.toThrow(
    /^operator demo was not installed within .* minutes. Its last state: waits until OLM has found the version in the catalog/,
  );
});

it("the installation of an operator is undone by deleting the versions of its package and no others", async () => {
  const unknown = { metadata: { name: "by-hand" }, spec: {} };
  const csvs = [version("demo.v1.0.0", "demo"), version("demo.v1.1.0", "demo"), version("other.v1.0.0", "other"), unknown];
  const cluster = new Cluster([{ ...empty, csvs }]);
  await removeOperator(cluster, request);
  expect(cluster.deleted).toEqual(["demo/demo.v1.0.0", "demo/demo.v1.1.0"]);
});

const older = (name: string): OperatorState => ({
  ...planned,
  subscriptions: [{ ...empty.subscriptions[0], status: { state: "UpgradePending", currentCSV: "demo.v0.9.0", installPlanRef: { name } } }],
  plans: [{ ...planned.plans[0], metadata: { name }, spec: { approved: false, clusterServiceVersionNames: ["demo.v0.9.0"] } }],
});

it("the wait for an operator deletes the plan that it finds for another version, and approves the plan that OLM then makes", async () => {
  const cluster = new Cluster([older("install-a"), empty, older("install-b"), installed]);
  await waitForOperator(cluster, request, { timeouts });
  expect(cluster.discarded).toEqual(["demo/install-a"]);
  expect(cluster.approved).toEqual(["demo/install-b"]);
});

it("the wait for an operator makes OLM resolve again when the replaced version is gone, but not at every look", async () => {
  const message = "clusterserviceversion demo.v0.9.0 exists and is not referenced by a subscription";
  const conditions = [{ type: "ResolutionFailed", status: "True", message }];
  const gone = { ...empty, subscriptions: [{ ...empty.subscriptions[0], status: { conditions } }] };
  const cluster = new Cluster([gone, gone, gone, installed]);
  await waitForOperator(cluster, request, { timeouts: { ...timeouts, patience: 1 } });
  expect(cluster.woken).toBe(1);
});

it("the wait for an operator approves again if the API did not answer or the plan had changed, and gives up if the API refuses", async () => {
  const cluster = new Cluster([planned, planned, planned, installed]);
  cluster.refusals.push(new Error("connection lost"), new RefusedByApi(409, "changed"));
  await waitForOperator(cluster, request, { timeouts });
  expect(cluster.approved).toHaveLength(3);
  const refusing = new Cluster([planned]);
  refusing.refusals.push(new RefusedByApi(403, "no right to approve"));
  await expect(waitForOperator(refusing, request, { timeouts })).rejects.toThrow("no right to approve");
  await expect(waitForOperator(new Cluster([new RefusedByApi(401, "who are you")]), request, { timeouts })).rejects.toThrow("who are you");
});
