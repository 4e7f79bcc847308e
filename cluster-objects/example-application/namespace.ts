import type { ExampleApplication } from "../../config/example-application/settings";
import { EXAMPLE_NAMESPACE } from "../../config/example-application/settings";
import type { ApiObject } from "../object";
import { DATABASE_LABELS, DATABASE_PORT, DISK_LIMIT, inExample, NO_DISK_REQUEST, WEB_LABELS, WEB_PORT } from "./names";

/** The namespace, with the strictest Pod Security level and the labels by which the router shards select it. */
export function exampleNamespace({ namespaceLabels }: ExampleApplication): ApiObject {
  const labels = { "pod-security.kubernetes.io/enforce": "restricted", ...namespaceLabels };
  return { apiVersion: "v1", kind: "Namespace", metadata: { name: EXAMPLE_NAMESPACE, labels } };
}

/**
 * The most that the application may use: four web servers and one more during a rollout, the database, and a second pod of the database.
 * Services with a load balancer or a node port are forbidden, because they would bypass the routers.
 */
export function exampleQuota(): ApiObject {
  const hard = {
    pods: "10",
    "requests.cpu": "1",
    "requests.memory": "1536Mi",
    "limits.memory": "3Gi",
    "limits.ephemeral-storage": "2Gi",
    persistentvolumeclaims: "1",
    "requests.storage": "1Gi",
    "services.loadbalancers": "0",
    "services.nodeports": "0",
  };
  return { apiVersion: "v1", kind: "ResourceQuota", metadata: inExample("quota"), spec: { hard } };
}

/** Requests and limits of containers that have none. Without them the quota would refuse such a container. */
export function exampleLimits(): ApiObject {
  const container = {
    type: "Container",
    defaultRequest: { cpu: "50m", memory: "64Mi", ...NO_DISK_REQUEST },
    default: { memory: "256Mi", ...DISK_LIMIT },
    max: { memory: "512Mi", ...DISK_LIMIT },
  };
  return { apiVersion: "v1", kind: "LimitRange", metadata: inExample("limits"), spec: { limits: [container] } };
}

/**
 * Only these connections are allowed: from the routers (also those with host networking) to the web server, and from the web server to the
 * database. The web server itself reaches only the database and the cluster's DNS, whose pods listen on port 5353
 * (openshift/cluster-dns-operator, `assets/dns/daemonset.yaml`, release-4.19). The kubelet's probes always pass (ovn-org/ovn-kubernetes,
 * `docs/features/network-security-controls/network-policy.md`, master).
 */
export function exampleNetworkPolicies(): readonly ApiObject[] {
  const routers = ["ingress", "host-network"].map((group) => namespaces(`policy-group.network.openshift.io/${group}`, ""));
  const dns = namespaces("kubernetes.io/metadata.name", "openshift-dns");
  return [
    policy("deny-by-default", { podSelector: {}, policyTypes: ["Ingress", "Egress"] }),
    policy("web", {
      podSelector: { matchLabels: WEB_LABELS },
      policyTypes: ["Ingress", "Egress"],
      ingress: [{ from: routers, ports: [tcp(WEB_PORT)] }],
      egress: [
        { to: [{ podSelector: { matchLabels: DATABASE_LABELS } }], ports: [tcp(DATABASE_PORT)] },
        { to: [dns], ports: [tcp(5353), { protocol: "UDP", port: 5353 }] },
      ],
    }),
    policy("database", {
      podSelector: { matchLabels: DATABASE_LABELS },
      policyTypes: ["Ingress"],
      ingress: [{ from: [{ podSelector: { matchLabels: WEB_LABELS } }], ports: [tcp(DATABASE_PORT)] }],
    }),
  ];
}

function policy(name: string, spec: object): ApiObject {
  return { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata: inExample(name), spec };
}

function namespaces(label: string, value: string): object {
  return { namespaceSelector: { matchLabels: { [label]: value } } };
}

function tcp(port: number): object {
  return { protocol: "TCP", port };
}
