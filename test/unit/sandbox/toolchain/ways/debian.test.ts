import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { VERSIONS } from "../../../../../sandbox/toolchain/versions";
import { debianPackage, debianProblem, debianTree } from "../../../../../sandbox/toolchain/ways/debian";
import { tableWith, Workplace } from "../fixture";

/** Scripts replace apt-get and dpkg-deb. `test/engine/toolchain.test.ts` runs the real ones. */
let place: Workplace;
let calls: string;

beforeEach(() => {
  place = new Workplace();
  calls = join(place.directory, "calls");
  for (const program of ["mkdir", "touch"]) place.script(`bin/${program}`, `exec /bin/${program} "$@"`);
});
afterEach(() => {
  place.remove();
});

/** Puts stubs for apt-get and dpkg-deb on the PATH. `update` and `download` are the scripts of these commands of apt-get. */
function packaged(update = "exit 0", download = "touch prometheus_amd64.deb"): void {
  place.script("bin/apt-get", `echo "$@" >> ${calls}\ncase "$*" in *" update") ${update};; *) ${download};; esac`);
  place.script(
    "bin/dpkg-deb",
    `mkdir -p "$3/usr/bin" "$3/usr/share/doc/prometheus"\necho '#!/bin/sh' > "$3/usr/bin/promtool"\n/bin/chmod 755 "$3/usr/bin/promtool"\necho terms > "$3/usr/share/doc/prometheus/copyright"`,
  );
}

const callsOfApt = (): string[] => readFileSync(calls, "utf8").trimEnd().split("\n");

function system(text: string): string {
  const file = join(place.directory, "os-release");
  writeFileSync(file, text);
  return file;
}

/** Options with which the toolchain can get promtool only from Debian's package. `text` is the file os-release. */
function onDebian(text = 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nVERSION_ID="12"\nID=debian\n') {
  return { table: tableWith("promtool", { ways: [debianPackage("prometheus", "usr/bin/promtool", system(text))] }) };
}

test("a tool comes from the package with its upstream version, and keeps the licence", async () => {
  packaged();
  const { tools } = await place.ensure(["promtool"], onDebian());
  expect(readFileSync(tools.promtool, "utf8")).toBe("#!/bin/sh\n");
  expect(readFileSync(join(dirname(tools.promtool), "copyright"), "utf8")).toBe("terms\n");
  const [update, download, ...others] = callsOfApt();
  expect(update).toMatch(/ update$/);
  expect(download).toMatch(new RegExp(` download prometheus=${VERSIONS.prometheus}\\*$`));
  expect(others).toEqual([]);
});

test("apt-get keeps its lists and cache in the scratch directory, so that it needs neither root nor the system's lists", async () => {
  packaged();
  await place.ensure(["promtool"], onDebian());
  for (const call of callsOfApt())
    expect(call).toMatch(new RegExp(`^-q -o Dir::State::Lists=${place.cache}/\\S+/lists -o Dir::Cache=${place.cache}/\\S+/cache `));
  expect(readdirSync(place.cache).filter((file) => file.includes("stage"))).toEqual([]);
});

test("apt-get gives up after one request of at most ten seconds if a mirror does not answer", async () => {
  packaged();
  await place.ensure(["promtool"], onDebian());
  for (const call of callsOfApt())
    expect(call).toContain("-o Acquire::Retries=0 -o Acquire::http::Timeout=10 -o Acquire::https::Timeout=10 ");
});

test("a package source that fails is ignored if another source has the package", async () => {
  packaged("echo 'E: The repository is not signed' >&2; exit 100");
  const { tools } = await place.ensure(["promtool"], onDebian());
  expect(readFileSync(tools.promtool, "utf8")).toBe("#!/bin/sh\n");
});

test("the error has apt-get's reasons if the mirror does not have the version", async () => {
  packaged(
    "echo 'E: The repository is not signed' >&2; exit 100",
    `echo "E: Version '2.42.0*' for 'prometheus' was not found" >&2; exit 100`,
  );
  const text = await place.failure(["promtool"], onDebian());
  expect(text).toMatch(/E: The repository is not signed[^]*E: Version '2\.42\.0\*' for 'prometheus' was not found/);
});

test("without apt, the error says what to install", async () => {
  expect(await place.failure(["promtool"], onDebian())).toMatch(
    /Debian package: apt-get is not installed[^]*install:\n {2}- apt-get and dpkg-deb of Debian 12/,
  );
});

test("on another system apt-get is not called, and the error names the system", async () => {
  packaged();
  const text = await place.failure(["promtool"], onDebian('NAME="Ubuntu"\nVERSION_ID="24.04"\nID=ubuntu\n'));
  expect(text).toContain("Debian package: this computer does not run Debian 12 (system ubuntu, version 24.04)");
  expect(readdirSync(place.directory)).not.toContain("calls");
});

test.each<[string, string | undefined, string | undefined]>([
  ["Debian 12", 'ID=debian\nVERSION_ID="12"\n', undefined],
  ["Debian 13", 'ID=debian\nVERSION_ID="13"\n', "this computer does not run Debian 12 (system debian, version 13)"],
  ["a derivative", 'ID_LIKE=debian\nID="mint"\nVERSION_ID=12\n', "this computer does not run Debian 12 (system mint, version 12)"],
  ["a system without the file", undefined, "this computer does not run Debian 12 (system unknown, version unknown)"],
])("the way checks the system: %s", (_, text, problem) => {
  expect(debianProblem(text === undefined ? join(place.directory, "missing") : system(text))).toBe(problem);
});

test("a tree has the packages that the named ones depend on, without those that are left out, and keeps only the licences of the documentation", async () => {
  place.script(
    "bin/apt-get",
    `echo "$@" >> ${calls}\nfor each in "$@"; do case "$each" in Dir::Cache=*) CACHE=\${each#Dir::Cache=};; esac; done
case "$*" in *" update") exit 0;; esac
mkdir -p "$CACHE/archives"; touch "$CACHE/archives/prometheus_1_amd64.deb" "$CACHE/archives/perl_5_amd64.deb" "$CACHE/archives/lock"`,
  );
  place.script(
    "bin/dpkg-deb",
    `name=$(/usr/bin/basename "$2")\nmkdir -p "$3/usr/share/doc/$name" "$3/usr/share/man"\necho terms > "$3/usr/share/doc/$name/copyright"\necho news > "$3/usr/share/doc/$name/changelog"`,
  );
  const ways = [debianTree(["prometheus"], ["perl"], system('VERSION_ID="12"\nID=debian\n'))];
  const { tools } = await place.ensure(["promtool"], { table: tableWith("promtool", { ways }) });
  expect(readdirSync(join(tools.promtool, "usr", "share"))).toEqual(["doc"]);
  expect(readdirSync(join(tools.promtool, "usr", "share", "doc"))).toEqual(["prometheus_1_amd64.deb"]);
  expect(readdirSync(join(tools.promtool, "usr", "share", "doc", "prometheus_1_amd64.deb"))).toEqual(["copyright"]);
  expect(callsOfApt()[1]).toMatch(/ -o Dir::State::Status=\S+ .* --download-only --yes install prometheus=2\.42\.0\*$/);
});
