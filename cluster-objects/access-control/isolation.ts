import type { ApiObject } from "../object";

/**
 * Network policies that isolate a project (OpenShift, "Multitenant isolation with network policy"). They allow connections from the
 * project's own pods, the routers (also those with host networking), monitoring, and the API server's operator, which checks that webhooks
 * can be reached. Outgoing traffic is not limited.
 */
export function isolationPolicies(namespace: string): ApiObject[] {
  const from = (name: string, ...peers: readonly object[]) => networkPolicy(namespace, name, peers);
  return [
    networkPolicy(namespace, "deny-by-default", []),
    from("allow-from-same-namespace", { podSelector: {} }),
    from(
      "allow-from-openshift-ingress",
      inNamespaces({ "policy-group.network.openshift.io/ingress": "" }),
      inNamespaces({ "policy-group.network.openshift.io/host-network": "" }),
    ),
    from("allow-from-openshift-monitoring", inNamespaces({ "network.openshift.io/policy-group": "monitoring" })),
    from("allow-from-kube-apiserver-operator", {
      ...inNamespaces({ "kubernetes.io/metadata.name": "openshift-kube-apiserver-operator" }),
      podSelector: { matchLabels: { app: "kube-apiserver-operator" } },
    }),
  ];
}

function networkPolicy(namespace: string, name: string, peers: readonly object[]): ApiObject {
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name, namespace },
    spec: { podSelector: {}, policyTypes: ["Ingress"], ...(peers.length > 0 && { ingress: [{ from: peers }] }) },
  };
}

function inNamespaces(matchLabels: Readonly<Record<string, string>>): object {
  return { namespaceSelector: { matchLabels } };
}
