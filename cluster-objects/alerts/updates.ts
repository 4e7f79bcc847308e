import type { Alert } from "./prometheus-rule";

/**
 * Hours after which an update counts as stuck. This project's choice: the cluster version operator itself waits up to 90 minutes for
 * machine-config and up to 30 minutes for each other operator (openshift/cluster-version-operator, `pkg/cvo/status.go`, release-4.19). Most
 * operators are updated in parallel.
 */
const STUCK_HOURS = 4;

/**
 * The alert on an update that does not end. The cluster version operator has no such alert (openshift/cluster-version-operator,
 * `install/0000_90_cluster-version-operator_02_servicemonitor.yaml`, release-4.14 to 4.22): its alerts report operators that are degraded
 * or unavailable, and an operator that only takes long is neither. `from_version` is empty during the installation, which `pulumi up`
 * watches. The operator does not wait for pools of workers: only pools of the control plane have the label `required-for-upgrade`
 * (openshift/machine-config-operator, `manifests/master.machineconfigpool.yaml`, release-4.14 to 4.22).
 */
export const stuckUpdateAlert: Alert = {
  name: "ClusterUpdateStuck",
  severity: "warning",
  namespace: "openshift-cluster-version",
  expression: `time() - max by (from_version, version) (cluster_version{type="updating", from_version!=""}) > ${STUCK_HOURS * 3600}`,
  wait: "5m",
  summary: "An update of the cluster does not end.",
  description:
    "The update from {{ $labels.from_version }} to {{ $labels.version }} began {{ $value | humanizeDuration }} ago. `oc adm upgrade` shows the operator that it waits for.",
};
