import { resourceRequests } from "../../config/capacity/demand";
import { imageReference } from "../../config/container-images";
import { VELERO_NAMESPACE, VELERO_REQUESTS, type VeleroConfiguration } from "../../config/velero/settings";
import type { ApiObject } from "../object";
import { serviceAccountSubject } from "../service-account";
import { placementFields } from "../tolerations";
import { MONITORED } from "../monitored-namespace";
import { CREDENTIALS, METRICS_PORT, VELERO, VELERO_LIMITS, VELERO_POD } from "./names";

/** The source of Velero's AWS credentials: the Secret of the cloud credential operator, or a role that its service account assumes. */
export type VeleroCredentials<Text> =
  { readonly kind: "secret" } | { readonly kind: "role"; readonly arn: Text; readonly audience: string };

const inVelero = { name: VELERO, namespace: VELERO_NAMESPACE } as const;
const TOKEN = { directory: "/var/run/secrets/aws", file: "token" };
const CREDENTIALS_DIRECTORY = "/credentials";

/** Velero's namespace on OKD, with the strictest Pod Security level: the server needs no rights on its node. */
export function veleroNamespace(): ApiObject {
  const labels = { "pod-security.kubernetes.io/enforce": "restricted", ...MONITORED };
  return { apiVersion: "v1", kind: "Namespace", metadata: { name: VELERO_NAMESPACE, labels } };
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
  { snapshots, placement }: Pick<VeleroConfiguration, "snapshots" | "placement">,
  credentials: VeleroCredentials<Text>,
): ApiObject {
  const server = {
    name: VELERO,
    image: imageReference("velero"),
    imagePullPolicy: "IfNotPresent",
    command: ["/velero"],
    args: ["server", ...(snapshots ? ["--features=EnableCSI"] : [])],
    ports: [{ name: "metrics", containerPort: METRICS_PORT }],
    env: [
      { name: "VELERO_SCRATCH_DIR", value: "/scratch" },
      { name: "VELERO_NAMESPACE", valueFrom: { fieldRef: { fieldPath: "metadata.namespace" } } },
      { name: "HOME", value: "/scratch" },
      // If Velero's own credentials fail, AWS's SDK must not use the credentials of the node's role.
      { name: "AWS_EC2_METADATA_DISABLED", value: "true" },
      ...credentialVariables(credentials),
    ],
    volumeMounts: [
      { name: "plugins", mountPath: "/plugins" },
      { name: "scratch", mountPath: "/scratch" },
      { name: "temporary", mountPath: "/tmp" },
      { name: "aws", mountPath: credentials.kind === "secret" ? CREDENTIALS_DIRECTORY : TOKEN.directory, readOnly: true },
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
    volumes: [
      ...["plugins", "scratch", "temporary"].map((name) => ({ name, emptyDir: {} })),
      { name: "aws", ...credentialSource(credentials) },
    ],
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
      template: { metadata: { labels: VELERO_POD }, spec: pod },
    },
  };
}

const LEAST_RIGHTS = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } };

function credentialVariables<Text>(credentials: VeleroCredentials<Text>): object[] {
  if (credentials.kind === "secret") return [{ name: "AWS_SHARED_CREDENTIALS_FILE", value: `${CREDENTIALS_DIRECTORY}/${CREDENTIALS.key}` }];
  return [
    { name: "AWS_ROLE_ARN", value: credentials.arn },
    { name: "AWS_WEB_IDENTITY_TOKEN_FILE", value: `${TOKEN.directory}/${TOKEN.file}` },
  ];
}

function credentialSource<Text>(credentials: VeleroCredentials<Text>): object {
  if (credentials.kind === "secret") return { secret: { secretName: CREDENTIALS.secret } };
  return {
    projected: { sources: [{ serviceAccountToken: { audience: credentials.audience, expirationSeconds: 3600, path: TOKEN.file } }] },
  };
}
