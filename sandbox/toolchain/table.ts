import { join } from "node:path";
import { APPLICATION_TOOLS } from "./application-tools";
import { exactly, sameMinor, within } from "./accepted-versions";
import { copyTree } from "./copy-tree";
import { monitoringTool } from "./monitoring-tool";
import type { PathRule, Platform, Tool, ToolName, Way } from "./tool";
import { awsPluginSources } from "./ways/aws-plugin";
import { elasticDefinitions, openshiftDefinitions, veleroDefinitions } from "./ways/definitions";
import { goBuild, moduleDirectory, type GoBuild } from "./ways/go";
import { inProject } from "./ways/in-place";
import { mavenLibraries } from "./ways/maven";
import { pulumiInstaller, pulumiPlugin } from "./ways/pulumi";
import { VERSIONS as V } from "./versions";
import { pythonPackages } from "./ways/python";
import { inSameDirectory, release, unameOf } from "./ways/release";

/** The tools, their pinned versions, and the sources of each: the vendor first, then a build from Go modules. */
export const TOOLS: Readonly<Record<ToolName, Tool>> = {
  pulumi: {
    version: V.pulumi,
    file: "pulumi",
    onPath: { arguments: ["version"], ...exactly(V.pulumi) },
    ways: [
      pulumiInstaller(),
      goModule("pulumi", 3, {
        output: "pulumi",
        package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
        values: { "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": `v${V.pulumi}` },
      }),
    ],
  },
  "pulumi-language-nodejs": {
    version: V.pulumi,
    file: "pulumi-language-nodejs",
    deliveredWith: "pulumi",
    ways: [
      goBuild({
        module: "pulumi-language-nodejs-host",
        minutes: 1,
        programs: [
          { output: "pulumi-language-nodejs", package: "." },
          {
            module: "pulumi-language-nodejs",
            output: "pulumi-language-nodejs-base",
            package: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
          },
        ],
      }),
    ],
  },
  "pulumi-resource-pulumi-nodejs": {
    version: V.pulumi,
    file: "pulumi-resource-pulumi-nodejs",
    deliveredWith: "pulumi",
    ways: [inProject("own script", "toolchain/scripts")],
  },
  "pulumi-resource-aws": {
    version: V.pulumiAws,
    file: "pulumi-resource-aws",
    onPath: { arguments: ["--version"], ...exactly(V.pulumiAws, V.pulumiAwsBuilt) },
    ways: [
      pulumiPlugin("aws"),
      goModule("pulumi-resource-aws", 9, { output: "pulumi-resource-aws", package: "./cmd/pulumi-resource-aws" }, awsPluginSources),
    ],
  },
  "pulumi-resource-kubernetes": {
    version: V.pulumiKubernetes,
    file: "pulumi-resource-kubernetes",
    ways: [
      pulumiPlugin("kubernetes"),
      goModule("pulumi-resource-kubernetes", 7, {
        output: "pulumi-resource-kubernetes",
        package: "./cmd/pulumi-resource-kubernetes",
        values: { "main.Version": V.pulumiKubernetes },
      }),
    ],
  },
  "pulumi-resource-command": {
    version: V.pulumiCommand,
    file: "pulumi-resource-command",
    ways: [pulumiPlugin("command"), inProject("stand-in", "command-stand-in")],
  },
  "openshift-install": {
    version: V.openshift,
    file: "openshift-install",
    onPath: { arguments: ["version"], ...sameMinor(V.openshift) },
    ways: [
      release("mirror.openshift.com", {
        vendor: "openshift",
        path: ({ os, arch }) =>
          os === "linux"
            ? `/pub/openshift-v4/${unameOf(arch)}/clients/ocp/${V.openshift}/openshift-install-linux-${V.openshift}.tar.gz`
            : undefined,
        sums: (path) => inSameDirectory(path, "sha256sum.txt"),
        member: () => "openshift-install",
      }),
      release("OKD's release", {
        vendor: "github",
        path: ({ os, arch }) =>
          os === "linux" && arch === "amd64"
            ? `/okd-project/okd/releases/download/${V.okd}/openshift-install-linux-${V.okd}.tar.gz`
            : undefined,
        sums: (path) => inSameDirectory(path, "sha256sum.txt"),
        member: () => "openshift-install",
      }),
      openshiftInstallBuild(),
    ],
  },
  "openshift-definitions": {
    version: "4.19",
    file: "openshift-definitions",
    ways: [openshiftDefinitions()],
  },
  "kube-apiserver": kubernetes("kube-apiserver", { arguments: ["--version"], ...sameMinor(V.kubernetes) }),
  "kube-controller-manager": kubernetes("kube-controller-manager", { arguments: ["--version"], ...sameMinor(V.kubernetes) }),
  "kube-scheduler": kubernetes("kube-scheduler", { arguments: ["--version"], ...sameMinor(V.kubernetes) }),
  // The kubelet of the real node.
  kubelet: kubernetes("kubelet", { arguments: ["--version"], ...sameMinor(V.kubernetes) }),
  // Kubernetes supports a kubectl that is one minor version newer or older than the server.
  kubectl: kubernetes("kubectl", { arguments: ["version", "--client"], ...within(V.kubernetes, 1) }),
  etcd: etcd("etcd", "etcd", "server", ["--version"]),
  etcdctl: etcd("etcdctl", "etcd-clients", "etcdctl", ["version"]),
  etcdutl: etcd("etcdutl", "etcd-clients", "etcdutl", ["version"]),
  // The kubelet of simulated nodes.
  kwok: {
    version: V.kwok,
    file: "kwok",
    onPath: { arguments: ["--version"], ...exactly(V.kwok) },
    ways: [
      goModule("kwok", 3, {
        output: "kwok",
        package: "sigs.k8s.io/kwok/cmd/kwok",
        values: { "sigs.k8s.io/kwok/pkg/consts.Version": `v${V.kwok}` },
      }),
    ],
  },
  // The program of kubernetes/cloud-provider-aws, of which no archive is published. OpenShift builds its own from openshift/cloud-provider-aws.
  "aws-cloud-controller-manager": {
    version: V.cloudProviderAws,
    file: "aws-cloud-controller-manager",
    ways: [
      goModule("cloud-provider-aws", 3, {
        output: "aws-cloud-controller-manager",
        package: "k8s.io/cloud-provider-aws/cmd/aws-cloud-controller-manager",
      }),
    ],
  },
  // Checks the expressions in alerting rules with Prometheus' parser. OpenShift runs the same program.
  "prometheus-operator-admission-webhook": {
    version: V.prometheusOperator,
    file: "prometheus-operator-admission-webhook",
    ways: [
      goModule("prometheus-operator", 3, {
        output: "prometheus-operator-admission-webhook",
        package: "github.com/prometheus-operator/prometheus-operator/cmd/admission-webhook",
      }),
    ],
  },
  // Runs the unit tests of alerts.
  promtool: monitoringTool("promtool", V.prometheus),
  // Checks Alertmanager's configuration and its routes.
  amtool: monitoringTool("amtool", V.alertmanager),
  // Runs Alertmanager with a cluster's configuration, to see which alerts are held back.
  alertmanager: monitoringTool("alertmanager", V.alertmanager),
  // Backs up the objects of a simulated cluster.
  velero: {
    version: V.velero,
    file: "velero",
    onPath: { arguments: ["version", "--client-only"], ...exactly(V.velero) },
    ways: [
      goModule("velero", 6, {
        output: "velero",
        package: "github.com/vmware-tanzu/velero/cmd/velero",
        values: { "github.com/vmware-tanzu/velero/pkg/buildinfo.Version": `v${V.velero}` },
      }),
    ],
  },
  "velero-plugin-for-aws": {
    version: V.veleroPlugin,
    file: "velero-plugin-for-aws",
    ways: [
      goModule("velero", 7, {
        output: "velero-plugin-for-aws",
        package: "github.com/vmware-tanzu/velero-plugin-for-aws/velero-plugin-for-aws",
      }),
    ],
  },
  "velero-definitions": { version: V.velero, file: "velero-definitions", ways: [veleroDefinitions()] },
  "elastic-definitions": { version: V.eck, file: "elastic-definitions", ways: [elasticDefinitions()] },
  // Takes the place of Elasticsearch: it answers the requests for indices and records that both programs have in the same way.
  opensearch: { version: V.opensearch, file: "opensearch", ways: [mavenLibraries("opensearch")] },
  registry: {
    version: V.registry,
    file: "registry",
    onPath: { arguments: ["--version"], ...exactly(V.registry) },
    ways: [
      release("distribution's release", {
        vendor: "github",
        path: ({ os, arch }) => `/distribution/distribution/releases/download/v${V.registry}/registry_${V.registry}_${os}_${arch}.tar.gz`,
        sums: (path) => `${path}.sha256`,
        member: () => "registry",
      }),
      goModule("registry", 2, { output: "registry", package: "github.com/distribution/distribution/v3/cmd/registry" }),
    ],
  },
  "ignition-validate": {
    version: V.ignition,
    file: "ignition-validate",
    onPath: { arguments: ["-version"], ...exactly(V.ignition) },
    // There is no release with checksums: the vendor signs its releases with a key and publishes no checksums.
    ways: [
      goModule("validators", 1, {
        output: "ignition-validate",
        package: "github.com/coreos/ignition/v2/validate",
        values: { "github.com/coreos/ignition/v2/internal/version.Raw": `v${V.ignition}` },
      }),
    ],
  },
  actionlint: {
    version: V.actionlint,
    file: "actionlint",
    onPath: { arguments: ["-version"], ...exactly(V.actionlint) },
    ways: [
      release("actionlint's release", {
        vendor: "github",
        path: ({ os, arch }) => `/rhysd/actionlint/releases/download/v${V.actionlint}/actionlint_${V.actionlint}_${os}_${arch}.tar.gz`,
        sums: (path) => inSameDirectory(path, `actionlint_${V.actionlint}_checksums.txt`),
        member: () => "actionlint",
      }),
      goModule("validators", 1, { output: "actionlint", package: "github.com/rhysd/actionlint/cmd/actionlint" }),
    ],
  },
  ...APPLICATION_TOOLS,
  // The Python interpreter that has moto: `python -m moto.server`.
  moto: { version: V.moto, file: "bin/python", givenIn: "moto", ways: [pythonPackages("requirements.txt")] },
};

