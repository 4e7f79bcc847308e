import type { Dashboard } from "../../cluster-objects/grafana/content";
import { countPanel, curvesPanel, dashboard } from "./panels";

/** Selects the pods that occupy their requests. Pods that have ended are excluded: they have series until they are deleted. */
const ACTIVE = 'on (namespace, pod) group_left () max by (namespace, pod) (kube_pod_status_phase{phase=~"Pending|Running"} == 1)';

/** The part of a node's resource that its pods request. */
function requested(resource: "cpu" | "memory"): string {
  const requests = `sum by (node) (kube_pod_container_resource_requests{resource="${resource}"} * ${ACTIVE})`;
  return `${requests} / sum by (node) (kube_node_status_allocatable{resource="${resource}"})`;
}

/** The capacity of the nodes and volumes, and the requested and used parts of it. */
export function capacityDashboard(): Dashboard {
  return dashboard("capacity", "Capacity", [
    countPanel({ title: "Nodes", description: "All roles." }, "count(kube_node_info)"),
    countPanel(
      { title: "Cordoned nodes", description: "No new pods are placed on these nodes. oc adm uncordon allows them again." },
      "sum(kube_node_spec_unschedulable) or vector(0)",
      1,
    ),
    curvesPanel(
      {
        title: "CPU: requests of the node's pods",
        description: "Requested part of the node's allocatable resource. At 100 % no pod fits any more.",
      },
      "percentunit",
      [{ expression: requested("cpu"), legend: "{{node}}" }],
    ),
    curvesPanel(
      {
        title: "Memory: requests of the node's pods",
        description: "Requested part of the node's allocatable resource. At 100 % no pod fits any more.",
      },
      "percentunit",
      [{ expression: requested("memory"), legend: "{{node}}" }],
    ),
    curvesPanel({ title: "CPU: use", description: "Part of the node's CPU time." }, "percentunit", [
      { expression: '1 - avg by (instance) (rate(node_cpu_seconds_total{mode="idle"}[$__rate_interval]))', legend: "{{instance}}" },
    ]),
    curvesPanel({ title: "Memory: use", description: "Part of the node's memory that cannot be freed." }, "percentunit", [
      { expression: "1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes", legend: "{{instance}}" },
    ]),
    curvesPanel(
      { title: "Pods of the node", description: "Number of pods as a part of the maximum that the kubelet accepts." },
      "percentunit",
      [
        {
          expression: 'count by (node) (kube_pod_info) / sum by (node) (kube_node_status_allocatable{resource="pods"})',
          legend: "{{node}}",
        },
      ],
    ),
    curvesPanel({ title: "Fullest volumes", description: "Part of the volume that is used." }, "percentunit", [
      {
        expression:
          "topk(10, max by (namespace, persistentvolumeclaim) (kubelet_volume_stats_used_bytes / kubelet_volume_stats_capacity_bytes))",
        legend: "{{namespace}}/{{persistentvolumeclaim}}",
      },
    ]),
  ]);
}
