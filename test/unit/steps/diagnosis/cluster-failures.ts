import { type InjectedFailure, must, cluster, targetGroup } from "./scene-parts";

/** Failures of the cluster's API, nodes and operators. */
export const clusterFailures: readonly InjectedFailure[] = [
  // API
  [
    "the API's answer",
    (scene) => (cluster(scene).readyz = { code: "ECONNREFUSED", reason: "connect ECONNREFUSED 192.0.2.1:6443" }),
    "API",
    "api.dev.example.com:6443 doesn't answer: connect ECONNREFUSED 192.0.2.1:6443",
  ],
  [
    "the name of the API, from outside",
    (scene) => (cluster(scene).readyz = { code: "ENOTFOUND", reason: "getaddrinfo ENOTFOUND api.dev.example.com" }),
    "DNS",
    "this machine can't resolve api.dev.example.com:6443: getaddrinfo ENOTFOUND api.dev.example.com",
  ],
  [
    "the API's readiness",
    (scene) => (cluster(scene).readyz = { status: 500, body: "[-]etcd failed" }),
    "API",
    "api.dev.example.com:6443 answers, but isn't ready: /readyz has status 500",
  ],
  [
    "the kubeconfig",
    (scene) => (cluster(scene).readyz = { status: 401, body: "" }),
    "API",
    "api.dev.example.com:6443 rejects the kubeconfig with status 401",
  ],
  [
    "every target's health",
    (scene) => {
      must(targetGroup(scene, "sint").health).forEach((each) => (each.TargetHealth = { State: "unhealthy", Reason: "Target.Timeout" }));
    },
    "API",
    "no target of dev-abcde-sint is healthy: no bootstrap or control plane instance answers on port 22623",
  ],
  ["a node", (scene) => must(cluster(scene).nodes).pop(), "API", "worker-0 (i-worker-0) hasn't joined the cluster as a node"],
  [
    "a node's readiness",
    (scene) => (must(cluster(scene).nodes?.[1]).status = { addresses: [{ type: "InternalIP", address: "10.0.16.6" }] }),
    "API",
    "1 of 2 nodes isn't ready",
  ],
  [
    "an approval",
    (scene) =>
      must(cluster(scene).requests).push({
        metadata: { name: "csr-new", creationTimestamp: "2026-03-01T11:48:30Z" },
        spec: { username: "system:node:worker-0", signerName: "kubernetes.io/kubelet-serving" },
      }),
    "API",
    "1 CSR is pending, the oldest for 11 minutes: csr-new by system:node:worker-0 for kubernetes.io/kubelet-serving",
  ],
  // Operators
  [
    "an operator",
    (scene) =>
      must(cluster(scene).operators).push({
        metadata: { name: "ingress" },
        status: {
          conditions: [
            { type: "Available", status: "False", message: "No router runs.\nTwo are wanted." },
            { type: "Degraded", status: "False" },
          ],
        },
      }),
    "operators",
    "cluster operator ingress isn't available: No router runs. Two are wanted",
  ],
  [
    "the cluster's version",
    (scene) =>
      (cluster(scene).clusterVersion = {
        status: { conditions: [{ type: "Failing", status: "True", reason: "UpdatePayloadFailed", message: "no image" }] },
      }),
    "operators",
    "the cluster version operator reports a failure (UpdatePayloadFailed): no image",
  ],
];
