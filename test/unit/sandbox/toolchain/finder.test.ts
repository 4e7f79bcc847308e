import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { Unavailable } from "../../../../sandbox/toolchain/errors";
import { withLock } from "../../../../sandbox/toolchain/lock";
import { TOOLS } from "../../../../sandbox/toolchain/table";
import { VERSIONS } from "../../../../sandbox/toolchain/versions";
import { thisPlatform, type Tool, type Way } from "../../../../sandbox/toolchain/tool";
import { tableWith, Workplace } from "./fixture";

/** The places in which the toolchain looks for a tool, their order, and the entries of the cache. */
const { os, arch } = thisPlatform();
let place: Workplace;
let made: number;

beforeEach(() => {
  place = new Workplace();
  made = 0;
});
afterEach(() => {
  place.remove();
});

/** A way to obtain a tool that writes a script; `made` counts its runs. */
function making(way: Partial<Way> = {}): Way {
  return {
    name: "a way",
    obtain: async ({ entry, tool }) => {
      made++;
      await new Promise((resolve) => setTimeout(resolve, 20));
      writeFileSync(join(entry, tool.file), `made ${made}`, { mode: 0o755 });
    },
    ...way,
  };
}

const failing: Way = { name: "a closed way", obtain: () => Promise.reject(new Unavailable("nobody is there")) };
const etcd = (tool: Partial<Tool> = {}): ReturnType<typeof tableWith> => tableWith("etcd", { ways: [making()], ...tool });
const keyOf = (version: string): string => `etcd-${version}-${os}-${arch}`;
const onPath = (version: string): string => place.script("bin/etcd", `echo "etcd Version: ${version}"`);

describe("the order of a tool's sources", () => {
  test("is $OKD_TOOLCHAIN, PATH, the cache, then downloads and builds", async () => {
    const table = etcd();
    const built = await place.ensure(["etcd"], { table });
    expect(dirname(built.tools.etcd)).toBe(join(place.cache, keyOf(VERSIONS.etcd)));
    onPath(VERSIONS.etcd);
    expect((await place.ensure(["etcd"], { table })).tools.etcd).toBe(join(place.bin, "etcd"));
    place.script("given/etcd");
    expect((await place.ensure(["etcd"], { table, given: join(place.directory, "given") })).tools.etcd).toBe(
      join(place.directory, "given", "etcd"),
    );
    expect(made).toBe(1);
  });

  test("skips a directory that does not have the tool as an executable file", async () => {
    mkdirSync(join(place.directory, "given"));
    writeFileSync(join(place.directory, "given", "etcd"), "text");
    onPath(VERSIONS.etcd);
    expect((await place.ensure(["etcd"], { given: join(place.directory, "given") })).tools.etcd).toBe(join(place.bin, "etcd"));
  });

  test("skips a Python without moto", async () => {
    const given = join(place.directory, "given");
    place.script("given/bin/python");
    expect(await place.failure(["moto"], { given, checkOnly: true })).toContain("$OKD_TOOLCHAIN");
    const python = place.script("given/moto/bin/python");
    expect((await place.ensure(["moto"], { given })).tools.moto).toBe(python);
  });

  test.each<[string, "etcd" | "kubectl" | "pulumi" | "pulumi-resource-aws", string, boolean]>([
    ["the pinned one", "etcd", `etcd Version: ${VERSIONS.etcd}`, true],
    ["a newer patch", "etcd", "etcd Version: 3.6.99", true],
    ["another minor", "etcd", "etcd Version: 3.5.6", false],
    ["another major", "etcd", "etcd Version: 4.6.6", false],
    ["none at all", "etcd", "hello", false],
    ["one minor less", "kubectl", "Client Version: v1.32.4-dispatcher\nKustomize Version: v5.5.0", true],
    ["one minor more", "kubectl", "Client Version: v1.34.0", true],
    ["two minors less", "kubectl", "Client Version: v1.31.9", false],
    ["another major", "kubectl", "Client Version: v2.33.0", false],
    ["the pinned one", "pulumi", `v${VERSIONS.pulumi}`, true],
    ["a newer one", "pulumi", "v3.256.0", false],
    ["the SDK's", "pulumi-resource-aws", VERSIONS.pulumiAws, true],
    ["the version that is built here", "pulumi-resource-aws", VERSIONS.pulumiAwsBuilt, true],
  ])("accepts or skips a program on PATH: %s (%s: %s): %s", async (_, name, output, used) => {
    const file = place.script(`bin/${name}`, `cat <<'END'\n${output}\nEND`);
    place.script("bin/cat", 'while IFS= read -r line; do echo "$line"; done');
    const result = place.ensure([name], { checkOnly: true });
    if (used) expect((await result).tools[name]).toBe(file);
    else await expect(result).rejects.toThrow(`PATH: ${file} `);
  });

  test("considers only the first program with the name on PATH, as a shell does", async () => {
    onPath("3.4.0");
    place.script("second/etcd", `echo "etcd Version: ${VERSIONS.etcd}"`);
    const environment = { PATH: `${place.bin}:${join(place.directory, "second")}` };
    expect(await place.failure(["etcd"], { environment, checkOnly: true })).toContain(`${place.bin}/etcd is 3.4.0, but 3.6 is needed`);
  });

  test("skips a plugin on PATH that does not print its version", async () => {
    place.script("bin/pulumi-resource-kubernetes");
    expect(await place.failure(["pulumi-resource-kubernetes"], { checkOnly: true })).not.toContain("PATH");
  });

  test("also looks in the directory of the Pulumi engine for the engine's language host", async () => {
    place.script("bin/pulumi", `echo v${VERSIONS.pulumi}`);
    const host = place.script("bin/pulumi-language-nodejs");
    expect((await place.ensure(["pulumi-language-nodejs"])).tools["pulumi-language-nodejs"]).toBe(host);
  });
});

