import type { Dashboard } from "../../cluster-objects/grafana/content";
import { countOf, countPanel, curvesPanel, dashboard, labelPanel, listPanel } from "./panels";

/** The health of the installation: version, operators, nodes, alerts. */
export function healthDashboard(): Dashboard {
  const none = "or vector(0)";
  const firing = 'ALERTS{alertstate="firing"}';
  return dashboard("health", "Installation health", [
    labelPanel(
      { title: "Version", description: "The release that the cluster runs or applies: oc get clusterversion" },
      { expression: 'cluster_version{type="current"}', legend: "{{version}}" },
    ),
    countPanel(
      { title: "Operators not available", description: "oc get clusteroperators shows the reason." },
      countOf("cluster_operator_up", "== 0"),
      1,
    ),
    countPanel(
      { title: "Operators degraded", description: "oc get clusteroperators shows the reason." },
      countOf('cluster_operator_conditions{condition="Degraded"}', "== 1"),
      1,
    ),
    countPanel(
      { title: "Nodes not ready", description: "oc describe node shows the reason." },
      countOf('kube_node_status_condition{condition="Ready", status="true"}', "== 0"),
      1,
    ),
    countPanel(
      { title: "Critical alerts", description: "They are listed below." },
      `count(ALERTS{alertstate="firing", severity="critical"}) ${none}`,
      1,
    ),
    countPanel(
      { title: "Warnings", description: "They are listed below." },
      `count(ALERTS{alertstate="firing", severity="warning"}) ${none}`,
      10,
    ),
    listPanel(
      { title: "Firing alerts", description: "Alerts of the severity info are left out." },
      'ALERTS{alertstate="firing", severity=~"critical|warning"}',
    ),
    listPanel(
      { title: "Operators that are degraded or change something", description: "oc describe clusteroperator shows the reason." },
      'cluster_operator_conditions{condition=~"Degraded|Progressing"} == 1',
    ),
    curvesPanel({ title: "Firing alerts by severity", description: "Watchdog always fires, with severity none." }, "short", [
      { expression: `count by (severity) (${firing})`, legend: "{{severity}}" },
    ]),
    curvesPanel({ title: "Pending pods by namespace", description: "oc get events shows why a pod waits." }, "short", [
      { expression: 'sum by (namespace) (kube_pod_status_phase{phase="Pending"}) > 0', legend: "{{namespace}}" },
    ]),
  ]);
}
