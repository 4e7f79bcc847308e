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
    impact: impact("restarts", "restarts the nodes of Elasticsearch one by one; a node that is removed first gives its logs to the others"),
  },
  {
    type: /:Elasticsearch$/,
    when: allOf(({ operation }) => operation === "delete", inElastic),
    impact: impact("interrupts", "switches the logs off: nothing is collected or found until they are on again; the volumes stay"),
  },
  {
    type: /:ConfigMap$/,
    when: allOf(updatesFields("data"), inElastic),
    impact: impact(
      "interrupts",
      "changes how long logs are kept, or their fields: a shorter retention deletes older logs",
      "changes the retention of logs",
    ),
  },
];

function versionOf(properties: ResourceProperties): string {
  return textValue(recordValue(properties.spec)?.version) ?? "another version";
}
