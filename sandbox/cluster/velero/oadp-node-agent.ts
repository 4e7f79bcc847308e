import type { KubeObject } from "../api";
import { type DataProtection, ownerOf } from "./oadp-server";

/** Name of the DaemonSet and label of its pods. */
export const OADP_NODE_AGENT = "node-agent";

/** Whether OADP runs the node agent (openshift/oadp-operator, `internal/controller/nodeagent.go`: isNodeAgentEnabled, oadp-1.5). */
export function hasNodeAgent({ spec }: DataProtection): boolean {
  return spec.configuration.nodeAgent?.enable === true;
}

/**
 * The node agent (`internal/controller/nodeagent.go`: buildNodeAgentDaemonset and customizeNodeAgentDaemonset, over vmware-tanzu/velero,
 * `pkg/install/daemonset.go`, release-1.16). Its pods are simulated. The volumes other than the kubelet's directory are left out.
 */
export function oadpNodeAgent(application: DataProtection): KubeObject {
  const { podConfig = {} } = application.spec.configuration.nodeAgent ?? {};
  const labels = { component: "velero", name: OADP_NODE_AGENT };
  const { requests, limits } = podConfig.resourceAllocations ?? {};
  const agent = {
    name: OADP_NODE_AGENT,
    image: "quay.io/konveyor/velero:latest",
    command: ["/velero"],
    args: ["node-agent", "server"],
    resources: { requests: { cpu: "500m", memory: "128Mi", ...requests }, ...(limits && { limits }) },
    securityContext: { privileged: true, allowPrivilegeEscalation: true, readOnlyRootFilesystem: true },
    volumeMounts: [{ name: "host-pods", mountPath: "/host_pods", mountPropagation: "HostToContainer" }],
  };
  const pod = {
    serviceAccountName: "velero",
    securityContext: { runAsUser: 0 },
    ...(podConfig.nodeSelector && { nodeSelector: podConfig.nodeSelector }),
    ...(podConfig.tolerations && { tolerations: podConfig.tolerations }),
    containers: [agent],
    volumes: [{ name: "host-pods", hostPath: { path: "/var/lib/kubelet/pods" } }],
  };
  return {
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata: { name: OADP_NODE_AGENT, namespace: application.metadata.namespace, labels, ownerReferences: [ownerOf(application)] },
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels: { ...labels, role: OADP_NODE_AGENT } }, spec: pod } },
  };
}
