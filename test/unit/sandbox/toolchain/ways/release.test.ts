import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import type { ToolName } from "../../../../../sandbox/toolchain";
import { VERSIONS } from "../../../../../sandbox/toolchain/versions";
import { thisPlatform } from "../../../../../sandbox/toolchain/tool";
import { findSum } from "../../../../../sandbox/toolchain/ways/release";
import { archiveOf, patient, sumOf, VendorHost, Workplace } from "../fixture";

/**
 * Release files against a server with the vendors' layouts. Sources: kubernetes.io/releases/download, the assets of etcd's, OKD's, actionlint's
 * and distribution's releases on GitHub, `.promu.yml` of prometheus/prometheus (v2.42.0) and prometheus/alertmanager (main), the directory
 * listing of mirror.openshift.com. There is no Go on PATH, so that a build fails at once.
 */
const { os, arch } = thisPlatform();
const uname = arch === "amd64" ? "x86_64" : "aarch64";
const SCRIPT = "#!/bin/sh\necho works\n";

interface Layout {
  readonly tool: ToolName;
  readonly file: string;
  readonly sums: string;
  /** Path of the tool in the archive; undefined if the file is the tool itself. */
  readonly member?: string;
}

const etcd = `etcd-v${VERSIONS.etcd}-${os}-${arch}`;
const ocp = `/pub/openshift-v4/${uname}/clients/ocp/${VERSIONS.openshift}`;
const registry = `/distribution/distribution/releases/download/v${VERSIONS.registry}/registry_${VERSIONS.registry}_${os}_${arch}.tar.gz`;
const prometheus = `/prometheus/prometheus/releases/download/v${VERSIONS.prometheus}`;
const alertmanager = `/prometheus/alertmanager/releases/download/v${VERSIONS.alertmanager}`;
const actionlint = `/rhysd/actionlint/releases/download/v${VERSIONS.actionlint}`;

/** One of Kubernetes' executables. */
function kubernetes(tool: "kube-apiserver" | "kube-controller-manager" | "kubectl"): Layout {
  const file = `/release/v${VERSIONS.kubernetes}/bin/${os}/${arch}/${tool}`;
  return { tool, file, sums: `${file}.sha256` };
}
const apiServer = kubernetes("kube-apiserver");
const etcdRelease: Layout = {
  tool: "etcd",
  file: `/etcd-io/etcd/releases/download/v${VERSIONS.etcd}/${etcd}.tar.gz`,
  sums: `/etcd-io/etcd/releases/download/v${VERSIONS.etcd}/SHA256SUMS`,
  member: `${etcd}/etcd`,
};
const layouts: readonly Layout[] = [
  apiServer,
  kubernetes("kube-controller-manager"),
  kubernetes("kubectl"),
  etcdRelease,
  {
    tool: "openshift-install",
    file: `${ocp}/openshift-install-linux-${VERSIONS.openshift}.tar.gz`,
    sums: `${ocp}/sha256sum.txt`,
    member: "openshift-install",
  },
  { tool: "registry", file: registry, sums: `${registry}.sha256`, member: "registry" },
  {
    tool: "promtool",
    file: `${prometheus}/prometheus-${VERSIONS.prometheus}.${os}-${arch}.tar.gz`,
    sums: `${prometheus}/sha256sums.txt`,
    member: `prometheus-${VERSIONS.prometheus}.${os}-${arch}/promtool`,
  },
  {
    tool: "amtool",
    file: `${alertmanager}/alertmanager-${VERSIONS.alertmanager}.${os}-${arch}.tar.gz`,
    sums: `${alertmanager}/sha256sums.txt`,
    member: `alertmanager-${VERSIONS.alertmanager}.${os}-${arch}/amtool`,
  },
  {
    tool: "actionlint",
    file: `${actionlint}/actionlint_${VERSIONS.actionlint}_${os}_${arch}.tar.gz`,
    sums: `${actionlint}/actionlint_${VERSIONS.actionlint}_checksums.txt`,
    member: "actionlint",
  },
];

let host: VendorHost;
let place: Workplace;
let vendors: Record<"kubernetes" | "github" | "openshift" | "pulumi", string>;

beforeEach(async () => {
  host = new VendorHost();
  place = new Workplace();
  const base = await host.start();
  vendors = { kubernetes: base, github: base, openshift: base, pulumi: base };
});

afterEach(async () => {
  await host.stop();
  place.remove();
});

function publish({ file, sums, member }: Layout): Buffer {
  const content = member === undefined ? Buffer.from(SCRIPT) : archiveOf(member, SCRIPT);
  host.files.set(file, content);
  const others = `${sumOf("another file")}  another-${basename(file)}\n`;
  host.files.set(sums, member === undefined ? sumOf(content) : `${others}${sumOf(content)}  ${basename(file)}\n`);
  return content;
}

