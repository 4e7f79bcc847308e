import { readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { VERSIONS } from "../../../../../sandbox/toolchain/table";
import { Workplace } from "../fixture";

/** The vendor cannot be reached, and scripts replace apt-get and dpkg-deb. `test/engine/toolchain.test.ts` runs the real ones. */
const vendors = { github: "http://127.0.0.1:1" };
let place: Workplace;

beforeEach(() => {
  place = new Workplace();
  for (const program of ["mkdir", "touch"]) place.script(`bin/${program}`, `exec /bin/${program} "$@"`);
});
afterEach(() => {
  place.remove();
});

/** An apt-get with one package, whose calls are written into a file. */
function packaged(): string {
  const calls = join(place.directory, "calls");
  place.script("bin/apt-get", `echo "$@" >> ${calls}\n[ "$6" = update ] || touch prometheus_amd64.deb`);
  place.script(
    "bin/dpkg-deb",
    `mkdir -p "$3/usr/bin" "$3/usr/share/doc/prometheus"\necho '#!/bin/sh' > "$3/usr/bin/promtool"\n/bin/chmod 755 "$3/usr/bin/promtool"\necho terms > "$3/usr/share/doc/prometheus/copyright"`,
  );
  return calls;
}

test("a tool comes from the package with its upstream version, and keeps the licence", async () => {
  const calls = packaged();
  const { tools } = await place.ensure(["promtool"], { vendors });
  expect(readFileSync(tools.promtool, "utf8")).toBe("#!/bin/sh\n");
  expect(readFileSync(join(dirname(tools.promtool), "copyright"), "utf8")).toBe("terms\n");
  const [update, download, ...others] = readFileSync(calls, "utf8").trimEnd().split("\n");
  expect(update).toMatch(/ update$/);
  expect(download).toMatch(new RegExp(` download prometheus=${VERSIONS.prometheus}\\*$`));
  expect(others).toEqual([]);
});

test("apt's lists and cache are in the scratch directory, so that it needs neither root nor the system's lists", async () => {
  const calls = packaged();
  await place.ensure(["promtool"], { vendors });
  for (const call of readFileSync(calls, "utf8").trimEnd().split("\n"))
    expect(call).toMatch(new RegExp(`^-q -o Dir::State::Lists=${place.cache}/\\S+/lists -o Dir::Cache=${place.cache}/\\S+/cache `));
  expect(readdirSync(place.cache).filter((file) => file.includes("stage"))).toEqual([]);
});

test("the error has apt's reason if the mirror does not have the version", async () => {
  place.script("bin/apt-get", `[ "$6" = update ] && exit 0\necho "E: Version '2.42.0*' for 'prometheus' was not found" >&2; exit 100`);
  const text = await place.failure(["promtool"], { vendors });
  expect(text).toContain("E: Version '2.42.0*' for 'prometheus' was not found");
});

test("without apt, the error says what to install", async () => {
  expect(await place.failure(["promtool"], { vendors })).toMatch(
    /Debian package: apt-get is not installed[^]*install:\n {2}- apt-get and dpkg-deb of Debian 12/,
  );
});
