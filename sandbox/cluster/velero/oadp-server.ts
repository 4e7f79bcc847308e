import type { KubeObject } from "../api";

/** A location in a DataProtectionApplication. */
export interface DataProtectionLocation {
  readonly name?: string;
  readonly velero?: {
    readonly provider: string;
    readonly default?: boolean;
    readonly accessMode?: string;
    readonly objectStorage: { readonly bucket: string; readonly prefix?: string };
    readonly config?: Readonly<Record<string, string>>;
    readonly credential?: { readonly name: string; readonly key: string };
  };
}

interface PodConfig {
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly tolerations?: readonly object[];
  readonly resourceAllocations?: { readonly requests?: object; readonly limits?: object };
}

/** A DataProtectionApplication, with the fields that the stand-in reads. */
export interface DataProtection extends KubeObject {
  readonly spec: {
    readonly backupImages?: boolean;
    readonly backupLocations?: readonly DataProtectionLocation[];
    readonly configuration: {
      readonly velero?: {
        readonly defaultPlugins?: readonly string[];
        readonly featureFlags?: readonly string[];
        readonly noDefaultBackupLocation?: boolean;
        readonly podConfig?: PodConfig;
      };
      readonly nodeAgent?: { readonly enable?: boolean; readonly uploaderType: string; readonly podConfig?: PodConfig };
    };
  };
  readonly status?: { readonly conditions?: readonly Record<string, string>[] };
}

/** The Secret of the provider aws, and its key, if a location names none (openshift/oadp-operator, `pkg/credentials/credentials.go`, oadp-1.5). */
export const DEFAULT_SECRET = { name: "cloud-credentials", key: "cloud" };
const CREDENTIALS_DIRECTORY = "/credentials";

/** Images of plugins (openshift/oadp-operator, `pkg/common/common.go`, oadp-1.5). The plugin csi is part of Velero. */
const PLUGINS: Readonly<Record<string, string>> = {
  aws: "quay.io/konveyor/velero-plugin-for-aws:latest",
  openshift: "quay.io/konveyor/openshift-velero-plugin:latest",
};

/** Labels of everything that OADP makes for its server (`internal/controller/velero.go`: getAppLabels). */
function serverLabels(application: string): Record<string, string> {
  return {
    "app.kubernetes.io/name": "velero",
    "app.kubernetes.io/managed-by": "oadp-operator",
    "app.kubernetes.io/component": "server",
    "app.kubernetes.io/instance": application,
    "openshift.io/oadp": "True",
  };
}

/** The owner of everything that OADP makes: the garbage collector deletes it with the DataProtectionApplication. */
export function ownerOf({ apiVersion, kind, metadata }: DataProtection): object {
  return { apiVersion, kind, name: metadata.name, uid: metadata.uid, controller: true, blockOwnerDeletion: true };
}

/** The locations (`internal/controller/bsl.go`: ReconcileBackupStorageLocations; `pkg/common/common.go`: UpdateBackupStorageLocation). */
export function oadpLocations(application: DataProtection): KubeObject[] {
  const { name: own = "", namespace } = application.metadata;
  return (application.spec.backupLocations ?? []).map(({ name, velero }, index) => {
    const called = name ?? `${own}-${index + 1}`;
    return {
      apiVersion: "velero.io/v1",
      kind: "BackupStorageLocation",
      metadata: {
        name: called,
        namespace,
        labels: {
          ...OADP_LOCATION,
          "app.kubernetes.io/instance": called,
          "openshift.io/oadp": "True",
          "openshift.io/oadp-registry": "True",
        },
        ownerReferences: [ownerOf(application)],
      },
      spec: { ...velero, config: { checksumAlgorithm: "", ...velero?.config } },
    };
  });
}

/** The labels by which OADP finds its own locations. */
export const OADP_LOCATION: Readonly<Record<string, string>> = {
  "app.kubernetes.io/name": "oadp-operator-velero",
  "app.kubernetes.io/managed-by": "oadp-operator",
  "app.kubernetes.io/component": "bsl",
};

/**
 * Velero's server (`internal/controller/velero.go`: buildVeleroDeployment, over vmware-tanzu/velero, `pkg/install/deployment.go`, release-1.16).
 * OADP's own order in which kinds are restored is left out.
 */
