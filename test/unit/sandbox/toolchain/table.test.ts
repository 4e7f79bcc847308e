/** The toolchain's table, its Go modules, package.json and requirements.txt repeat versions. The versions must agree. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import packageFile from "../../../../package.json";
import { TOOL_NAMES } from "../../../../sandbox/toolchain";
import { TOOLS } from "../../../../sandbox/toolchain/table";
import { VERSIONS } from "../../../../sandbox/toolchain/versions";
import { GO_WAY } from "../../../../sandbox/toolchain/ways/go";

const toolchain = join(__dirname, "..", "..", "..", "..", "sandbox", "toolchain");
const goMod = (module: string): string => readFileSync(join(toolchain, "go", module, "go.mod"), "utf8");
const requirements = readFileSync(join(toolchain, "requirements.txt"), "utf8")
  .split("\n")
  .filter((line) => line !== "" && !line.startsWith("#"));

test.each<[module: string, path: string, version: string]>([
  ["pulumi", "github.com/pulumi/pulumi/pkg/v3", VERSIONS.pulumi],
  ["pulumi-language-nodejs-host", "github.com/pulumi/pulumi/sdk/v3", VERSIONS.pulumi],
  ["pulumi-resource-kubernetes", "github.com/pulumi/pulumi-kubernetes/sdk/v4", VERSIONS.pulumiKubernetes],
  ["kubernetes", "k8s.io/kubernetes", VERSIONS.kubernetes],
  ["kwok", "sigs.k8s.io/kwok", VERSIONS.kwok],
  ["cloud-provider-aws", "k8s.io/cloud-provider-aws", VERSIONS.cloudProviderAws],
  ["prometheus-operator", "github.com/prometheus-operator/prometheus-operator", VERSIONS.prometheusOperator],
  ["prometheus", "github.com/prometheus/prometheus", VERSIONS.prometheus.replace(/^2/, "0")],
  ["alertmanager", "github.com/prometheus/alertmanager", VERSIONS.alertmanager],
  ["velero", "github.com/vmware-tanzu/velero", VERSIONS.velero],
  ["velero", "github.com/vmware-tanzu/velero-plugin-for-aws", VERSIONS.veleroPlugin],
  ["elastic", "github.com/elastic/cloud-on-k8s/v3", VERSIONS.eck],
  ["etcd", "go.etcd.io/etcd/server/v3", VERSIONS.etcd],
  ["registry", "github.com/distribution/distribution/v3", VERSIONS.registry],
  ["validators", "github.com/coreos/ignition/v2", VERSIONS.ignition],
  ["validators", "github.com/rhysd/actionlint", VERSIONS.actionlint],
])("the Go module go/%s requires %s in the pinned version %s", (module, path, version) => {
  const [, required] = new RegExp(`^\\s*(?:require\\s+)?${path.replaceAll(".", "\\.")} v(\\S+)$`, "m").exec(goMod(module)) ?? [];
  expect(required).toBe(version);
  expect(readFileSync(join(toolchain, "go", module, "go.sum"), "utf8")).toContain(`${path} v${version} h1:`);
});

test("the aws plugin that is built here reports a version that the table accepts", () => {
  const source = readFileSync(join(toolchain, "go", "pulumi-resource-aws", "provider.go"), "utf8");
  expect(/Version = "(.*)"/.exec(source)?.[1]).toBe(VERSIONS.pulumiAwsBuilt);
});

test("the OpenShift definitions come from the commit of the pinned installer", () => {
  const pinned = /github.com\/openshift\/api (v\S+)/.exec(goMod("openshift-definitions"))?.[1];
  const installer = readFileSync(join(toolchain, "go", "openshift-install", "go.sum"), "utf8");
  expect(installer).toContain(`github.com/openshift/api ${pinned ?? "?"} h1:`);
  expect(goMod("openshift-install")).toContain(`github.com/openshift/installer v1.${VERSIONS.openshift.split(".").slice(0, 2).join(".")}-`);
});

test("the Pulumi plugins have the versions of the npm packages", () => {
  const { dependencies } = packageFile;
  expect(dependencies["@pulumi/aws"]).toBe(VERSIONS.pulumiAws);
  expect(dependencies["@pulumi/kubernetes"]).toBe(VERSIONS.pulumiKubernetes);
  expect(dependencies["@pulumi/command"]).toBe(VERSIONS.pulumiCommand);
});

test("each Python package is pinned, and moto has the table's version", () => {
  expect(requirements.filter((line) => !/^[A-Za-z0-9._-]+==\S+$/.test(line))).toEqual([]);
  expect(requirements).toContain(`moto==${VERSIONS.moto}`);
});

test("each tool can be obtained without its vendor's download host", () => {
  const last = TOOL_NAMES.map((name) => [name, TOOLS[name].ways.at(-1)] as const);
  for (const [name, way] of last) {
    expect([name, way?.inPlace !== undefined || [GO_WAY, "pip", "Maven"].includes(way?.name ?? "")]).toEqual([name, true]);
    if (way?.inPlace !== undefined) expect(existsSync(join(way.inPlace(), TOOLS[name].file))).toBe(true);
  }
});

test("the README, the Makefile and the toolchain's README name the Go version that the modules need", () => {
  const modules = readdirSync(join(toolchain, "go"), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const needed = new Set(modules.map(({ name }) => /^go (\d+\.\d+)/m.exec(goMod(name))?.[1]));
  expect(needed.size).toBe(1);
  const project = join(toolchain, "..", "..");
  const files = ["README.md", "Makefile", "sandbox/toolchain/README.md", "sandbox/toolchain/ways/go.ts"];
  for (const file of files) {
    const named = /\bGo (\d+\.\d+) or newer/.exec(readFileSync(join(project, file), "utf8"))?.[1];
    expect([file, named]).toEqual([file, ...needed]);
  }
});
