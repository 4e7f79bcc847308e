import { clusterAlerts } from "../../cluster-objects/alerts/cluster";
import type { AlertCase, RuleCases } from "./alert-case";

/** End of the certificate: an hour after the first day on which the alert is due. */
const end = 21 * 86_400 + 3600;

const updating = 'cluster_version{type="updating", version="4.20.1", from_version="4.19.5", image="i"}';
const conditions = (name: string, condition: string) => `ingress_controller_conditions{name="${name}", condition="${condition}"}`;
const [available, degraded] = ["Available", "Degraded"].map((condition) => conditions("private", condition));
const defaultRouter = conditions("default", "Available");
const shardDown = { labels: { severity: "critical", namespace: "openshift-ingress-operator", name: "private" } };

const updateCases: readonly AlertCase[] = [
  {
    alert: "ClusterUpdateStuck",
    situation: "the update began more than four hours ago, and the operator's pod was replaced",
    series: {
      'cluster_version{type="updating", version="4.20.1", from_version="4.19.5", image="i", pod="a"}': "0x120",
      'cluster_version{type="updating", version="4.20.1", from_version="4.19.5", image="i", pod="b"}': "_x120 0x140",
    },
    at: "250m",
    fires: [
      {
        labels: { severity: "warning", namespace: "openshift-cluster-version", from_version: "4.19.5", version: "4.20.1" },
        description: "The update from 4.19.5 to 4.20.1 began 4h 10m 0s ago. `oc adm upgrade` shows the operator that it waits for.",
      },
    ],
  },
  {
    alert: "ClusterUpdateStuck",
    situation: "the update was complete after three hours",
    series: { [updating]: "0x180", 'cluster_version{type="current", version="4.20.1", from_version="4.19.5", image="i"}': "0x260" },
    at: "250m",
    fires: [],
  },
  {
    alert: "ClusterUpdateStuck",
    situation: "the cluster is still being installed",
    series: { 'cluster_version{type="updating", version="4.20.1", image="i"}': "0x260" },
    at: "250m",
    fires: [],
  },
];

const routerCases: readonly AlertCase[] = [
  {
    alert: "RouterShardDown",
    situation: "the shard is unavailable for 10 minutes",
    series: { [available]: "0x20", [defaultRouter]: "1x20" },
    at: "10m",
    fires: [shardDown],
  },
  {
    alert: "RouterShardDown",
    situation: "somebody has deleted the shard",
    series: { [defaultRouter]: "1x20" },
    at: "10m",
    fires: [shardDown],
  },
  {
    alert: "RouterShardDown",
    situation: "the shard is available but degraded, or another router is unavailable",
    series: { [available]: "1x20", [degraded]: "1x20", [defaultRouter]: "0x20" },
    at: "15m",
    fires: [],
  },
  {
    alert: "RouterShardDown",
    situation: "the ingress operator reports nothing",
    series: { 'kube_node_info{node="master-0"}': "1x20" },
    at: "15m",
    fires: [],
  },
];

const certificate = { namespace: "openshift-kube-apiserver-operator", certificate: "apiCertificate" };
const dueCase = { alert: "ServingCertificateRenewalDue", series: {}, step: 3600 };
const urgentCase = { alert: "ServingCertificateExpires", series: {}, step: 3600 };
const due = { labels: { severity: "warning", ...certificate } };
const urgent = { labels: { severity: "critical", ...certificate } };

const certificateCases: readonly AlertCase[] = [
  { ...dueCase, situation: "the certificate is valid for 21 days", at: "1h", fires: [] },
  { ...dueCase, situation: "it is valid for less than 21 days", at: "3h", fires: [due] },
  { ...dueCase, situation: "it is valid for less than 7 days", at: "14d3h", fires: [] },
  { ...urgentCase, situation: "it is valid for 7 days", at: "14d", fires: [] },
  { ...urgentCase, situation: "it is valid for less than 7 days", at: "14d3h", fires: [urgent] },
  { ...urgentCase, situation: "it has expired", at: "21d2h", fires: [urgent] },
];

export const clusterCases: RuleCases = {
  file: "cluster-objects/alerts/cluster.ts",
  rule: clusterAlerts({
    shards: [{ name: "private", domain: "private.dev.okd.example.com" }],
    certificates: [{ key: "apiCertificate", namespace: "openshift-kube-apiserver-operator", end }],
  }),
  cases: [...updateCases, ...routerCases, ...certificateCases],
};
