import { ELASTIC_NAMESPACE } from "../../config/elastic/settings";
import { type Alert, prometheusRule } from "../alerts/prometheus-rule";
import type { ApiObject } from "../object";

const namespace = ELASTIC_NAMESPACE;
const inNamespace = `{namespace="${namespace}"}`;

/**
 * If a smaller part of a volume is free, Elasticsearch places no more logs on the volume (elastic.co, "Cluster-level shard allocation and
 * routing settings": low watermark 85 %).
 */
const FREE = 0.15;

/** An alert on workloads that have fewer ready pods than they should have. */
function lacksPods(alert: Pick<Alert, "name" | "summary" | "description">, ready: string, wanted: string): Alert {
  const expression = `${ready}${inNamespace} < ${wanted}${inNamespace}`;
  return { ...alert, severity: "warning", namespace, expression, wait: "30m" };
}

/**
 * Alerts on the volumes and pods of Elasticsearch, and on the pods of Filebeat. OpenShift has such alerts only for the platform's
 * namespaces (openshift/cluster-monitoring-operator, `assets/control-plane/prometheus-rule.yaml`, release-4.14 to 4.22). The rule is in the
 * namespace of the cluster's alerts, which its monitoring reads.
 */
export function elasticAlerts(): ApiObject {
  return prometheusRule("okd-aws-elastic", "openshift-cluster-version", [
    {
      name: "ElasticsearchVolumeFull",
      severity: "warning",
      namespace,
      expression: `kubelet_volume_stats_available_bytes${inNamespace} / kubelet_volume_stats_capacity_bytes${inNamespace} < ${FREE}`,
      wait: "15m",
      summary: "A volume of Elasticsearch is nearly full.",
      description:
        "Volume {{ $labels.persistentvolumeclaim }} has {{ $value | humanizePercentage }} of its space free. At 5 % Elasticsearch refuses new logs. Raise elasticVolumeGib, or shorten a retention.",
    },
    lacksPods(
      {
        name: "ElasticsearchNodeMissing",
        summary: "An Elasticsearch node is missing.",
        description: `StatefulSet {{ $labels.statefulset }} lacks ready pods. Logs may exist in one copy only. \`oc get elasticsearch,pods -n ${namespace}\` shows more.`,
      },
      "kube_statefulset_status_replicas_ready",
      "kube_statefulset_replicas",
    ),
    lacksPods(
      {
        name: "FilebeatMissing",
        summary: "Logs of nodes are not collected.",
        description: `DaemonSet {{ $labels.daemonset }} does not run on every node. \`oc get beat,pods -n ${namespace} -o wide\` shows more.`,
      },
      "kube_daemonset_status_number_ready",
      "kube_daemonset_status_desired_number_scheduled",
    ),
  ]);
}
