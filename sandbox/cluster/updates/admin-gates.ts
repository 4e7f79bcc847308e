import type { Api, KubeObject } from "../api";
import { semantic } from "./clusterversion";

/**
 * Admin gates that a release adds, by its minor version: openshift/cluster-version-operator,
 * `install/0000_00_cluster-version-operator_01_admingate_configmap.yaml`, release-4.14 to release-4.22. The texts are shortened.
 */
const gates: Readonly<Record<number, Readonly<Record<string, string>>>> = {
  15: { "ack-4.15-kube-1.29-api-removals-in-4.16": "Kubernetes 1.29 removes APIs: https://access.redhat.com/articles/7031404" },
  18: { "ack-4.18-kube-1.32-api-removals-in-4.19": "Kubernetes 1.32 removes APIs: https://access.redhat.com/articles/7112216" },
  19: {
    "ack-4.19-admissionregistration-v1beta1-api-removals-in-4.20":
      "admissionregistration.k8s.io/v1beta1 is removed in 4.20: https://access.redhat.com/articles/7130599",
  },
};

const gatesPath = "/api/v1/namespaces/openshift-config-managed/configmaps/admin-gates";
const acksPath = "/api/v1/namespaces/openshift-config/configmaps/admin-acks";

interface ConfigMap extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
}

/**
 * Applies a release's ConfigMaps with the gates and with the acknowledgements. The release's gates are merged into the
 * existing gates; the acknowledgements are created once and then left unchanged.
 */
export async function applyAdminGates(api: Api, version: string): Promise<void> {
  const configMap = (name: string, namespace: string): KubeObject => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name, namespace },
  });
  await api.create(configMap("admin-acks", "openshift-config"));
  await api.create(configMap("admin-gates", "openshift-config-managed"));
  await api.patch(gatesPath, { data: gates[semantic(version).minor] ?? {} });
}

/** The data of the ConfigMaps with the gates and with the acknowledgements. */
export async function readAdminGates(api: Api): Promise<{ readonly gates: Record<string, string>; readonly acks: Record<string, string> }> {
  const [found, acknowledged] = await Promise.all([api.get<ConfigMap>(gatesPath), api.get<ConfigMap>(acksPath)]);
  return { gates: { ...found?.data }, acks: { ...acknowledged?.data } };
}
