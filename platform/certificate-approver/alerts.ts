import { approverAccount } from "../../ignition/certificate-approver";
import type { ApiObject } from "../object";

/** Seconds without a heartbeat, and minutes that a request may wait. A request is normally approved within seconds. */
const silentSeconds = 900;
const waitMinutes = 15;

/** The namespace of OpenShift's own approver, which every cluster has and whose rules its monitoring reads (openshift/cluster-machine-approver, `manifests/00-ns.yaml`, release-4.14 to 4.21: label `openshift.io/cluster-monitoring`). */
const namespace = "openshift-cluster-machine-approver";

const heartbeat = `kube_lease_renew_time{namespace="${approverAccount.namespace}", lease="${approverAccount.name}"}`;
const approvals =
  'kube_certificatesigningrequest_condition{condition="approved", signer_name=~"kubernetes.io/(kubelet-serving|kube-apiserver-client-kubelet)"}';
const denials = 'kube_certificatesigningrequest_condition{condition="denied"}';

/**
 * Alerts about the certificate approver, which runs outside the cluster: the cluster sees its heartbeat and the requests that nobody approves.
 *
 * Both metrics are kube-state-metrics' (openshift/kube-state-metrics, `internal/store/lease.go` and `certificatesigningrequest.go`, release-4.14 to
 * 4.20), which the cluster's monitoring may read both kinds for and doesn't leave out (openshift/cluster-monitoring-operator,
 * `assets/kube-state-metrics/cluster-role.yaml` and `deployment.yaml`, release-4.14 to 4.21). It does leave out the time at which a request was made
 * (`kube_.+_created`), so a request waits long when it was not approved a quarter of an hour ago, either. `mapi_current_pending_csr` of OpenShift's
 * own approver counts only requests of the last hour, and only when that approver is woken by one (openshift/cluster-machine-approver,
 * `pkg/controller/controller.go`, release-4.19).
 */
export function approverAlerts(): ApiObject {
  const alert = (name: string, expression: string, wait: string, summary: string, description: string) => ({
    alert: name,
    expr: expression,
    for: wait,
    labels: { severity: "warning", namespace },
    annotations: { summary, description: `${description} \`make diagnose\` says why.` },
  });
  return {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "PrometheusRule",
    metadata: { name: "okd-aws-certificate-approver", namespace },
    spec: {
      groups: [
        {
          name: "okd-aws-certificate-approver",
          rules: [
            alert(
              "CertificateApproverSilent",
              // The second half is for an approver that was never heard of. It counts only where leases are read at all: the minimal collection profile leaves them out.
              `time() - max(${heartbeat}) > ${silentSeconds} or absent(${heartbeat}) and on () count(kube_lease_renew_time) > 0`,
              "5m",
              "The certificate approver doesn't work.",
              "The approver on the installer host does not reach the cluster's API or EC2, or doesn't run: new machines don't join the cluster.",
            ),
            alert(
              "KubeletCertificateRequestWaits",
              `count by (signer_name) ((${approvals} == 0 and ${approvals} offset ${waitMinutes}m == 0) unless on (certificatesigningrequest) ${denials} > 0) > 0`,
              "1m",
              "Certificate requests of kubelets are not approved.",
              `{{ $value }} requests for {{ $labels.signer_name }} have waited for more than ${waitMinutes} minutes: the certificate approver refuses them, or doesn't work.`,
            ),
          ],
        },
      ],
    },
  };
}
