import { resourceRequests } from "../../config/capacity/demand";
import { imageReference } from "../../config/container-images";
import { NODE_AGENT_REQUESTS, VELERO_NAMESPACE } from "../../config/velero/settings";
import type { ApiObject } from "../object";
import { credentialFields, type VeleroCredentials } from "./credentials";
import { LEAST_SCC, MAINTENANCE_CONFIG, NODE_AGENT, VELERO } from "./names";

const CONFIG = "okd-aws-node-agent";

/** The directory of the kubelet with the volumes of all pods, and the place where the node agent looks for it (`pkg/nodeagent/node_agent.go`, release-1.18). */
const POD_VOLUMES = { name: "host-pods", host: "/var/lib/kubelet/pods", container: "/host_pods" };

/**
 * The annotation that keeps the cluster's default node selector away from the pods of a namespace. With the selector, the node agent would not
 * run on every node, and the kubelet would refuse pods that copy files (vmware-tanzu/velero, `site/content/docs/v1.18/file-system-backup.md`).
 */
export const NO_DEFAULT_SELECTOR = { "openshift.io/node-selector": "" };

/** Volumes can be on any node, so the node agent tolerates every taint. */
export const EVERY_NODE = [{ operator: "Exists" }];

/**
 * The Secret with the password of the repositories, under the name and key that Velero reads each time it connects to a repository. Velero's
 * server creates the Secret with a public password, unless it exists (vmware-tanzu/velero, `pkg/repository/keys/keys.go`, release-1.14 to
 * release-1.18).
 */
export function repositoryPassword(password: unknown, namespace: string): ApiObject {
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "velero-repo-credentials", namespace },
    type: "Opaque",
    stringData: { "repository-password": password },
  };
}

/** Lets nobody connect to the node agent's pods: they serve only metrics, and nothing reads these metrics. */
export function nodeAgentPolicy(namespace: string): ApiObject {
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: CONFIG, namespace },
    spec: { podSelector: { matchLabels: { name: NODE_AGENT } }, policyTypes: ["Ingress"] },
  };
}

/**
 * Settings of the node agent: it copies files in privileged pods, because SELinux does not let other pods read the volumes of a pod
 * (vmware-tanzu/velero, `pkg/types/node_agent.go`, release-1.18, and issue 9294).
 */
export function nodeAgentConfig(): ApiObject {
  return config(CONFIG, { "node-agent.json": JSON.stringify({ privilegedFsBackup: true }) });
}

/** Settings of the jobs that maintain repositories. The jobs have the server's service account and security context (`pkg/repository/maintenance/maintenance.go`, release-1.18). */
export function maintenanceConfig(): ApiObject {
  return config(MAINTENANCE_CONFIG, { global: JSON.stringify({ podAnnotations: LEAST_SCC }) });
}

function config(name: string, data: Readonly<Record<string, string>>): ApiObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: VELERO_NAMESPACE }, data };
}

/**
 * The node agent, which runs on every node and copies the files of volumes (vmware-tanzu/velero, `pkg/install/daemonset.go`, release-1.18).
 * For each volume it creates a pod with the image, the variables, the volumes and the service account of this DaemonSet
 * (`pkg/exposer/pod_volume.go`). So the DaemonSet has the AWS credentials and exactly one container, although the agent itself
 * does not connect to S3. The service account may use the SCC `privileged`, because it is a cluster administrator.
 */
export function nodeAgentDaemonSet<Text>(credentials: VeleroCredentials<Text>): ApiObject {
  const aws = credentialFields(credentials);
  const agent = {
    name: NODE_AGENT,
    image: imageReference("velero"),
    imagePullPolicy: "IfNotPresent",
    command: ["/velero"],
    args: ["node-agent", "server", `--node-agent-configmap=${CONFIG}`],
    env: [
      { name: "NODE_NAME", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } },
      { name: "VELERO_NAMESPACE", valueFrom: { fieldRef: { fieldPath: "metadata.namespace" } } },
      { name: "VELERO_SCRATCH_DIR", value: "/scratch" },
      // kopia keeps its configuration and its cache below the home directory.
      { name: "HOME", value: "/scratch" },
      ...aws.env,
    ],
    volumeMounts: [
      { name: POD_VOLUMES.name, mountPath: POD_VOLUMES.container, mountPropagation: "HostToContainer" },
      { name: "scratch", mountPath: "/scratch" },
      { name: "temporary", mountPath: "/tmp" },
      aws.mount,
    ],
    resources: { requests: resourceRequests(NODE_AGENT_REQUESTS) },
    securityContext: { privileged: true },
  };
  const pod = {
    serviceAccountName: VELERO,
    securityContext: { runAsUser: 0 },
    nodeSelector: { "kubernetes.io/os": "linux" },
    tolerations: EVERY_NODE,
    containers: [agent],
    volumes: [
      { name: POD_VOLUMES.name, hostPath: { path: POD_VOLUMES.host } },
      ...["scratch", "temporary"].map((name) => ({ name, emptyDir: {} })),
      aws.volume,
    ],
  };
  return {
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata: { name: NODE_AGENT, namespace: VELERO_NAMESPACE },
    spec: {
      selector: { matchLabels: { name: NODE_AGENT } },
      updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "10%" } },
      template: {
        // The server looks for these pods by the label `role`.
        metadata: { labels: { name: NODE_AGENT, role: NODE_AGENT }, annotations: { "openshift.io/required-scc": "privileged" } },
        spec: pod,
      },
    },
  };
}
