/** Operators of version 1 of OLM that are refused, and those that get a warning. */
import { checkConfiguration } from "../../../../config/parse";
import { OPENSHIFT, problemKeys, RESTRICTED, withKeys } from "../fixture";
import { type RefusedConfiguration, testRefusals } from "../refusals";

const RULE = { apiGroups: ["apps"], resources: ["deployments"], verbs: ["create"] };
const DEMO = {
  ...{ name: "demo", generation: 1, namespace: "demo", source: "team", channel: "stable", version: "1.0.0" },
  permissions: [RULE],
};
const SUBSCRIBED = { name: "other", namespace: "other", source: "community-operators", channel: "stable", startingCSV: "other.v1.0.0" };
const one = (more: object) => ({ operators: [{ ...DEMO, ...more }] });

const WITHOUT_CAPABILITIES = {
  baselineCapabilitySet: "None",
  additionalEnabledCapabilities: ["Ingress", "CloudCredential", "CloudControllerManager"],
};

const REFUSED: readonly RefusedConfiguration[] = [
  ["no version", one({ version: undefined }), ["operators"]],
  ["a range instead of a version", one({ version: ">=1.0.0" }), ["operators"]],
  ["a version with v", one({ version: "v1.0.0" }), ["operators"]],
  ["a channel with capitals, which the ClusterExtension cannot name", one({ channel: "Stable" }), ["operators"]],
  ["no permissions", one({ permissions: undefined }), ["operators"]],
  ["permissions without verbs", one({ permissions: [{ ...RULE, verbs: [] }] }), ["operators"]],
  ["permissions without an API group", one({ permissions: [{ ...RULE, apiGroups: [] }] }), ["operators"]],
  ["a generation that does not exist", one({ generation: 2 }), ["operators"]],
  ["a name that is too long for Helm", one({ name: "a".repeat(54) }), ["operators"]],
  ["the shared namespace", one({ namespace: "openshift-operators" }), ["operators"]],
  ["a namespace with another operator", { operators: [DEMO, { ...SUBSCRIBED, namespace: "demo" }] }, ["operators"]],
  ["targetNamespaces", one({ targetNamespaces: ["demo"] }), ["operators"]],
  [
    "all fields of version 0",
    one({ startingCSV: "demo.v1.0.0", approval: "Manual", env: {}, onInfraNodes: true, sourceNamespace: "x" }),
    Array(5).fill("operators") as string[],
  ],
  [
    "fields of version 1 with version 0",
    { operators: [{ ...SUBSCRIBED, version: "1.0.0", permissions: [RULE] }] },
    ["operators", "operators"],
  ],
  ["a release without version 1 of OLM", { release: "4.17.0-okd-scos.1", ...one({}) }, ["operators"]],
  ["a cluster without version 1 of OLM", { ...one({}), ...WITHOUT_CAPABILITIES }, ["operators"]],
];

testRefusals(REFUSED);

test.each([
  ["a complete entry", one({})],
  ["an entry with a pre-release and another upgrade policy", one({ version: "1.0.0-rc.1+2", upgradeConstraintPolicy: "SelfCertified" })],
  ["operators of both versions of OLM in their namespaces", { operators: [DEMO, SUBSCRIBED] }],
  [
    "a cluster with version 1 of OLM only",
    {
      ...one({}),
      ...WITHOUT_CAPABILITIES,
      additionalEnabledCapabilities: [...WITHOUT_CAPABILITIES.additionalEnabledCapabilities, "OperatorLifecycleManagerV1"],
    },
  ],
])("%s: is accepted", (_, keys) => {
  expect(problemKeys(keys)).toEqual([]);
});

test("an operator that a service needs must be installed by version 0 of OLM", () => {
  const grafana = { ...DEMO, name: "grafana-operator", namespace: "grafana-operator", source: "openshift-community-operators" };
  expect(problemKeys({ grafana: true, operators: [grafana] })).toContain("operators");
});

test.each([
  [
    "a default catalog in OKD, whose image needs a pull secret",
    one({ source: "openshift-community-operators" }),
    "only with a pull secret for registry.redhat.io",
  ],
  [
    "a default catalog in a disconnected cluster",
    { ...RESTRICTED, publish: "Internal", adminCidrs: [], ...one({ source: "openshift-redhat-operators" }) },
    "a disconnected cluster cannot pull",
  ],
  [
    "a default catalog that 4.22 does not have any more",
    { ...OPENSHIFT, release: "4.22.1", ...one({ source: "openshift-redhat-marketplace" }) },
    "from 4.22 on",
  ],
  [
    "an account that may do everything",
    one({ permissions: [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }] }),
    "can become cluster-admin",
  ],
])("%s: gives a warning", (_, keys, text) => {
  const { warnings } = checkConfiguration(withKeys(keys));
  expect(warnings).toEqual([expect.objectContaining({ key: "operators", text: expect.stringContaining(text) as string })]);
});
