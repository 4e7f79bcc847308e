import type { Alert } from "../alerts/prometheus-rule";
import { NODE_AGENT } from "./names";

/**
 * Alerts on the copies of files. Velero counts no failed copies: its metrics of the node agent count only copies that begin and end, and
 * their duration (vmware-tanzu/velero, `pkg/metrics/metrics.go`, release-1.14 to release-1.18: podVolume_). A failed copy makes the backup
 * PartiallyFailed, and `VeleroBackupPartiallyFailed` fires.
 *
 * @param maintenanceMetric whether Velero reports failed maintenance; Velero 1.18 does, 1.14 and 1.16 do not
 */
export function nodeAgentAlerts(namespace: string, maintenanceMetric: boolean): readonly Alert[] {
  const pods = (metric: string) => `kube_daemonset_status_${metric}{namespace="${namespace}",daemonset="${NODE_AGENT}"}`;
  const failures = "velero_repo_maintenance_failure_total";
  const unmaintained: Alert = {
    name: "VeleroMaintenanceFailed",
    severity: "warning",
    namespace,
    // A counter appears with its first failure. increase() is 0 for a counter that was never smaller.
    expression: `sum by (repository_name) ((${failures} unless ${failures} offset 1d) or increase(${failures}[1d])) > 0`,
    wait: "0m",
    summary: "The maintenance of a repository with files of volumes has failed.",
    description: `Files of deleted backups stay in the bucket. \`oc get jobs -n ${namespace} -l velero.io/repo-name={{ $labels.repository_name }}\` lists the jobs of the last maintenances.`,
  };
  return [
    {
      name: "VeleroNodeAgentMissing",
      severity: "warning",
      namespace,
      expression: `${pods("desired_number_scheduled")} - ${pods("number_ready")} > 0`,
      wait: "30m",
      summary: "Velero can't copy files on some nodes.",
      description: `The backups lack the files of volumes on {{ $value }} nodes, and nothing restores files there. \`oc get pods -n ${namespace} -l name=${NODE_AGENT} -o wide\` lists the node agent's pods.`,
    },
    ...(maintenanceMetric ? [unmaintained] : []),
  ];
}
