import { approverAccount } from "../../cluster-objects/certificate-approver/account";
import { approverAlerts } from "../../cluster-objects/certificate-approver/alerts";
import type { RuleCases } from "./alert-case";

const namespace = "openshift-cluster-machine-approver";
const { name, namespace: leases } = approverAccount;
const heartbeat = `kube_lease_renew_time{namespace="${leases}", lease="${name}"}`;
const otherLease = 'kube_lease_renew_time{namespace="kube-node-lease", lease="node-0"}';
const silent = { labels: { severity: "warning", namespace } };

/** The two series of a certificate request's conditions, with their values. */
function request(name: string, signer: string, approved: string, denied = "0x30"): Readonly<Record<string, string>> {
  const condition = (type: string) =>
    `kube_certificatesigningrequest_condition{certificatesigningrequest="${name}", signer_name="kubernetes.io/${signer}", condition="${type}"}`;
  return { [condition("approved")]: approved, [condition("denied")]: denied };
}

export const approverCases: RuleCases = {
  file: "cluster-objects/certificate-approver/alerts.ts",
  rule: approverAlerts(),
  cases: [
    {
      alert: "CertificateApproverSilent",
      situation: "the heartbeat is 20 minutes old",
      series: { [heartbeat]: "0x30", [otherLease]: "0+60x30" },
      at: "21m",
      fires: [silent],
    },
    {
      alert: "CertificateApproverSilent",
      situation: "the approver never sent a heartbeat",
      series: { [otherLease]: "0+60x30" },
      at: "6m",
      fires: [silent],
    },
    {
      alert: "CertificateApproverSilent",
      situation: "the heartbeat is renewed each minute",
      series: { [heartbeat]: "0+60x30" },
      at: "21m",
      fires: [],
    },
    {
      alert: "CertificateApproverSilent",
      situation: "the cluster has no metrics of Leases",
      series: { 'kube_node_info{node="master-0"}': "1x30" },
      at: "21m",
      fires: [],
    },
    {
      alert: "KubeletCertificateRequestWaits",
      situation: "two of a signer's requests have waited for 16 minutes, and another signer's is approved",
      series: {
        ...request("csr-1", "kubelet-serving", "0x30"),
        ...request("csr-2", "kubelet-serving", "0x30"),
        ...request("csr-3", "kube-apiserver-client-kubelet", "0x10 1x20"),
      },
      at: "17m",
      fires: [
        {
          labels: { severity: "warning", namespace, signer_name: "kubernetes.io/kubelet-serving" },
          description:
            "2 requests for kubernetes.io/kubelet-serving have waited for more than 15 minutes: the certificate approver refuses them, or does not work. `make diagnose` shows the reason.",
        },
      ],
    },
    {
      alert: "KubeletCertificateRequestWaits",
      situation: "requests are new, denied, or of a signer that the approver leaves alone",
      series: {
        ...request("csr-1", "kubelet-serving", "_x10 0x20"),
        ...request("csr-2", "kubelet-serving", "0x30", "1x30"),
        ...request("csr-3", "kube-apiserver-client", "0x30"),
      },
      at: "20m",
      fires: [],
    },
  ],
};
