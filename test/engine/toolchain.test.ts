import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { load } from "js-yaml";
import { debianProblem, ensureToolchain, thisPlatform, type Toolchain, VERSIONS } from "@okd-aws/sandbox/toolchain";
import { archiveOf, VendorHost, Workplace } from "../unit/sandbox/toolchain/fixture";

/**
 * Tests the installation methods that need real programs: the Automation API's installer, `pulumi plugin install` against a local server,
 * a build with Go, and on Debian 12 a package.
 */
let host: VendorHost;
let base: string;
let place: Workplace;

beforeEach(async () => {
  host = new VendorHost();
  base = await host.start();
  place = new Workplace();
});
afterEach(async () => {
  await host.stop();
  place.remove();
});

/** `test`, or a skipped test with a printed reason. */
function unless(reason: string | undefined): jest.It {
  if (reason !== undefined) console.warn(`skipped: ${reason}`);
  return reason === undefined ? test : test.skip;
}

function absence(program: string, ...args: string[]): string | undefined {
  try {
    execFileSync(program, args, { stdio: "ignore" });
    return undefined;
  } catch {
    return `${program} is not installed`;
  }
}

const withGo = unless(absence("go", "version"));

/**
 * The script that get.pulumi.com serves, with the options that the Automation API uses. It installs into a directory that the caller
 * chooses.
 */
const INSTALLER = `
while [ $# -gt 0 ]; do
  case "$1" in --install-root) root=$2; shift ;; --version) version=$2; shift ;; esac
  shift
done
mkdir -p "$root/bin"
for file in pulumi pulumi-language-nodejs pulumi-resource-pulumi-nodejs; do
  printf '#!/bin/sh\\necho v%s\\n' "$version" > "$root/bin/$file"
  chmod 755 "$root/bin/$file"
done
`;

test("the Automation API installs the pinned engine with its language host", async () => {
  host.files.set("/install.sh", INSTALLER);
  // The SDK has a fixed address. This module redirects the SDK's process to the test's server.
  const detour = join(place.directory, "detour.js");
  writeFileSync(
    detour,
    `const real = fetch; globalThis.fetch = (url, init) => real(String(url).replace("https://get.pulumi.com", ${JSON.stringify(base)}), init);`,
  );
  const environment = { PATH: `${place.bin}:/usr/bin:/bin`, NODE_OPTIONS: `--require ${detour}` };
  const names = ["pulumi", "pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"] as const;
  const { tools, path } = await place.ensure(names, { environment, vendors: { pulumi: base }, limits: {} });
  expect(execFileSync(tools.pulumi, { encoding: "utf8" })).toBe(`v${VERSIONS.pulumi}\n`);
  expect(path).toEqual([dirname(tools.pulumi)]);
  expect(tools["pulumi-language-nodejs"]).toBe(join(dirname(tools.pulumi), "pulumi-language-nodejs"));
  expect(place.events.at(-1)).toMatchObject({ tool: "pulumi-resource-pulumi-nodejs", from: "comes with pulumi" });
});

describe("a plugin", () => {
  let engine: Toolchain<"pulumi">;
  beforeAll(async () => {
    engine = await ensureToolchain(["pulumi"]);
  });

  const own = (): string => join(place.directory, "pulumi-home");
  const install = (): Promise<Toolchain<"pulumi-resource-command">> =>
    place.ensure(["pulumi-resource-command"], {
      environment: { ...process.env, OKD_TOOLCHAIN: dirname(engine.tools.pulumi), PULUMI_HOME: own() },
      vendors: { plugins: base },
      limits: {},
    });

  test("is installed by `pulumi plugin install`, which leaves nothing in the user's own Pulumi directory", async () => {
    const { os, arch } = thisPlatform();
    const archive = `/pulumi-resource-command-v${VERSIONS.pulumiCommand}-${os}-${arch}.tar.gz`;
    host.files.set(archive, archiveOf("pulumi-resource-command", "#!/bin/sh\necho works\n"));
    const installed = await install();
    expect(host.requests).toContain(archive);
    const file = installed.tools["pulumi-resource-command"];
    expect(file.startsWith(place.cache)).toBe(true);
    expect(execFileSync(file, { encoding: "utf8" })).toBe("works\n");
    expect(existsSync(own())).toBe(false);
  });

  test("is replaced by the stand-in if the server does not have it, and the reason is printed", async () => {
    const installed = await install();
    expect(installed.tools["pulumi-resource-command"]).toBe(join(__dirname, "../../sandbox/command-stand-in/pulumi-resource-command"));
    expect(place.events).toContainEqual(expect.objectContaining({ state: "skipped", way: "pulumi plugin install" }));
  });
});

// No server answers at port 1, so only the build remains.
const vendors = {
  kubernetes: "http://127.0.0.1:1",
  github: "http://127.0.0.1:1",
  openshift: "http://127.0.0.1:1",
  pulumi: "http://127.0.0.1:1",
};

const onDebian = unless(debianProblem() ?? absence("apt-get", "--version") ?? absence("dpkg-deb", "--version"));

onDebian("a Debian package is unpacked with its licence and is not installed", async () => {
  const environment = { ...process.env, OKD_TOOLCHAIN: undefined };
  const before = absence("dpkg-query", "--status", "prometheus");
  const { tools } = await place.ensure(["promtool", "amtool"], { environment, vendors });
  expect(execFileSync(tools.promtool, ["--version"], { encoding: "utf8" })).toContain(`promtool, version ${VERSIONS.prometheus}`);
  expect(execFileSync(tools.amtool, ["--version"], { encoding: "utf8" })).toContain(`amtool, version ${VERSIONS.alertmanager}`);
  for (const tool of Object.values(tools)) expect(readFileSync(join(dirname(tool), "copyright"), "utf8")).toContain("License: Apache-2.0");
  expect(absence("dpkg-query", "--status", "prometheus")).toBe(before);
});

withGo("a build from Go modules has the pinned version, and is not repeated", async () => {
  const environment = { ...process.env, OKD_TOOLCHAIN: undefined };
  const { tools } = await place.ensure(["ignition-validate"], { environment, vendors });
  expect(execFileSync(tools["ignition-validate"], ["-version"], { encoding: "utf8" })).toBe(`Ignition v${VERSIONS.ignition}\n`);
  await place.ensure(["ignition-validate"], { environment, vendors });
  expect(place.events.filter(({ state }) => state === "started")).toHaveLength(1);
});

withGo("the definitions contain each kind that the installation and the simulator use once, with the default feature set", async () => {
  const environment = { ...process.env, OKD_TOOLCHAIN: undefined };
  const { tools } = await place.ensure(["openshift-definitions"], { environment, vendors });
  const directory = tools["openshift-definitions"];
  const files = readdirSync(directory);
  for (const name of [
    "clusterversions.config",
    "clusteroperators.config",
    "infrastructures.config",
    "etcds.operator",
    "ingresscontrollers.operator",
  ])
    expect(files).toContain(`${name}.openshift.io.yaml`);
  const all = files.map((file) => load(readFileSync(join(directory, file), "utf8")) as { kind: string; metadata: { name: string } });
  expect(new Set(all.map(({ kind }) => kind))).toEqual(new Set(["CustomResourceDefinition"]));
  expect(files).toEqual(all.map(({ metadata }) => `${metadata.name}.yaml`));
});
