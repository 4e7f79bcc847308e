/** The pinned versions. The versions of Go builds are also in `go/<module>/go.mod`; `test/unit/sandbox/toolchain/table.test.ts` checks that both agree. */
export const VERSIONS = {
  pulumi: "3.255.0",
  pulumiAws: "7.21.0",
  /** The version whose Terraform provider the build from Go modules uses. */
  pulumiAwsBuilt: "7.22.0",
  // From 4.29.0 on the plugin refuses to create an object that exists (pulumi/pulumi-kubernetes#4278), unless the provider has
  // upsertExistingObjects. With such a version, ClusterApi.adopt must set that option.
  pulumiKubernetes: "4.25.0",
  // Not 4.5.0, which the registry calls the latest version: it is an old version that was published under a wrong number, and it lacks the logging option.
  pulumiCommand: "1.2.1",
  openshift: "4.19.0",
  okd: "4.19.0-okd-scos.0",
  kubernetes: "1.33.13",
  etcd: "3.6.6",
  kwok: "0.8.0",
  cloudProviderAws: "1.33.4",
  prometheusOperator: "0.85.0",
  // Prometheus and Alertmanager have the versions of Debian 12. Debian 12 has no packages of newer versions. The Go
  // module of Prometheus 2.x has the version 0.x.
  prometheus: "2.42.0",
  alertmanager: "0.25.0",
  velero: "1.18.3",
  veleroPlugin: "1.14.3",
  // Elastic Cloud on Kubernetes, the operator of Elasticsearch. Only its CRDs are used.
  eck: "3.5.0",
  // The newest version of OpenSearch that runs on Java 17.
  opensearch: "2.19.4",
  registry: "3.1.2",
  ignition: "2.24.0",
  actionlint: "1.7.7",
  moto: "5.2.5",
  // The versions of Debian 12, which has no newer containerd.
  containerd: "1.6.20",
  runc: "1.1.5",
  cniPlugins: "1.1.1",
  dnsmasq: "2.90",
  pause: "1",
  // The versions of Debian 12. An installed program may have any version.
  php: "8.2",
  postgresql: "15",
} as const;
