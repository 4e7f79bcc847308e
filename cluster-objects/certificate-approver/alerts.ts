import { prometheusRule } from "../alerts/prometheus-rule";
import type { ApiObject } from "../object";
import { approverAccount } from "./account";

/** Seconds without a heartbeat until the alert. */
const silentSeconds = 900;
/** Minutes that a CSR may wait until the alert. Normally a CSR is approved within seconds. */
const maxPendingMinutes = 15;

/**
 * Namespace of OpenShift's own approver. Every cluster has it, and the cluster's monitoring reads its rules
 * (openshift/cluster-machine-approver, `manifests/00-ns.yaml`, release-4.14 to 4.21: label `openshift.io/cluster-monitoring`).
 */
const namespace = "openshift-cluster-machine-approver";

const heartbeat = `kube_lease_renew_time{namespace="${approverAccount.namespace}", lease="${approverAccount.name}"}`;
const approvals =
  'kube_certificatesigningrequest_condition{condition="approved", signer_name=~"kubernetes.io/(kubelet-serving|kube-apiserver-client-kubelet)"}';
const denials = 'kube_certificatesigningrequest_condition{condition="denied"}';

/**
 * Alerts about the approver. The approver runs outside the cluster, but the cluster has the approver's heartbeat (a Lease) and the CSRs
 * that nobody approves.
 *
 * Both metrics come from kube-state-metrics (openshift/kube-state-metrics, `internal/store/lease.go` and `certificatesigningrequest.go`,
 * release-4.14 to 4.20). The cluster's monitoring may read Leases and CSRs and does not drop these metrics
 * (openshift/cluster-monitoring-operator, `assets/kube-state-metrics/cluster-role.yaml` and `deployment.yaml`, release-4.14 to 4.21). It
 * does drop the creation times (`kube_.+_created`). So a CSR counts as waiting too long if it is not approved now and was not approved a
 * quarter of an hour ago. The metric `mapi_current_pending_csr` of OpenShift's own approver is not enough: it counts only CSRs of the last
 * hour, and only when a CSR triggers that approver (openshift/cluster-machine-approver, `pkg/controller/controller.go`, release-4.19).
 */
export function approverAlerts(): ApiObject {
  const common = { severity: "warning", namespace } as const;
  const diagnose = "`make diagnose` shows the reason.";
  return prometheusRule("okd-aws-certificate-approver", namespace, [
    {
      ...common,
      name: "CertificateApproverSilent",
      // The part after `or` covers an approver that never sent a heartbeat. It applies only if the monitoring collects Leases at all: the
      // minimal collection profile drops them. `max` drops the labels, so that both parts of the expression give the same alert.
      expression: `time() - max(${heartbeat}) > ${silentSeconds} or max(absent(${heartbeat})) and on () count(kube_lease_renew_time) > 0`,
      wait: "5m",
      summary: "The certificate approver does not work.",
      description: `The approver on the installer host does not reach the cluster's API or EC2, or does not run. New nodes cannot join the cluster. ${diagnose}`,
    },
    {
      ...common,
      name: "KubeletCertificateRequestWaits",
      expression: `count by (signer_name) ((${approvals} == 0 and ${approvals} offset ${maxPendingMinutes}m == 0) unless on (certificatesigningrequest) ${denials} > 0) > 0`,
      wait: "1m",
      summary: "Kubelets' certificate signing requests are not approved.",
      description: `{{ $value }} requests for {{ $labels.signer_name }} have waited for more than ${maxPendingMinutes} minutes: the certificate approver refuses them, or does not work. ${diagnose}`,
    },
  ]);
}