describe.each(layouts)("the tool $tool", (layout) => {
  test("is downloaded from its vendor once, and is executable", async () => {
    publish(layout);
    const { tools } = await place.ensure([layout.tool], { vendors });
    expect(readFileSync(tools[layout.tool], "utf8")).toBe(SCRIPT);
    expect(host.requests).toEqual([layout.sums, layout.file]);
    const again = await place.ensure([layout.tool], { vendors });
    expect(again.tools).toEqual(tools);
    expect(host.requests).toHaveLength(2);
    expect(place.events.at(-1)).toMatchObject({ state: "found", work: false });
  });

  test("is refused if its checksum is wrong; the error has both checksums, and no other source is tried", async () => {
    const received = sumOf(publish(layout));
    const published = sumOf("what the vendor built");
    host.files.set(layout.sums, `${published}  ${basename(layout.file)}\n`);
    const text = await place.failure([layout.tool], { vendors });
    expect(text).toContain(`the vendor publishes ${published}, the download has ${received}`);
    expect(text).not.toContain("Go modules");
    expect(host.requests).toEqual([layout.sums, layout.file]);
    expect(readdirSync(place.cache)).toEqual([]);
  });
});

test("a file without a checksum in the vendor's list is not downloaded", async () => {
  publish(etcdRelease);
  host.files.set(etcdRelease.sums, `${sumOf("x")}  another-file.tar.gz\n`);
  expect(await place.failure(["etcd"], { vendors })).toMatch(/SHA256SUMS has no SHA-256 of etcd-v/);
  expect(host.requests).toEqual([etcdRelease.sums]);
});

test("OKD's release is used if OpenShift's mirror does not have the release", async () => {
  const directory = `/okd-project/okd/releases/download/${VERSIONS.okd}`;
  const okd = { tool: "openshift-install" as const, member: "openshift-install", sums: `${directory}/sha256sum.txt` };
  publish({ ...okd, file: `${directory}/openshift-install-linux-${VERSIONS.okd}.tar.gz` });
  const work = place.ensure(["openshift-install"], { vendors });
  if (os !== "linux" || arch !== "amd64") return expect(work).rejects.toThrow("there is no release for");
  expect(readFileSync((await work).tools["openshift-install"], "utf8")).toBe(SCRIPT);
  expect(place.events).toContainEqual(expect.objectContaining({ state: "skipped", way: "mirror.openshift.com" }));
  // The release contains the installer's templates, so the tool needs no environment variable.
  expect((await work).environment).toEqual({});
});

test("without the release and a compiler, the error says what to install", async () => {
  const text = await place.failure(["etcd", "kubectl"], { vendors });
  expect(text).toContain("2 tools are missing:");
  expect(text).toMatch(/etcd's release: http:\S+SHA256SUMS: the server answers 404 Not Found/);
  expect(text).toContain("Go modules: go is not installed");
  expect(text.match(/Go 1\.26 or newer/g)).toHaveLength(1);
});

test("with a Go that is too old, the error has Go's message and what to install", async () => {
  place.script("bin/go", "echo 'go: go.mod requires go >= 1.26 (running go 1.20)' >&2; exit 1");
  const text = await place.failure(["etcd"], { vendors });
  expect(text).toContain("go.mod requires go >= 1.26 (running go 1.20)");
  expect(text).toMatch(/install:\n {2}- Go 1\.26 or newer/);
});

test("without a new enough Python, the error says what to install", async () => {
  expect(await place.failure(["moto"], { vendors })).toMatch(
    /pip: python3 is not installed[^]*install:\n {2}- Python 3\.11 or newer with venv/,
  );
  place.script("bin/python3", "echo 9");
  place.script("bin/python3.12", "exit 1");
  expect(await place.failure(["moto"], { vendors })).toContain("pip: python3 is 3.9, python3.12 has no module venv or ensurepip");
});

test("a download host that does not answer is tried only once, even for several tools", async () => {
  host.hanging.add(apiServer.sums);
  const text = await place.failure(["kube-apiserver", "kube-controller-manager", "kubectl"], {
    vendors,
    limits: { ...patient, answerSeconds: 0.3 },
  });
  expect(text.match(/did not answer within 0.3 s/g)).toHaveLength(3);
  expect(host.requests).toEqual([apiServer.sums]);
});

test("a stalled download is given up and leaves no files", async () => {
  publish(apiServer);
  host.stalling.add(apiServer.file);
  const limits = { ...patient, stallSeconds: 0.3 };
  expect(await place.failure(["kube-apiserver"], { vendors, limits })).toContain("nothing arrived for 0.3 s");
  expect(readdirSync(place.cache)).toEqual([]);
});

test("the error of a refused connection names the host and the reason", async () => {
  await host.stop();
  expect(await place.failure(["kubectl"], { vendors })).toMatch(/127\.0\.0\.1:\d+ is not reachable \(ECONNREFUSED\)/);
  await host.start();
});

describe("checksum lists", () => {
  const sum = sumOf("a");
  test.each<[string, string, string | undefined]>([
    ["a single checksum", `${sum}\n`, sum],
    ["a single checksum, in capital letters", sum.toUpperCase(), sum],
    ["a checksum with the file's name", `${sum}  file.tar.gz\n`, sum],
    ["in binary mode", `${sum} *file.tar.gz\n`, sum],
    ["with a directory", `${sum}  ./file.tar.gz`, sum],
    ["only of another file with the same ending", `${sum}  other-file.tar.gz`, undefined],
    ["of the same file, made by another algorithm", `${"0".repeat(128)}  file.tar.gz`, undefined],
    ["an error page", "<html>moved</html>", undefined],
    ["empty", "", undefined],
  ])("are parsed: %s", (_, list, expected) => {
    expect(findSum(list, "file.tar.gz")).toBe(expected);
  });
});
