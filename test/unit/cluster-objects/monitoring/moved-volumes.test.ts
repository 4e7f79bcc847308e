/** The components of monitoring whose pods have volumes and would move to other nodes. */
import { platformMonitoring } from "../../../../cluster-objects/monitoring/config-maps";
import { mergedConfig } from "../../../../cluster-objects/monitoring/merged";
import { movedVolumes } from "../../../../cluster-objects/monitoring/moved-volumes";
import type { MonitoringConfiguration } from "../../../../config/monitoring/settings";
import { minorNamed } from "../../../../config/releases/minor";

const volume = { gib: 100 };
const placement = { nodeSelector: { "node-role.kubernetes.io/infra": "" }, tolerations: [] };
const fields = (settings: MonitoringConfiguration) => platformMonitoring(settings, minorNamed("4.22"));
const onInfra: MonitoringConfiguration = { prometheus: { volume }, alertmanagerVolume: volume, placement };
const onWorkers = mergedConfig("", fields({ prometheus: { volume }, alertmanagerVolume: volume }));

test.each<[string, string, MonitoringConfiguration, string[]]>([
  ["both move from the workers", onWorkers, onInfra, ["prometheusK8s", "alertmanagerMain"]],
  ["only Prometheus has a volume", mergedConfig("", fields({ prometheus: { volume } })), onInfra, ["prometheusK8s"]],
  [
    "they move from other nodes",
    onWorkers.replace("prometheusK8s:", "prometheusK8s:\n  nodeSelector: {a: b}"),
    onInfra,
    ["prometheusK8s", "alertmanagerMain"],
  ],
  ["they are on these nodes", mergedConfig("", fields(onInfra)), onInfra, []],
  ["the volumes are new", "prometheusK8s: {retention: 10d}\nalertmanagerMain:\n", onInfra, []],
  ["nothing was configured", "# by hand\n", onInfra, []],
  ["they stay where they are", onWorkers, { prometheus: { retention: "30d", volume } }, []],
])("the components whose volumes move are reported if %s", (_, text, settings, moved) => {
  expect(movedVolumes(text, fields(settings))).toEqual(moved);
});

test.each([
  ["is not YAML", "prometheusK8s: ["],
  ["has aliases", "a: &a {}\nprometheusK8s: *a\n"],
  ["is no map", "- prometheusK8s"],
])("if the text in the cluster %s, no volumes are reported as moved", (_, text) => {
  expect(movedVolumes(text, fields(onInfra))).toEqual([]);
});