function etcd(file: string, module: string, component: string, version: readonly string[]): Tool {
  return {
    version: V.etcd,
    file,
    onPath: { arguments: version, ...sameMinor(V.etcd) },
    ways: [
      release("etcd's release", {
        vendor: "github",
        path: (platform) =>
          platform.os === "linux" ? `/etcd-io/etcd/releases/download/v${V.etcd}/${etcdArchive(platform)}.tar.gz` : undefined,
        sums: (path) => inSameDirectory(path, "SHA256SUMS"),
        member: (platform) => `${etcdArchive(platform)}/${file}`,
      }),
      goModule(module, 1, { output: file, package: `go.etcd.io/etcd/${component}/v3` }),
    ],
  };
}

function kubernetes(file: string, onPath: PathRule): Tool {
  const version = "k8s.io/component-base/version";
  const [major = "", minor = ""] = V.kubernetes.split(".");
  return {
    version: V.kubernetes,
    file,
    onPath,
    ways: [
      release("dl.k8s.io", {
        vendor: "kubernetes",
        path: ({ os, arch }) => `/release/v${V.kubernetes}/bin/${os}/${arch}/${file}`,
        sums: (path) => `${path}.sha256`,
      }),
      goModule("kubernetes", 3, {
        output: file,
        package: `k8s.io/kubernetes/cmd/${file}`,
        values: { [`${version}.gitVersion`]: `v${V.kubernetes}`, [`${version}.gitMajor`]: major, [`${version}.gitMinor`]: minor },
      }),
    ],
  };
}

/** The installer reads its templates from a directory, because only the vendor's build embeds them. */
function openshiftInstallBuild(): Way {
  const module = "github.com/openshift/installer";
  return goBuild({
    module: "openshift-install",
    minutes: 9,
    programs: [
      {
        output: "openshift-install",
        package: `${module}/cmd/openshift-install`,
        values: {
          [`${module}/pkg/version.Raw`]: `v${V.openshift}`,
          [`${module}/pkg/version.defaultArch`]: process.arch === "arm64" ? "arm64" : "amd64",
        },
      },
    ],
    finish: async (build) => {
      await copyTree(join(await moduleDirectory(build, module), "data", "data"), join(build.context.entry, "openshift-install-data"));
    },
  });
}

function goModule(module: string, minutes: number, program: GoBuild["programs"][number], sources?: GoBuild["sources"]): Way {
  return goBuild({ module, minutes, programs: [program], sources });
}

function etcdArchive({ os, arch }: Platform): string {
  return `etcd-v${V.etcd}-${os}-${arch}`;
}