export function oadpServer(application: DataProtection): KubeObject {
  const { name = "", namespace } = application.metadata;
  const { defaultPlugins = [], podConfig = {} } = application.spec.configuration.velero ?? {};
  const labels = serverLabels(name);
  const { requests, limits } = podConfig.resourceAllocations ?? {};
  const resources = { requests: { cpu: "500m", memory: "128Mi", ...requests }, ...(limits && { limits }) };
  const plugins = defaultPlugins.flatMap((plugin) => (Object.hasOwn(PLUGINS, plugin) ? [PLUGINS[plugin]] : []));
  const pod = {
    restartPolicy: "Always",
    serviceAccountName: "velero",
    nodeSelector: podConfig.nodeSelector ?? { "kubernetes.io/os": "linux" },
    ...(podConfig.tolerations && { tolerations: podConfig.tolerations }),
    initContainers: plugins.map((image) => ({
      name: image.replace(/^.*\/(.*):latest$/, "$1"),
      image,
      resources,
      volumeMounts: [{ name: "plugins", mountPath: "/target" }],
    })),
    containers: [serverContainer(application, resources)],
    volumes: [
      ...["plugins", "scratch", "certs"].map((volume) => ({ name: volume, emptyDir: {} })),
      {
        name: "bound-sa-token",
        projected: { sources: [{ serviceAccountToken: { audience: "openshift", expirationSeconds: 3600, path: "token" } }] },
      },
      ...(needsDefaultSecret(application) ? [{ name: DEFAULT_SECRET.name, secret: { secretName: DEFAULT_SECRET.name } }] : []),
    ],
  };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "velero", namespace, labels: { component: "velero", ...labels }, ownerReferences: [ownerOf(application)] },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: { metadata: { labels: { deploy: "velero", component: "velero", ...labels } }, spec: pod },
    },
  };
}

function serverContainer(application: DataProtection, resources: object): object {
  const { defaultPlugins = [], featureFlags = [] } = application.spec.configuration.velero ?? {};
  const features = [...new Set([...featureFlags, ...(defaultPlugins.includes("csi") ? ["EnableCSI"] : [])])];
  const mounted = needsDefaultSecret(application);
  return {
    name: "velero",
    image: "quay.io/konveyor/velero:latest",
    command: ["/velero"],
    args: [
      "server",
      ...(features.length > 0 ? [`--features=${features.join(",")}`] : []),
      "--fs-backup-timeout=4h",
      "--disable-informer-cache=false",
    ],
    ports: [{ name: "metrics", containerPort: 8085 }],
    env: [
      { name: "VELERO_SCRATCH_DIR", value: "/scratch" },
      { name: "VELERO_NAMESPACE", valueFrom: { fieldRef: { fieldPath: "metadata.namespace" } } },
      { name: "LD_LIBRARY_PATH", value: "/plugins" },
      ...(mounted ? [{ name: "AWS_SHARED_CREDENTIALS_FILE", value: `${CREDENTIALS_DIRECTORY}/${DEFAULT_SECRET.key}` }] : []),
    ],
    volumeMounts: [
      { name: "plugins", mountPath: "/plugins" },
      { name: "scratch", mountPath: "/scratch" },
      { name: "certs", mountPath: "/etc/ssl/certs" },
      { name: "bound-sa-token", mountPath: "/var/run/secrets/openshift/serviceaccount", readOnly: true },
      ...(mounted ? [{ name: DEFAULT_SECRET.name, mountPath: CREDENTIALS_DIRECTORY }] : []),
    ],
    resources,
  };
}

/** The Service of the server's metrics (`internal/controller/monitor.go`). */
export function oadpMetricsService(application: DataProtection): KubeObject {
  const { name = "", namespace } = application.metadata;
  const labels = serverLabels(name);
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "openshift-adp-velero-metrics-svc", namespace, labels, ownerReferences: [ownerOf(application)] },
    spec: { type: "ClusterIP", selector: labels, ports: [{ name: "monitoring", protocol: "TCP", port: 8085, targetPort: 8085 }] },
  };
}

/** Whether a location has no Secret of its own, so that the server gets the default one (`internal/controller/velero.go`: noDefaultCredentials). */
function needsDefaultSecret({ spec }: DataProtection): boolean {
  const { defaultPlugins = [], noDefaultBackupLocation = false } = spec.configuration.velero ?? {};
  if (noDefaultBackupLocation || !defaultPlugins.includes("aws")) return false;
  return (spec.backupLocations ?? []).some(({ velero }) => velero !== undefined && velero.credential === undefined);
}
