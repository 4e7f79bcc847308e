import { clusterAlerts } from "../../cluster-objects/alerts/cluster";
import type { AlertCase, RuleCases } from "./alert-case";

/** Expiry of the certificate: 21 days and one hour after the time 0, in seconds. */
const end = 21 * 86_400 + 3600;

const updating = 'cluster_version{type="updating", version="4.20.1", from_version="4.19.5", image="i"}';
const condition = (name: string, type: string) => `ingress_controller_conditions{name="${name}", condition="${type}"}`;
const [available, degraded] = ["Available", "Degraded"].map((type) => condition("private", type));
const defaultRouter = condition("default", "Available");
const deployment = (metric: string, name: string, labels = "") =>
  `kube_deployment_${metric}{namespace="openshift-ingress", deployment="router-${name}"${labels}}`;
const [replicas, pods] = ["spec_replicas", "status_replicas_available"].map((metric) => deployment(metric, "private"));
const tooFewPods = deployment("status_condition", "private", ', condition="Available", status="false"');
const defaultReplicas = deployment("spec_replicas", "default");
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
    situation: "the only pod is not available, and the Deployment allows that",
    series: { [replicas]: "1x20", [pods]: "0x20", [tooFewPods]: "0x20", [available]: "1x20" },
    at: "10m",
    fires: [shardDown],
  },
  {
    alert: "RouterShardDown",
    situation: "the load balancer or the DNS record is missing, and one of two pods, too",
    series: { [replicas]: "2x20", [pods]: "1x20", [tooFewPods]: "0x20", [available]: "0x20", [defaultRouter]: "1x20" },
    at: "10m",
    fires: [shardDown],
  },
  {
    alert: "RouterShardDown",
    situation: "the load balancer is missing, and the collection profile has no conditions of Deployments",
    series: { [replicas]: "2x20", [pods]: "2x20", [available]: "0x20" },
    at: "10m",
    fires: [shardDown],
  },
  {
    alert: "RouterShardDown",
    situation: "somebody has deleted the shard",
    series: { [defaultReplicas]: "2x20", [defaultRouter]: "1x20" },
    at: "10m",
    fires: [shardDown],
  },
  {
    alert: "RouterShardDown",
    situation: "nothing is available, the ingress operator was restarted and has set no condition",
    series: { [replicas]: "2x20", [pods]: "0x20" },
    at: "10m",
    fires: [shardDown],
  },
  {
    alert: "RouterShardDown",
    situation: "the ingress operator was restarted, and only the default router has a condition",
    series: { [replicas]: "2x20", [pods]: "2x20", [defaultReplicas]: "2x20", [defaultRouter]: "1x20" },
    at: "15m",
    fires: [],
  },
  {
    alert: "RouterShardDown",
    situation: "two of four pods serve, which is fewer than the Deployment allows",
    series: { [replicas]: "4x20", [pods]: "2x20", [tooFewPods]: "1x20", [available]: "0x20" },
    at: "15m",
    fires: [],
  },
  {
    alert: "RouterShardDown",
    situation: "the shard is degraded, or another router is unavailable",
    series: { [replicas]: "2x20", [pods]: "1x20", [available]: "1x20", [degraded]: "1x20", [defaultRouter]: "0x20" },
    at: "15m",
    fires: [],
  },
  {
    alert: "RouterShardDown",
    situation: "kube-state-metrics reports nothing",
    series: { [defaultRouter]: "1x20" },
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
    certificates: [{ key: "apiCertificate", namespace: "openshift-kube-apiserver-operator", expiry: end }],
  }),
  cases: [...updateCases, ...routerCases, ...certificateCases],
};
