/** Operators that are refused, and the keys that the error names. */
import { checkConfiguration } from "../../../../config/parse";
import { OPENSHIFT, problemKeys, RESTRICTED, withKeys } from "../fixture";
import { type RefusedConfiguration, testRefusals } from "../refusals";

const DEMO = { name: "demo", namespace: "demo", source: "community-operators", channel: "stable", startingCSV: "demo.v1.0.0" };
const OTHER = { ...DEMO, name: "other", startingCSV: "other.v1.0.0" };
const shared = (name: string, more: object) => ({ ...DEMO, name, namespace: "openshift-operators", ...more });

const WITHOUT_CAPABILITIES = {
  baselineCapabilitySet: "None",
  additionalEnabledCapabilities: ["Ingress", "CloudCredential", "CloudControllerManager"],
};

const REFUSED: readonly RefusedConfiguration[] = [
  ["one package twice", { operators: [DEMO, { ...DEMO, namespace: "second" }] }, ["operators"]],
  ["a package with capitals", { operators: [{ ...DEMO, name: "Demo" }] }, ["operators"]],
  ["a namespace of Kubernetes", { operators: [{ ...DEMO, namespace: "kube-system" }] }, ["operators"]],
  ["a namespace of the platform", { operators: [{ ...DEMO, namespace: "openshift-monitoring" }] }, ["operators"]],
  ["a namespace of a platform operator", { operators: [{ ...DEMO, namespace: "openshift-etcd-operator" }] }, ["operators"]],
  [
    "the namespace of the update service",
    { ...RESTRICTED, ...OPENSHIFT, updateService: true, operators: [{ ...DEMO, source: "team", namespace: "openshift-update-service" }] },
    ["operators"],
  ],
  ["a version instead of the name of a ClusterServiceVersion", { operators: [{ ...DEMO, startingCSV: "1.0.0" }] }, ["operators"]],
  ["no version to approve", { operators: [{ ...DEMO, startingCSV: undefined }] }, ["operators"]],
  ["a version that would be replaced at once", { operators: [{ ...DEMO, approval: "Automatic" }] }, ["operators"]],
  ["two groups in one namespace", { operators: [DEMO, { ...OTHER, targetNamespaces: ["demo"] }] }, ["operators"]],
  ["targets in the shared namespace", { operators: [shared("demo", { targetNamespaces: ["demo"] })] }, ["operators"]],
  [
    "two approvals in the shared namespace",
    { operators: [shared("demo", {}), shared("other", { startingCSV: undefined, approval: "Automatic" })] },
    ["operators"],
  ],
  ["a catalog in a namespace that OLM does not look at", { operators: [{ ...DEMO, sourceNamespace: "team" }] }, ["operators"]],
  ["infra nodes that do not exist", { operators: [{ ...DEMO, onInfraNodes: true }] }, ["operators"]],
  ["a variable that begins with a digit", { operators: [{ ...DEMO, env: { "1ST": "x" } }] }, ["operators"]],
  ["a cluster without OLM", { operators: [DEMO], ...WITHOUT_CAPABILITIES }, ["operators", "operators"]],
  [
    "a default catalog whose namespace is written out, in a cluster without it",
    { operators: [{ ...DEMO, sourceNamespace: "openshift-marketplace" }], ...WITHOUT_CAPABILITIES },
    ["operators", "operators"],
  ],
];

testRefusals(REFUSED);

test.each([
  ["two operators with the same targets in one namespace", { operators: [DEMO, OTHER] }],
  ["the namespace of optional storage drivers", { operators: [{ ...DEMO, namespace: "openshift-cluster-csi-drivers" }] }],
  ["the update service's operator in a stack without updateService", { operators: [{ ...DEMO, namespace: "openshift-update-service" }] }],
])("%s: is accepted", (_, keys) => {
  expect(problemKeys(keys)).toEqual([]);
});

test.each([
  ["Red Hat's catalog in OKD", { operators: [{ ...DEMO, source: "redhat-operators" }] }, "OKD does not have"],
  [
    "a catalog that 4.22 does not have any more",
    { ...OPENSHIFT, release: "4.22.1", operators: [{ ...DEMO, source: "redhat-marketplace" }] },
    "clusters do not have from 4.22 on",
  ],
  [
    "a public catalog in a disconnected cluster",
    { ...RESTRICTED, publish: "Internal", adminCidrs: [], operators: [DEMO] },
    "a disconnected cluster",
  ],
])("%s: gives a warning, because somebody may have created it", (_, keys, text) => {
  const { warnings } = checkConfiguration(withKeys(keys));
  expect(warnings).toEqual([expect.objectContaining({ key: "operators", text: expect.stringContaining(text) as string })]);
});

test.each([
  ["a catalog that every cluster has", {}],
  ["a catalog with another name", { source: "team" }],
  ["a catalog in the operator's namespace", { source: "redhat-operators", sourceNamespace: "demo" }],
])("%s: gives no warning", (_, more) => {
  expect(checkConfiguration(withKeys({ operators: [{ ...DEMO, ...more }] })).warnings).toEqual([]);
});