describe("the toolchain's PATH", () => {
  test("has each directory once, and none that is already on PATH or contains only data", async () => {
    onPath(VERSIONS.etcd);
    for (const file of ["pulumi", "kubectl", "moto/bin/python"]) place.script(`given/${file}`);
    mkdirSync(join(place.directory, "given", "openshift-definitions"));
    const given = join(place.directory, "given");
    const { path, tools } = await place.ensure(["etcd", "pulumi", "kubectl", "openshift-definitions"], { given });
    expect(path).toEqual([given]);
    expect(tools["openshift-definitions"]).toBe(join(given, "openshift-definitions"));
  });

  test("comes with OPENSHIFT_INSTALL_DATA if the installer's templates are next to the installer", async () => {
    place.script("given/openshift-install");
    const given = join(place.directory, "given");
    expect((await place.ensure(["openshift-install"], { given })).environment).toEqual({});
    mkdirSync(join(given, "openshift-install-data"));
    expect((await place.ensure(["openshift-install"], { given })).environment).toEqual({
      OPENSHIFT_INSTALL_DATA: join(given, "openshift-install-data"),
    });
  });
});

describe("the ways to obtain a tool", () => {
  test("are tried in order, and the reasons of the failed ones are reported", async () => {
    await place.ensure(["etcd"], { table: etcd({ ways: [failing, making(), making({ name: "a third way" })] }) });
    expect(place.events).toContainEqual({ tool: "etcd", state: "skipped", way: "a closed way", reason: "nobody is there" });
    expect(made).toBe(1);
  });

  test("fail if they produce no file", async () => {
    const empty: Way = { name: "an empty way", obtain: () => Promise.resolve() };
    expect(await place.failure(["etcd"], { table: etcd({ ways: [empty] }) })).toContain("an empty way: it produced no executable etcd");
    expect(readdirSync(place.cache)).toEqual([]);
  });

  test("are not used when the toolchain is only checked", async () => {
    expect(await place.failure(["etcd"], { table: etcd(), checkOnly: true })).toContain("etcd:\n");
    expect(made).toBe(0);
    expect(existsSync(place.cache)).toBe(false);
  });

  test("try the vendor again a day after a stand-in was built, or on a retry", async () => {
    place.script("project/etcd");
    const standIn: Way = { name: "stand-in", inPlace: () => join(place.directory, "project") };
    let asked = 0;
    const vendor: Way = { name: "vendor", obtain: () => Promise.reject(new Unavailable(`asked ${++asked} times`)) };
    const table = etcd({ ways: [vendor, standIn] });
    for (const retry of [false, false, true]) {
      const { tools, path } = await place.ensure(["etcd"], { table, retry });
      expect([tools.etcd, path]).toEqual([join(place.directory, "project", "etcd"), [join(place.directory, "project")]]);
    }
    expect(asked).toBe(2);
    const [attempt = ""] = readdirSync(place.cache).filter((file) => file.endsWith("attempt.json"));
    writeFileSync(join(place.cache, attempt), JSON.stringify({ at: new Date(Date.now() - 25 * 3_600_000).toISOString(), reason: "old" }));
    await place.ensure(["etcd"], { table });
    expect(asked).toBe(3);
    // Once the vendor's tool is available, it replaces the stand-in.
    const { tools } = await place.ensure(["etcd"], { table: etcd({ ways: [making({ name: "vendor" }), standIn] }), retry: true });
    expect(dirname(tools.etcd)).toBe(join(place.cache, keyOf(VERSIONS.etcd)));
  });
});

