/** Operators that are refused, and the keys that the error names. */
import { OPENSHIFT, RESTRICTED } from "../fixture";
import { type RefusedConfiguration, testRefusals } from "../refusals";

const DEMO = { name: "demo", namespace: "demo", source: "community-operators", channel: "stable", startingCSV: "demo.v1.0.0" };
const shared = (name: string, more: object) => ({ ...DEMO, name, namespace: "openshift-operators", ...more });

const REFUSED: readonly RefusedConfiguration[] = [
  ["one package twice", { operators: [DEMO, { ...DEMO, namespace: "second" }] }, ["operators"]],
  ["a package with capitals", { operators: [{ ...DEMO, name: "Demo" }] }, ["operators"]],
  ["the platform's namespace", { operators: [{ ...DEMO, namespace: "kube-system" }] }, ["operators"]],
  ["a version instead of the name of a ClusterServiceVersion", { operators: [{ ...DEMO, startingCSV: "1.0.0" }] }, ["operators"]],
  ["no version to approve", { operators: [{ ...DEMO, startingCSV: undefined }] }, ["operators"]],
  ["a version that would be replaced at once", { operators: [{ ...DEMO, approval: "Automatic" }] }, ["operators"]],
  ["two groups in one namespace", { operators: [DEMO, { ...DEMO, name: "other", startingCSV: "other.v1.0.0" }] }, ["operators"]],
  ["targets in the shared namespace", { operators: [shared("demo", { targetNamespaces: ["demo"] })] }, ["operators"]],
  [
    "two approvals in the shared namespace",
    { operators: [shared("demo", {}), shared("other", { startingCSV: undefined, approval: "Automatic" })] },
    ["operators"],
  ],
  ["Red Hat's catalog in OKD", { operators: [{ ...DEMO, source: "redhat-operators" }] }, ["operators"]],
  [
    "a catalog that 4.22 does not have any more",
    { ...OPENSHIFT, release: "4.22.1", operators: [{ ...DEMO, source: "redhat-marketplace" }] },
    ["operators"],
  ],
  ["a public catalog in a disconnected cluster", { ...RESTRICTED, operators: [DEMO] }, ["operators"]],
  ["a catalog in a namespace that OLM does not look at", { operators: [{ ...DEMO, sourceNamespace: "team" }] }, ["operators"]],
  ["infra nodes that do not exist", { operators: [{ ...DEMO, onInfraNodes: true }] }, ["operators"]],
  ["a variable that begins with a digit", { operators: [{ ...DEMO, env: { "1ST": "x" } }] }, ["operators"]],
  [
    "a cluster without OLM",
    {
      operators: [DEMO],
      baselineCapabilitySet: "None",
      additionalEnabledCapabilities: ["Ingress", "CloudCredential", "CloudControllerManager"],
    },
    ["operators", "operators"],
  ],
];

testRefusals(REFUSED);
