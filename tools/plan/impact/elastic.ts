import type { ResourceProperties } from "../../../lib/pulumi/change";
import { recordValue, textValue } from "../../../lib/pulumi/resource";
import { allOf, impact, type ImpactRow, isInside, updatesFields } from "./row";

const inElastic = isInside("okd:cluster:Elastic");

/** The impact of changes to the logs in Elasticsearch. */
export const elasticRows: readonly ImpactRow[] = [
  {
    type: /:Elasticsearch$/,
    when: allOf(updatesFields("spec.version"), inElastic),
    impact: ({ before, after }) => ({
      severity: "can't be undone",
      text: `updates Elasticsearch from ${versionOf(before)} to ${versionOf(after)}, one node after the other: there is no way back`,
      short: `permanently updates Elasticsearch to ${versionOf(after)}`,
    }),
  },
  {
    type: /:Elasticsearch$/,
    when: allOf(updatesFields("spec"), ({ before, after }) => versionOf(before) === versionOf(after), inElastic),
    impact: impact(
      "restarts",
      "changes Elasticsearch: its nodes restart one by one if their settings change; a node that is removed first gives its logs to the other nodes",
    ),
  },
  {
    type: /:Elasticsearch$/,
    when: allOf(({ operation }) => operation === "delete", inElastic),
    impact: impact("interrupts", "switches the logs off: nothing is collected or found until they are on again; the volumes stay"),
  },
  {
    type: /:ConfigMap$/,
    when: allOf(updatesFields("data"), inElastic, ({ before, after }) => daysOf(after) < daysOf(before)),
    impact: ({ after }) => ({
      severity: "loses data",
      text: `deletes logs that are older than ${daysOf(after)} days`,
      short: `deletes logs older than ${daysOf(after)} days`,
    }),
  },
  {
    type: /:ConfigMap$/,
    when: allOf(updatesFields("data"), inElastic, ({ before, after }) => daysOf(after) >= daysOf(before)),
    impact: impact("restarts", "restarts Filebeat, because logs are kept for another time or have other fields"),
  },
];

/** The retention in the lifecycle policy of a ConfigMap (cluster-objects/elastic/indices.ts); 0 if it has none. */
function daysOf(properties: ResourceProperties): number {
  const policy = textValue(recordValue(properties.data)?.["policy.json"]) ?? "";
  return Number(/"delete": \{\s*"min_age": "(\d+)d"/.exec(policy)?.[1] ?? 0);
}

function versionOf(properties: ResourceProperties): string {
  return textValue(recordValue(properties.spec)?.version) ?? "another version";
}
