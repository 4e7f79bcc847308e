import type { Dashboard } from "../../cluster-objects/grafana/content";
import { curvesPanel, dashboard } from "./panels";

/** The collectors of OpenShift Logging, and Loki. */
export function loggingDashboard(): Dashboard {
  const collected = 'component_kind="source", component_type!="internal_metrics"';
  const sent = 'component_kind="sink", component_type!="prometheus_exporter"';
  return dashboard("logging", "Logging", [
    curvesPanel({ title: "Collected bytes per second", description: "By the collectors' namespace." }, "Bps", [
      {
        expression: `sum by (namespace) (rate(vector_component_received_bytes_total{${collected}}[$__rate_interval]))`,
        legend: "{{namespace}}",
      },
    ]),
    curvesPanel({ title: "Sent bytes per second", description: "By output." }, "Bps", [
      {
        expression: `sum by (namespace, component_id) (rate(vector_component_sent_bytes_total{${sent}}[$__rate_interval]))`,
        legend: "{{namespace}} {{component_id}}",
      },
    ]),
    curvesPanel({ title: "Errors of collectors in an hour", description: "oc logs of the collector's pods has their messages." }, "short", [
      {
        expression: "sum by (namespace, component_id) (increase(vector_component_errors_total[1h])) > 0",
        legend: "{{namespace}} {{component_id}}",
      },
    ]),
    curvesPanel(
      { title: "Logs that wait on the nodes' disks", description: "The amount grows while an output is too slow or does not answer." },
      "bytes",
      [
        {
          expression: 'sum by (namespace, component_id) (vector_buffer_byte_size{component_kind="sink", buffer_type="disk"})',
          legend: "{{namespace}} {{component_id}}",
        },
      ],
    ),
    curvesPanel({ title: "Bytes that Loki received per second", description: "By tenant." }, "Bps", [
      { expression: "sum by (tenant) (rate(loki_distributor_bytes_received_total[$__rate_interval]))", legend: "{{tenant}}" },
    ]),
    curvesPanel(
      { title: "Bytes that Loki discarded per second", description: "By reason, such as rate_limited: raise the tenant's limits." },
      "Bps",
      [{ expression: "sum by (tenant, reason) (rate(loki_discarded_bytes_total[$__rate_interval]))", legend: "{{tenant}} {{reason}}" }],
    ),
  ]);
}
