/**
 * Kinds of the objects that this program writes; `definitions.json` contains their definitions. After a change here or of the pinned
 * release run `UPDATE_GOLDEN=definitions npx jest -c jest.engine.config.js test/engine/definitions.test.ts`.
 */
export const KINDS = [
  "v1 Namespace",
  "v1 Node",
  "v1 Secret",
  "v1 ConfigMap",
  "v1 Service",
  "v1 ServiceAccount",
  "v1 ResourceQuota",
  "v1 LimitRange",
  "v1 PersistentVolume",
  "v1 PersistentVolumeClaim",
  "apiextensions.k8s.io/v1 CustomResourceDefinition",
  "apps/v1 Deployment",
  "apps/v1 DaemonSet",
  "apps/v1 StatefulSet",
  "autoscaling/v2 HorizontalPodAutoscaler",
  "batch/v1 CronJob",
  "batch/v1 Job",
  "coordination.k8s.io/v1 Lease",
  "networking.k8s.io/v1 NetworkPolicy",
  "policy/v1 PodDisruptionBudget",
  "rbac.authorization.k8s.io/v1 Role",
  "rbac.authorization.k8s.io/v1 RoleBinding",
  "rbac.authorization.k8s.io/v1 ClusterRole",
  "rbac.authorization.k8s.io/v1 ClusterRoleBinding",
  "scheduling.k8s.io/v1 PriorityClass",
  "storage.k8s.io/v1 StorageClass",
  "cloudcredential.openshift.io/v1 CredentialsRequest",
  "config.openshift.io/v1 APIServer",
  "config.openshift.io/v1 ClusterVersion",
  "config.openshift.io/v1 Console",
  "config.openshift.io/v1 DNS",
  "config.openshift.io/v1 Image",
  "config.openshift.io/v1 Ingress",
  "config.openshift.io/v1 OAuth",
  "config.openshift.io/v1 OperatorHub",
  "config.openshift.io/v1 Project",
  "config.openshift.io/v1 Proxy",
  "config.openshift.io/v1 Scheduler",
  "console.openshift.io/v1 ConsoleExternalLogLink",
  "console.openshift.io/v1 ConsoleLink",
  "console.openshift.io/v1 ConsoleNotification",
  "grafana.integreatly.org/v1beta1 Grafana",
  "grafana.integreatly.org/v1beta1 GrafanaDashboard",
  "grafana.integreatly.org/v1beta1 GrafanaDatasource",
  "grafana.integreatly.org/v1beta1 GrafanaFolder",
  "imageregistry.operator.openshift.io/v1 Config",
  "imageregistry.operator.openshift.io/v1 ImagePruner",
  "machineconfiguration.openshift.io/v1 ContainerRuntimeConfig",
  "machineconfiguration.openshift.io/v1 KubeletConfig",
  "machineconfiguration.openshift.io/v1 MachineConfig",
  "machineconfiguration.openshift.io/v1 MachineConfigPool",
  "loki.grafana.com/v1 LokiStack",
  "monitoring.coreos.com/v1 PrometheusRule",
  "monitoring.coreos.com/v1 ServiceMonitor",
  "oadp.openshift.io/v1alpha1 DataProtectionApplication",
  "observability.openshift.io/v1 ClusterLogForwarder",
  "observability.openshift.io/v1alpha1 UIPlugin",
  "operator.openshift.io/v1 ClusterCSIDriver",
  "operator.openshift.io/v1 Console",
  "operator.openshift.io/v1 DNS",
  "operator.openshift.io/v1 IngressController",
  "operator.openshift.io/v1 Storage",
  "olm.operatorframework.io/v1 ClusterExtension",
  "operators.coreos.com/v1 OperatorGroup",
  "operators.coreos.com/v1alpha1 Subscription",
  "route.openshift.io/v1 Route",
  "security.openshift.io/v1 SecurityContextConstraints",
  "snapshot.storage.k8s.io/v1 VolumeSnapshotClass",
  "velero.io/v1 BackupStorageLocation",
  "velero.io/v1 Schedule",
] as const;

/** Kinds that this program writes in most clusters: `stacks/startup/load-ahead.ts` compiles their definitions early. */
export const FREQUENT_KINDS: readonly (typeof KINDS)[number][] = [
  "v1 Secret",
  "coordination.k8s.io/v1 Lease",
  "rbac.authorization.k8s.io/v1 Role",
  "rbac.authorization.k8s.io/v1 RoleBinding",
  "rbac.authorization.k8s.io/v1 ClusterRoleBinding",
  "storage.k8s.io/v1 StorageClass",
  "config.openshift.io/v1 APIServer",
  "config.openshift.io/v1 OAuth",
  "machineconfiguration.openshift.io/v1 MachineConfig",
  "monitoring.coreos.com/v1 PrometheusRule",
  "operator.openshift.io/v1 IngressController",
];

/**
 * Kinds that OpenShift's own API servers serve (openshift/api, the groups' `register.go`). These kinds have no CRD, so the API server of
 * test/engine/definitions.test.ts does not publish their definitions. Objects of these kinds cannot be checked before the cluster itself
 * answers.
 */
export const UNPUBLISHED_KINDS = [
  "template.openshift.io/v1 Template",
  "user.openshift.io/v1 Group",
  "user.openshift.io/v1 User",
  "user.openshift.io/v1 Identity",
] as const;

/**
 * Kinds of ECK. This project does not copy their definitions, because of their licence (Elastic License 2.0). Only the cluster's API server
 * checks these objects; test/engine/elastic.test.ts checks them against the real definitions.
 */
export const ELASTIC_KINDS = [
  "beat.k8s.elastic.co/v1beta1 Beat",
  "elasticsearch.k8s.elastic.co/v1 Elasticsearch",
  "kibana.k8s.elastic.co/v1 Kibana",
] as const;