describe("the cache of tools", () => {
  test("makes an entry again only if its pinned version, its recipe or its file origin.json has changed or is missing", async () => {
    await place.ensure(["etcd"], { table: etcd() });
    await place.ensure(["etcd"], { table: etcd() });
    expect(made).toBe(1);
    await place.ensure(["etcd"], { table: etcd({ version: "3.6.7" }) });
    expect(made).toBe(2);
    const table = etcd({ ways: [making({ recipe: () => "changed sources" })] });
    expect(readFileSync((await place.ensure(["etcd"], { table })).tools.etcd, "utf8")).toBe("made 3");
    rmSync(join(place.cache, keyOf(VERSIONS.etcd), "origin.json"));
    expect(readFileSync((await place.ensure(["etcd"], { table })).tools.etcd, "utf8")).toBe("made 4");
    expect(readdirSync(place.cache).sort()).toEqual([keyOf(VERSIONS.etcd), keyOf("3.6.7")]);
  });

  test("makes an entry again if it no longer runs on this machine", async () => {
    let works = true;
    const table = etcd({ ways: [making({ stillWorks: () => works })] });
    await place.ensure(["etcd"], { table });
    await place.ensure(["etcd"], { table });
    works = false;
    expect(readFileSync((await place.ensure(["etcd"], { table })).tools.etcd, "utf8")).toBe("made 2");
  });

  test("removes the leftovers of a killed run", async () => {
    const left = join(place.cache, `.${keyOf(VERSIONS.etcd)}.stage-0`, "entry");
    mkdirSync(left, { recursive: true });
    writeFileSync(join(left, "etcd"), "half", { mode: 0o755 });
    const { tools } = await place.ensure(["etcd"], { table: etcd() });
    expect(readFileSync(tools.etcd, "utf8")).toBe("made 1");
    expect(readdirSync(place.cache)).toEqual([keyOf(VERSIONS.etcd)]);
  });

  test("lets one of several parallel runs make the tool while the others wait", async () => {
    const all = await Promise.all(Array.from({ length: 5 }, () => place.ensure(["etcd"], { table: etcd() })));
    expect(made).toBe(1);
    expect(new Set(all.map(({ tools }) => tools.etcd)).size).toBe(1);
    expect(place.events.filter(({ state }) => state === "waiting")).toHaveLength(4);
  });

  test("recognizes its own tool on PATH, as in a shell that has sourced the sandbox's environment", async () => {
    const { path } = await place.ensure(["etcd"], { table: etcd() });
    await place.ensure(["etcd"], { table: etcd(), environment: { PATH: `${path.join(":")}:${place.bin}` } });
    expect(place.events.at(-1)).toMatchObject({ from: "cache (a way)" });
  });
});

describe("the lock of the cache", () => {
  const lock = (): string => join(place.directory, "lock");
  const hold = (pid: number, host = hostname()): void => {
    writeFileSync(lock(), JSON.stringify({ pid, host, id: "another" }));
  };

  test("is taken from a process that has ended", async () => {
    hold(spawnSync("true").pid);
    expect(await withLock(lock(), () => Promise.resolve("done"))).toBe("done");
    expect(existsSync(lock())).toBe(false);
  });

  test("that belongs to another machine is respected until a minute after its last update", async () => {
    hold(1, "another-machine");
    let waited = 0;
    const work = withLock(
      lock(),
      () => Promise.resolve("done"),
      (holder) => (waited = holder),
    );
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(waited).toBe(1);
    const before = new Date(Date.now() - 61_000);
    utimesSync(lock(), before, before);
    expect(await work).toBe("done");
  });

  test("is released if the work under it fails", async () => {
    await expect(withLock(lock(), () => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
    expect(existsSync(lock())).toBe(false);
  });
});

test("the toolchain looks for all tools in the table's order", async () => {
  await place.failure(Object.keys(TOOLS) as (keyof typeof TOOLS)[], { checkOnly: true });
  const told = place.events.map(({ tool }) => tool);
  expect(new Set(told)).toEqual(new Set(Object.keys(TOOLS)));
});
