import { spawn, spawnSync } from "node:child_process";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { identityOf } from "../../../lib/process-identity";

jest.setTimeout(120_000);

const project = join(__dirname, "..", "..", "..");
const tsx = ["--require", require.resolve("tsx/cjs")];

let place: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), "scratch-directory-"));
});
afterEach(() => {
  rmSync(place, { recursive: true });
});

/** Runs a program whose temporary directories are in `place`. */
function program(body: string): string {
  const file = join(place, "program.ts");
  writeFileSync(
    file,
    `import { readdirSync, statSync, writeFileSync } from "node:fs";
    import { engineDirectory } from "${project}/lib/pulumi/engine-directory";
    import { keepScratchDirectoriesOnSignals, withScratchDirectory } from "${project}/lib/scratch-directory";
    import { gatherByInstaller } from "${project}/steps/diagnosis/archive/bootstrap-logs";
    ${body}`,
  );
  return file;
}

const environment = () => ({ ...process.env, TMPDIR: place, PATH: `${place}:${process.env.PATH ?? ""}` });
const ours = () => readdirSync(place).filter((name) => name.startsWith("okd-aws-"));

test("the Pulumi engine's directory is deleted when its process ends, and the directories of killed processes when the next process starts", () => {
  // The ID of a process that has ended, and the ID of a process that runs.
  const { pid: dead } = spawnSync("true");
  for (const pid of [dead, process.pid]) {
    mkdirSync(join(place, `okd-aws-engine-${pid}-a`));
    writeFileSync(join(place, `okd-aws-engine-${pid}-a`, "kubeconfig1"), "");
  }
  mkdirSync(join(place, "okd-aws-engine-notes"));
  const file = program(`
    const directory = engineDirectory();
    writeFileSync(directory + "/kubeconfig2", "");
    console.log(directory === engineDirectory(), (statSync(directory).mode & 0o777).toString(8), directory.startsWith(process.env.TMPDIR + "/okd-aws-engine-" + process.pid));
  `);
  const { stdout, stderr } = spawnSync(process.execPath, [...tsx, file], { env: environment(), encoding: "utf8" });
  expect([stdout.trim(), stderr]).toEqual(["true 700 true", ""]);
  expect(existsSync(join(place, `okd-aws-engine-${process.pid}-a`, "kubeconfig1"))).toBe(true);
  expect(ours().sort()).toEqual([`okd-aws-engine-${process.pid}-a`, "okd-aws-engine-notes"].sort());
});

test("only directories of processes that have ended (by boot, PID namespace and start time) are removed, never through a link", () => {
  const { pid = 0, startTicks = "", bootId = "", pidNamespace = "" } = identityOf(process.pid) ?? {};
  const boot = bootId.replaceAll("-", "");
  const otherBoot = boot.replace(/^./, (digit) => (digit === "0" ? "1" : "0"));
  const mine = `okd-aws-gather-${pid}-${startTicks}-${boot}-${pidNamespace}-a`;
  const sameNumber = `okd-aws-gather-${pid}-${Number(startTicks) - 1}-${boot}-${pidNamespace}-a`;
  // A container that shares /tmp numbers its own processes, so a process ID that is unused here may belong to a running process there.
  const inContainer = `okd-aws-gather-4000000-${startTicks}-${boot}-${Number(pidNamespace) - 1}-a`;
  const lastBoot = `okd-aws-gather-4000000-${startTicks}-${otherBoot}-${pidNamespace}-a`;
  const longAgo = `okd-aws-gather-4000000-${startTicks}-${otherBoot}-${pidNamespace}-b`;
  for (const name of [mine, sameNumber, inContainer, lastBoot, longAgo]) mkdirSync(join(place, name));
  utimesSync(join(place, longAgo), new Date(), new Date(Date.now() - 25 * 3_600_000));
  const victim = join(place, "mine");
  mkdirSync(victim);
  writeFileSync(join(victim, "file"), "");
  const link = "okd-aws-engine-4000000-x";
  symlinkSync(victim, join(place, link));
  const { stderr } = spawnSync(process.execPath, [...tsx, program("engineDirectory();")], { env: environment(), encoding: "utf8" });
  expect(stderr).toBe("");
  expect(ours().sort()).toEqual([mine, inContainer, lastBoot, link].sort());
  expect(lstatSync(join(place, link)).isSymbolicLink()).toBe(true);
  expect(readdirSync(victim)).toEqual(["file"]);
});

/** Starts a program, sends it a signal once it has printed a line, and returns how it ended. */
async function signalled(file: string, signal: NodeJS.Signals): Promise<{ code: number | null; by: NodeJS.Signals | null; text: string }> {
  const child = spawn(process.execPath, [...tsx, file], { env: environment(), stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (part: string) => (text += part));
  child.stdout.once("data", () => child.kill(signal));
  return new Promise((resolve) =>
    child.once("close", (code, by) => {
      resolve({ code, by, text });
    }),
  );
}

describe.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("the signal %s", (signal) => {
  test("ends a program after its directories are removed", async () => {
    const file = program(`
      engineDirectory();
      void withScratchDirectory("gather", (directory) => {
        writeFileSync(directory + "/key", "secret");
        console.log(readdirSync("${place}").filter((name) => name.startsWith("okd-aws-")).length);
        return new Promise(() => setInterval(() => undefined, 1000));
      });`);
    expect(await signalled(file, signal)).toEqual({ code: null, by: signal, text: "2\n" });
    expect(ours()).toEqual([]);
  });

  test("removes the private key that a diagnosis wrote to gather logs", async () => {
    writeFileSync(join(place, "openshift-install"), `#!/bin/sh\nls ${place}/okd-aws-*/key\nexec sleep 2 >/dev/null 2>&1\n`, {
      mode: 0o755,
    });
    const file = program(`
      void gatherByInstaller("127.0.0.1", [], "secret");
      const look = setInterval(() => {
        const [directory] = readdirSync("${place}").filter((name) => name.startsWith("okd-aws-"));
        if (directory === undefined || !readdirSync("${place}/" + directory).includes("key")) return;
        clearInterval(look);
        console.log("written");
      }, 20);`);
    expect(await signalled(file, signal)).toEqual({ code: null, by: signal, text: "written\n" });
    expect(ours()).toEqual([]);
  });
});

test("the directories of a program that handles a signal exist until the program ends", async () => {
  const file = program(`
    keepScratchDirectoriesOnSignals();
    const directory = engineDirectory();
    process.on("SIGTERM", () => {
      console.log(readdirSync(directory).length);
      process.exit(3);
    });
    setInterval(() => undefined, 1000);
    console.log("ready");`);
  expect(await signalled(file, "SIGTERM")).toEqual({ code: 3, by: null, text: "ready\n0\n" });
  expect(ours()).toEqual([]);
});

test("only lib/scratch-directory.ts creates temporary directories in the program", () => {
  const folders = ["components", "config", "cluster-objects", "ignition", "lib", "steps", "tools", "policy", "sandbox", "stacks"];
  const sources = folders.flatMap((folder) =>
    readdirSync(join(project, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts") && !name.includes("node_modules"))
      .map((name) => join(folder, name)),
  );
  expect(sources.filter((file) => readFileSync(join(project, file), "utf8").includes("mkdtemp"))).toEqual(["lib/scratch-directory.ts"]);
});
