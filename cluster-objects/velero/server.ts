import { resourceRequests } from "../../config/capacity/demand";
import { imageReference } from "../../config/container-images";
import { VELERO_NAMESPACE, VELERO_REQUESTS, type VeleroConfiguration } from "../../config/velero/settings";
import type { ApiObject } from "../object";
import { serviceAccountSubject } from "../service-account";
import { placementFields } from "../tolerations";
import { MONITORED } from "../monitored-namespace";
import { credentialFields, type VeleroCredentials } from "./credentials";
import { NO_DEFAULT_SELECTOR } from "./node-agent";
import { LEAST_SCC, MAINTENANCE_CONFIG, METRICS_PORT, VELERO, VELERO_LIMITS, VELERO_POD } from "./names";

const inVelero = { name: VELERO, namespace: VELERO_NAMESPACE } as const;

/**
 * Velero's namespace on OKD, with the strictest Pod Security level: the server needs no rights on its node. The node agent needs all rights.
 */
export function veleroNamespace({ repositoryPassword }: Pick<VeleroConfiguration, "repositoryPassword">): ApiObject {
  const labels = { "pod-security.kubernetes.io/enforce": repositoryPassword ? "privileged" : "restricted", ...MONITORED };
  return {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: VELERO_NAMESPACE, labels, ...(repositoryPassword && { annotations: NO_DEFAULT_SELECTOR }) },
  };
}

/** Velero's service account, and its right to read and to restore every object (vmware-tanzu/velero, `pkg/install/resources.go`, release-1.18). */
export function veleroAccount(): Readonly<Record<"account" | "binding", ApiObject>> {
  return {
    account: { apiVersion: "v1", kind: "ServiceAccount", metadata: inVelero },
    binding: {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRoleBinding",
      metadata: { name: "okd-aws-velero" },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
      subjects: [serviceAccountSubject(`${VELERO_NAMESPACE}/${VELERO}`)],
    },
  };
}

/**
 * The Velero server with the plugin for AWS (vmware-tanzu/velero, `pkg/install/deployment.go`, release-1.18). OpenShift chooses the user of
 * the containers (SCC restricted-v2), who can't write to the image's directories. So every directory to which the server writes is a
 * volume.
 */
export function veleroDeployment<Text>(
  { snapshots, placement, repositoryPassword }: Pick<VeleroConfiguration, "snapshots" | "placement" | "repositoryPassword">,
  credentials: VeleroCredentials<Text>,
): ApiObject {
  const aws = credentialFields(credentials);
  const maintenance = repositoryPassword ? [`--repo-maintenance-job-configmap=${MAINTENANCE_CONFIG}`] : [];
  const server = {
    name: VELERO,
    image: imageReference("velero"),
    imagePullPolicy: "IfNotPresent",
    command: ["/velero"],
    args: ["server", ...(snapshots ? ["--features=EnableCSI"] : []), ...maintenance],
    ports: [{ name: "metrics", containerPort: METRICS_PORT }],
    env: [
      { name: "VELERO_SCRATCH_DIR", value: "/scratch" },
      { name: "VELERO_NAMESPACE", valueFrom: { fieldRef: { fieldPath: "metadata.namespace" } } },
      { name: "HOME", value: "/scratch" },
      ...aws.env,
    ],
    volumeMounts: [
      { name: "plugins", mountPath: "/plugins" },
      { name: "scratch", mountPath: "/scratch" },
      { name: "temporary", mountPath: "/tmp" },
      aws.mount,
    ],
    resources: { requests: resourceRequests(VELERO_REQUESTS), limits: VELERO_LIMITS },
    securityContext: LEAST_RIGHTS,
  };
  const plugin = {
    name: "velero-plugin-for-aws",
    image: imageReference("velero-plugin-for-aws"),
    imagePullPolicy: "IfNotPresent",
    volumeMounts: [{ name: "plugins", mountPath: "/target" }],
    resources: { requests: { cpu: "10m", memory: "32Mi" } },
    securityContext: LEAST_RIGHTS,
  };
  const pod = {
    serviceAccountName: VELERO,
    securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
    initContainers: [plugin],
    containers: [server],
    volumes: [...["plugins", "scratch", "temporary"].map((name) => ({ name, emptyDir: {} })), aws.volume],
    ...(placement && placementFields(placement)),
  };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: inVelero,
    spec: {
      replicas: 1,
      // With a rolling update two servers would run at the same time and work on the same backup.
      strategy: { type: "Recreate" },
      selector: { matchLabels: VELERO_POD },
      template: { metadata: { labels: VELERO_POD, annotations: LEAST_SCC }, spec: pod },
    },
  };
}

const LEAST_RIGHTS = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } };
