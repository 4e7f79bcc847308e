/** The check of a running cluster's operators in a preview. */
import * as pulumi from "@pulumi/pulumi";
import { ClusterApi } from "../../components/cluster/cluster-api";
import { Operator } from "../../components/cluster/operator";
import { type FakeApi, startFakeApi } from "../unit/steps/diagnosis/fake-api";

const entry = {
  package: "demo",
  namespace: "demo",
  source: { name: "team", namespace: "openshift-marketplace" },
  channel: "stable",
  startingCSV: "demo.v1.0.0",
  targetNamespaces: [],
  env: {},
};
const subscriptions = "/apis/operators.coreos.com/v1alpha1/namespaces/demo/subscriptions";
const groups = "/apis/operators.coreos.com/v1/namespaces/demo/operatorgroups";
const occupied = {
  [subscriptions]: { items: [{ metadata: { name: "by-hand" }, spec: { name: "demo" } }] },
  [groups]: { items: [{ metadata: { name: "demo-x7k2p" } }] },
};

let cluster: FakeApi;

beforeAll(async () => {
  cluster = await startFakeApi(occupied);
});
afterAll(() => cluster.close());

/** Declares the operator and runs its check as a preview does. `done`: an earlier update has already run the check. */
async function check({ preview = true, installed = true, done = false, kubeconfig = cluster.kubeconfig } = {}): Promise<void> {
  const newResource = ({ name, inputs }: pulumi.runtime.MockResourceArgs) => ({
    id: name,
    state: { ...(inputs as object), ...(done && { stdout: "" }) },
  });
  await pulumi.runtime.setMocks({ newResource, call: () => ({}) }, "okd-aws", "dev", preview);
  const identity = new pulumi.ComponentResource("test:Identity", "identity");
  const infraId = pulumi.output("dev-abcde");
  const api = new ClusterApi("cluster-api", { kubeconfig, infraId, identity, installed: identity, installedBefore: installed });
  await Operator.checkInPreview([new Operator("operator-demo", { api, entry })]);
}

test("a preview fails and names the objects that somebody else has created in the operator's namespace", async () => {
  await expect(check()).rejects.toThrow(/the Subscription by-hand, which this stack has not created[^]*the OperatorGroup demo-x7k2p/);
});

test("the preview's check makes no request in an update, before the installation, or after an update has run the check", async () => {
  await expect(check({ preview: false })).resolves.toBeUndefined();
  await expect(check({ installed: false })).resolves.toBeUndefined();
  await expect(check({ done: true })).resolves.toBeUndefined();
});

test("a preview gives a warning if the cluster does not answer", async () => {
  const warn = jest.spyOn(pulumi.log, "warn").mockResolvedValue();
  await check({ kubeconfig: cluster.kubeconfig.replace(String(cluster.port), "1") });
  expect(warn.mock.calls.map(([text]) => text.split(":")[0])).toEqual(["operator-demo-check-demo", "operator-namespace-demo-check"]);
});
