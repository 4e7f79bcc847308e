import { load } from "js-yaml";
import type { Api, KubeObject } from "./api";
import type { BootstrapConfig } from "./bootstrap-config";
import { operatorHubOf } from "./olm-stand-in/default-sources";

/** Namespaces from the release's manifests, but only the namespaces that the simulator or a user's manifest needs. */
const namespaces = [
  "openshift",
  "openshift-apiserver",
  "openshift-apiserver-operator",
  "openshift-authentication",
  "openshift-authentication-operator",
  "openshift-cloud-controller-manager",
  "openshift-cloud-credential-operator",
  "openshift-cloud-network-config-controller",
  "openshift-cluster-csi-drivers",
  "openshift-cluster-machine-approver",
  "openshift-cluster-node-tuning-operator",
  "openshift-cluster-samples-operator",
  "openshift-cluster-storage-operator",
  "openshift-cluster-version",
  "openshift-config",
  "openshift-config-managed",
  "openshift-config-operator",
  "openshift-console",
  "openshift-console-operator",
  "openshift-controller-manager",
  "openshift-dns",
  "openshift-dns-operator",
  "openshift-etcd",
  "openshift-etcd-operator",
  "openshift-image-registry",
  "openshift-infra",
  "openshift-ingress",
  "openshift-ingress-operator",
  "openshift-insights",
  "openshift-kube-apiserver",
  "openshift-kube-apiserver-operator",
  "openshift-kube-controller-manager",
  "openshift-kube-scheduler",
  "openshift-machine-api",
  "openshift-machine-config-operator",
  "openshift-marketplace",
  "openshift-monitoring",
  "openshift-multus",
  "openshift-network-operator",
  "openshift-node",
  "openshift-operator-lifecycle-manager",
  "openshift-operators",
  "openshift-ovn-kubernetes",
  "openshift-service-ca",
  "openshift-user-workload-monitoring",
];

/** Singletons that the release creates. An object that a manifest has already created stays unchanged. */
const singletons: readonly [apiVersion: string, kind: string, spec: object][] = [
  ["config.openshift.io/v1", "APIServer", {}],
  ["config.openshift.io/v1", "Authentication", {}],
  ["config.openshift.io/v1", "Build", {}],
  ["config.openshift.io/v1", "Console", {}],
  ["config.openshift.io/v1", "Image", {}],
  ["config.openshift.io/v1", "Node", {}],
  ["config.openshift.io/v1", "OAuth", {}],
  ["config.openshift.io/v1", "Project", {}],
  ["operator.openshift.io/v1", "Authentication", { managementState: "Managed" }],
  ["operator.openshift.io/v1", "Console", { managementState: "Managed" }],
  ["operator.openshift.io/v1", "Etcd", { managementState: "Managed" }],
  ["operator.openshift.io/v1", "KubeAPIServer", { managementState: "Managed" }],
  ["operator.openshift.io/v1", "KubeControllerManager", { managementState: "Managed" }],
  ["operator.openshift.io/v1", "KubeScheduler", { managementState: "Managed" }],
  ["operator.openshift.io/v1", "OpenShiftAPIServer", { managementState: "Managed" }],
  ["operator.openshift.io/v1", "Storage", { managementState: "Managed" }],
];

/** The account of kubelets without a certificate, and its permissions (openshift/machine-config-operator, `manifests`). */
const nodeBootstrapper: readonly KubeObject[] = [
  {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: { name: "node-bootstrapper", namespace: "openshift-machine-config-operator" },
  },
  {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    metadata: { name: "system-bootstrap-node-bootstrapper" },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "system:node-bootstrapper" },
    subjects: [{ kind: "ServiceAccount", name: "node-bootstrapper", namespace: "openshift-machine-config-operator" }],
  },
];

/** The binding that makes users administrators by group or name (openshift/openshift-apiserver, its bootstrap policy). */
const clusterAdmins: KubeObject = {
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "ClusterRoleBinding",
  metadata: { name: "cluster-admins" },
  roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
  subjects: [
    { apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: "system:cluster-admins" },
    { apiGroup: "rbac.authorization.k8s.io", kind: "User", name: "system:admin" },
  ],
};

/** The binding that lets all users create projects until somebody removes the binding (openshift/openshift-apiserver, its bootstrap policy). */
const selfProvisioners: KubeObject = {
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "ClusterRoleBinding",
  metadata: { name: "self-provisioners", annotations: { "rbac.authorization.kubernetes.io/autoupdate": "true" } },
  roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "self-provisioner" },
  subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: "system:authenticated:oauth" }],
};

/** OperatorGroups of every cluster (openshift/operator-framework-olm, `manifests/0000_50_olm_13-operatorgroup-default.yaml`, release-4.19). */
const operatorGroups: readonly KubeObject[] = [
  {
    apiVersion: "operators.coreos.com/v1",
    kind: "OperatorGroup",
    metadata: { name: "global-operators", namespace: "openshift-operators" },
  },
  {
    apiVersion: "operators.coreos.com/v1",
    kind: "OperatorGroup",
    metadata: { name: "olm-operators", namespace: "openshift-operator-lifecycle-manager" },
    spec: { targetNamespaces: ["openshift-operator-lifecycle-manager"] },
  },
];

/** Installs the objects of the release's own manifests, before the bootstrap instance adds the installation's objects. */
export async function installPayload(api: Api): Promise<void> {
  await Promise.all(
    namespaces.map((name) =>
      api.create({
        apiVersion: "v1",
        kind: "Namespace",
        metadata: { name, labels: { "kubernetes.io/metadata.name": name } },
      }),
    ),
  );
  for (const object of [...nodeBootstrapper, clusterAdmins, selfProvisioners, ...operatorGroups]) await api.create(object);
}

/**
 * Installs the release's singletons that no manifest of the installation has created. Call this function after the installation's manifests are
 * installed.
 */
export async function installSingletons(api: Api, config: BootstrapConfig): Promise<void> {
  const all = [
    ...singletons,
    ["operator.openshift.io/v1", "CloudCredential", credentialsConfig(config)] as const,
    ["config.openshift.io/v1", "OperatorHub", operatorHubOf(config.release.version)] as const,
  ];
  await Promise.all(all.map(([apiVersion, kind, spec]) => api.create({ apiVersion, kind, metadata: { name: "cluster" }, spec })));
}

/**
 * The `spec` of CloudCredential `cluster`: the bootstrap instance passes on the install-config's credentialsMode
 * (openshift/cloud-credential-operator, `pkg/cmd/render/render.go`, release-4.19).
 */
function credentialsConfig(config: BootstrapConfig): object {
  const { data } = config.manifest("ConfigMap", "cluster-config-v1") as unknown as { data: Record<string, string> };
  const { credentialsMode = "" } = load(data["install-config"]) as { credentialsMode?: string };
  return { managementState: "Managed", credentialsMode };
}
