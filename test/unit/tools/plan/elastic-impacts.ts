import { filebeat } from "../../../../cluster-objects/elastic/filebeat";
import type { ResourceProperties } from "../../../../lib/pulumi/change";
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
    means: ["restarts", /^changes Elasticsearch/],
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
    what: "logs are kept for a shorter time",
    operation: "update",
    type: "kubernetes:core/v1:ConfigMap",
    parent,
    before: files(30),
    after: files(7),
    fields: ["data.policy.json"],
    means: ["loses data", /^deletes logs that are older than 7 days$/],
  },
  {
    what: "logs are kept for a longer time",
    operation: "update",
    type: "kubernetes:core/v1:ConfigMap",
    parent,
    before: files(7),
    after: files(30),
    fields: ["data.policy.json"],
    means: ["restarts", /^restarts Filebeat/],
  },
];

/** The files of a Filebeat whose logs are kept for this number of days. */
function files(retentionDays: number): ResourceProperties {
  const [{ data }] = filebeat({ kind: "audit", retentionDays }, { version: "9.4.3", nodes: 3, volumeGib: 100 });
  return { data };
}
