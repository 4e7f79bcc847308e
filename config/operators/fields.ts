import { valid } from "semver";
import type { ValueProblem } from "../problem";
import { isDnsLabel, isObjectName } from "../object-name";

/** The namespace whose CatalogSources every namespace can use (openshift/operator-framework-olm, `manifests/0000_50_olm_08-catalog-operator.deployment.yaml`). */
export const GLOBAL_CATALOGS = "openshift-marketplace";

/** The namespace for operators that watch all namespaces. Every cluster has it with its OperatorGroup (the same folder, `0000_50_olm_13-operatorgroup-default.yaml`). */
export const SHARED_NAMESPACE = "openshift-operators";

/** The form of a Kubernetes object's name (isObjectName), for messages. */
const OBJECT_NAME = "lower-case letters, digits, hyphens and dots, at most 253 characters";

/** Checks the name of a package, which is also the name of its Subscription. */
export function packageProblem(name: string): ValueProblem | undefined {
  return isObjectName(name)
    ? undefined
    : { wrong: "is not a valid name of a package", allowed: `${OBJECT_NAME}; oc get packagemanifests lists the catalog's packages` };
}

/** Checks the name of a CatalogSource. */
export function sourceProblem(name: string): ValueProblem | undefined {
  return isObjectName(name)
    ? undefined
    : {
        wrong: "is not a valid name of a CatalogSource",
        allowed: `${OBJECT_NAME}; oc get catalogsources -n ${GLOBAL_CATALOGS} lists the catalogs`,
      };
}

/** Checks the name of an operator's version. */
export function startingCsvProblem(name: string): ValueProblem | undefined {
  const allowed = "the name of a ClusterServiceVersion in the channel, such as grafana-operator.v5.22.2";
  if (/^v?\d+(\.\d+)*$/.test(name)) return { wrong: "is a version, not the name of a ClusterServiceVersion", allowed };
  return isObjectName(name) ? undefined : { wrong: "is not a valid name of a ClusterServiceVersion", allowed };
}

/** Checks the version of an operator that version 1 of OLM installs: one exact version, because a range would not pin it. */
export function versionProblem(version: string): ValueProblem | undefined {
  const exact = /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/.test(version) && valid(version) !== null;
  return exact ? undefined : { wrong: "is not an exact version", allowed: "a version such as 5.22.2: without v, and not a range" };
}

/** Checks the name of a channel. */
export function operatorChannelProblem(name: string): ValueProblem | undefined {
  return /^[\w.-]+$/.test(name)
    ? undefined
    : { wrong: "is not a valid name of a channel", allowed: "letters, digits, dots, hyphens and underscores, such as stable" };
}

/** Components of the platform, each in the namespace `openshift-<name>` or `openshift-<name>-operator`, or in both. */
const COMPONENTS = [
  "apiserver",
  "authentication",
  "catalogd",
  "cloud-controller-manager",
  "cloud-credential",
  "cloud-network-config-controller",
  "cluster-api",
  "cluster-machine-approver",
  "cluster-node-tuning",
  "cluster-olm",
  "cluster-samples",
  "cluster-storage",
  "cluster-version",
  "config",
  "config-managed",
  "console",
  "console-user-settings",
  "controller-manager",
  "dns",
  "etcd",
  "host-network",
  "image-registry",
  "infra",
  "ingress",
  "ingress-canary",
  "insights",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kube-storage-version-migrator",
  "machine-api",
  "machine-config",
  "marketplace",
  "monitoring",
  "multus",
  "network",
  "network-console",
  "network-diagnostics",
  "network-node-identity",
  "node",
  "oauth-apiserver",
  "operator-controller",
  "operator-lifecycle-manager",
  "ovn-kubernetes",
  "route-controller-manager",
  "sdn",
  "service-ca",
  "user-workload-monitoring",
] as const;

/**
 * Namespaces of the platform in which nobody installs operators. `openshift-cluster-csi-drivers` is allowed, because operators of CSI
 * drivers in Red Hat's catalog, such as the EFS operator, belong there.
 */
const PLATFORM = new RegExp(`^(default|openshift|kube-.*|openshift-(${COMPONENTS.join("|")})(-operator)?)$`);

/** Checks the namespace of an operator. */
export function operatorNamespaceProblem(name: string): ValueProblem | undefined {
  const allowed = `a namespace for the operator, or ${SHARED_NAMESPACE} if it watches all namespaces`;
  if (!isDnsLabel(name)) return { wrong: "is not a valid name of a namespace", allowed };
  return PLATFORM.test(name) ? { wrong: "is a namespace of the platform", allowed } : undefined;
}

/** Checks a namespace that an operator watches. */
export function targetNamespaceProblem(name: string): ValueProblem | undefined {
  return isDnsLabel(name) ? undefined : { wrong: "is not a valid name of a namespace", allowed: "lower-case letters, digits and hyphens" };
}

/** Checks the names of environment variables (kubernetes/kubernetes, `staging/src/k8s.io/apimachinery/pkg/util/validation/validation.go`, IsEnvVarName). */
export function variableProblems(variables: Readonly<Record<string, string>>): ValueProblem[] {
  return Object.keys(variables)
    .filter((name) => !/^[-._a-zA-Z][-._a-zA-Z0-9]*$/.test(name))
    .map((name) => ({
      wrong: `entry ${JSON.stringify(name)} is not a valid name of an environment variable`,
      allowed: "letters, digits, -, _ and dots, not beginning with a digit",
    }));
}
