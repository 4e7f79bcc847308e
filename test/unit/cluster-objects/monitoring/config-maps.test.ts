/** The contents of the ConfigMaps of platform and user workload monitoring. */
import { platformMonitoring, userWorkloadMonitoring } from "../../../../cluster-objects/monitoring/config-maps";
import type { MonitoringConfiguration } from "../../../../config/monitoring/settings";
import { minorNamed } from "../../../../config/releases/minor";

const placement = { nodeSelector: { infra: "" }, tolerations: [{ key: "infra", effect: "NoSchedule" }] } as const;
const place = { nodeSelector: { infra: "" }, tolerations: [{ key: "infra", effect: "NoSchedule", operator: "Exists" }] };
const settings: MonitoringConfiguration = { prometheus: { retention: "30d" }, placement };
const latest = minorNamed("4.22");

test("the platform's config.yaml has only the configured fields", () => {
  expect(platformMonitoring({ prometheus: { retention: "30d" } }, latest)).toEqual({ prometheusK8s: { retention: "30d" } });
  expect(platformMonitoring({ prometheus: {}, alertmanagerVolume: { gib: 10 } }, latest)).toEqual({
    alertmanagerMain: { volumeClaimTemplate: { spec: { resources: { requests: { storage: "10Gi" } } } } },
  });
  expect(platformMonitoring({ prometheus: { retentionSize: "80GiB" } }, latest)).toEqual({
    prometheusK8s: { retention: "15d", retentionSize: "80GiB" },
  });
  expect(platformMonitoring({ prometheus: {}, userWorkload: {} }, latest)).toEqual({ enableUserWorkload: true });
});

test.each([
  ["4.14", "k8sPrometheusAdapter"],
  ["4.15", "k8sPrometheusAdapter"],
  ["4.16", "metricsServer"],
  ["4.22", "metricsServer"],
] as const)("with release %s a placement applies to all components, among them %s", (minor, metrics) => {
  const content = platformMonitoring(settings, minorNamed(minor)) as Record<string, unknown>;
  const components = ["alertmanagerMain", "kubeStateMetrics", "monitoringPlugin", "openshiftStateMetrics", "prometheusK8s"];
  expect(Object.keys(content).sort()).toEqual([...components, metrics, "prometheusOperator", "telemeterClient", "thanosQuerier"].sort());
  expect(content[metrics]).toEqual(place);
  expect(content.prometheusK8s).toEqual({ retention: "30d", ...place });
});

test("the config.yaml of user workload monitoring has its own retention, and the placement for all components", () => {
  expect(userWorkloadMonitoring({ ...settings, userWorkload: { retention: "7d" } })).toEqual({
    alertmanager: place,
    prometheus: { retention: "7d", ...place },
    prometheusOperator: place,
    thanosRuler: place,
  });
  expect(userWorkloadMonitoring({ prometheus: {}, userWorkload: {} })).toEqual({});
});
