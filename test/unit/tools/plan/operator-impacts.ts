import type { ImpactCase } from "./impact-case";

const subscription = "kubernetes:operators.coreos.com/v1alpha1:Subscription";

const extension = "kubernetes:olm.operatorframework.io/v1:ClusterExtension";
const inCatalog = (catalog: object) => ({ spec: { source: { catalog: { packageName: "demo", ...catalog } } } });

/** Changes of operators from catalogs. */
export const operatorCases: readonly ImpactCase[] = [
  {
    what: "an operator is updated",
    operation: "update",
    type: subscription,
    parent: "okd:cluster:Operator",
    before: { spec: { name: "demo", startingCSV: "demo.v1.0.0" } },
    after: { spec: { name: "demo", startingCSV: "demo.v1.1.0" } },
    fields: ["spec.startingCSV"],
    means: ["can't be undone", /^updates the operator demo from demo.v1.0.0 to demo.v1.1.0/],
  },
  {
    what: "an operator is removed",
    operation: "delete",
    type: subscription,
    parent: "okd:cluster:Operator",
    before: { spec: { name: "demo" } },
    means: ["interrupts", /^removes the operator demo: its custom resources stay/],
  },
  {
    what: "an operator moves",
    operation: "replace",
    type: subscription,
    parent: "okd:cluster:Operator",
    before: { metadata: { namespace: "one" }, spec: { name: "demo" } },
    after: { metadata: { namespace: "two" }, spec: { name: "demo" } },
    fields: ["metadata.namespace"],
    means: ["interrupts", /^removes the operator demo from one and installs it in two/],
  },
  {
    what: "an operator gets another channel",
    operation: "update",
    type: subscription,
    parent: "okd:cluster:Operator",
    after: { spec: { name: "demo", channel: "fast", source: "team" } },
    fields: ["spec.channel"],
    means: ["interrupts", /demo from channel fast of team$/],
  },
  {
    what: "an operator updates itself from now on",
    operation: "update",
    type: subscription,
    parent: "okd:cluster:Operator",
    before: { spec: { name: "demo", installPlanApproval: "Manual", startingCSV: "demo.v1.0.0" } },
    after: { spec: { name: "demo", installPlanApproval: "Automatic" } },
    fields: ["spec.installPlanApproval", "spec.startingCSV"],
    means: ["can't be undone", /^updates the operator demo to its channel's newest version/],
  },
  {
    what: "an operator's pods get other settings",
    operation: "update",
    type: subscription,
    parent: "okd:cluster:Operator",
    after: { spec: { name: "demo" } },
    fields: ["spec.config.env"],
    means: ["restarts", /^restarts the pods of the operator demo/],
  },
  {
    what: "operators watch other namespaces",
    operation: "update",
    type: "kubernetes:operators.coreos.com/v1:OperatorGroup",
    parent: "okd:cluster:OperatorNamespace",
    fields: ["spec.targetNamespaces"],
    means: ["restarts", /^changes which namespaces the operators/],
  },
  {
    what: "an operator's namespace, which stays",
    operation: "delete",
    type: "kubernetes:core/v1:Namespace",
    parent: "okd:cluster:OperatorNamespace",
  },
  {
    what: "an operator of version 1 of OLM is updated",
    operation: "update",
    type: extension,
    parent: "okd:cluster:OperatorExtension",
    before: inCatalog({ version: "1.0.0" }),
    after: inCatalog({ version: "1.1.0" }),
    fields: ["spec.source.catalog.version"],
    means: ["can't be undone", /^updates the operator demo from 1\.0\.0 to 1\.1\.0$/],
  },
  {
    what: "an operator of version 1 of OLM gets another channel",
    operation: "update",
    type: extension,
    parent: "okd:cluster:OperatorExtension",
    after: inCatalog({ channels: ["fast"], selector: { matchLabels: { "olm.operatorframework.io/metadata.name": "team" } } }),
    fields: ["spec.source.catalog.channels"],
    means: ["interrupts", /demo from channel fast of team$/],
  },
  {
    what: "an operator of version 1 of OLM is removed, with all its custom resources",
    operation: "delete",
    type: extension,
    parent: "okd:cluster:OperatorExtension",
    before: inCatalog({}),
    means: ["loses data", /^removes the operator demo, its CustomResourceDefinitions and all their custom resources in the whole cluster/],
  },
];
