import type { ImpactCase } from "./impact-case";

const search = "kubernetes:elasticsearch.k8s.elastic.co/v1:Elasticsearch";
const parent = "okd:cluster:Elastic";
const spec = { version: "9.4.3", nodeSets: [{ count: 3 }] };

/** Changes of the logs in Elasticsearch. */
export const elasticCases: readonly ImpactCase[] = [
  {
    what: "Elasticsearch is updated",
    operation: "update",
    type: search,
    parent,
    before: { spec },
    after: { spec: { ...spec, version: "9.5.0" } },
    fields: ["spec.version"],
    means: ["can't be undone", /^updates Elasticsearch from 9\.4\.3 to 9\.5\.0/],
  },
  {
    what: "Elasticsearch gets more nodes",
    operation: "update",
    type: search,
    parent,
    before: { spec },
    after: { spec: { ...spec, nodeSets: [{ count: 5 }] } },
    fields: ["spec.nodeSets"],
    means: ["restarts", /^restarts the nodes of Elasticsearch/],
  },
  {
    what: "the logs are switched off",
    operation: "delete",
    type: search,
    parent,
    before: { spec },
    means: ["interrupts", /the volumes stay$/],
  },
  {
    what: "logs are kept for another time",
    operation: "update",
    type: "kubernetes:core/v1:ConfigMap",
    parent,
    fields: ["data.policy.json"],
    means: ["interrupts", /a shorter retention deletes older logs$/],
  },
];
