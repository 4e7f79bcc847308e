import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { driverVariable } from "../../../../tools/driver/engine-record";
import { endInterrupted, type LockHolder } from "../../../../tools/driver/interrupted";
import { processState, identityOf, type ProcessIdentity } from "../../../../lib/process-identity";

jest.setTimeout(120_000);

const project = join(__dirname, "..", "..", "..", "..");
const stack = "dev";

const tsx = join(project, "node_modules", ".bin", "tsx");

/** Runs a command in a new PID namespace, as in a container, with this machine's host name. */
const container = ["unshare", "--user", "--map-root-user", "--pid", "--fork", "--mount-proc"] as const;
/** Some kernels let only root make a PID namespace (Ubuntu's `apparmor_restrict_unprivileged_userns`). */
const withNamespaces = spawnSync(container[0], [...container.slice(1), "true"]).status === 0 ? test : skipped();

function skipped(): jest.It {
  console.warn(`skipped: "${container.join(" ")}" is not allowed here`);
  return test.skip;
}

/** Real processes with the records that drivers and engines leave behind: which locks are removed, and which processes end. */
describe("the lock of an earlier update", () => {
  let directory: string;
  let said: string[];
  const children: ChildProcess[] = [];
  const outer = process.env.XDG_STATE_HOME;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "interrupted-"));
    process.env.XDG_STATE_HOME = join(directory, "state");
    said = [];
  });

  afterEach(() => {
    for (const { pid } of children.splice(0)) spawnSync("kill", ["-KILL", "--", `-${pid}`]); // with what it started
    if (outer === undefined) delete process.env.XDG_STATE_HOME;
    else process.env.XDG_STATE_HOME = outer;
    rmSync(directory, { recursive: true });
  });

  const drivers = (): string => join(directory, "state", "okd-aws", "drivers");
  const lock = (pid: number, more: Partial<LockHolder> = {}): LockHolder => ({
    user: "me",
    host: hostname(),
    pid,
    at: Date.now(),
    ...more,
  });
  const recover = (holder: LockHolder) => endInterrupted(holder, stack, (text) => said.push(text));
  const refusal =
    /is locked by me on .*, and no interrupted run of this program on this machine created that lock.*pulumi cancel --stack dev/;

  /** A shell command in its own session, once it has printed its first line. */
  async function run(command: string, environment: Readonly<Record<string, string>> = {}): Promise<Started> {
    const child = spawn("bash", ["-c", `echo; ${command}`], {
      detached: true,
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, ...environment },
    });
    children.push(child);
    const ended = new Promise<void>((resolve) =>
      child.once("exit", () => {
        resolve();
      }),
    );
    await new Promise((resolve) => child.stdout.once("data", resolve));
    const identity = identityOf(child.pid ?? 0);
    if (identity === undefined) throw new Error("the process has ended already");
    return { child, pid: identity.pid, identity, ended };
  }

  interface Started {
    readonly child: ChildProcess;
    readonly pid: number;
    readonly identity: ProcessIdentity;
    readonly ended: Promise<void>;
  }

  const lives = ({ identity }: Started): boolean => processState(identity) === "running";
  const killed = async (started: Started): Promise<Started> => {
    started.child.kill("SIGKILL");
    await started.ended;
    return started;
  };

  /** The record that a killed driver and its Pulumi engine leave behind. */
  function record(driver: ProcessIdentity, engine: ProcessIdentity, more: { stack?: string; token?: string } = {}): string {
    const token = more.token ?? randomUUID();
    mkdirSync(join(drivers(), token), { recursive: true });
    writeFileSync(join(drivers(), token, "driver.json"), JSON.stringify({ stack: more.stack ?? stack, workDir: "/project", driver }));
    writeFileSync(join(drivers(), token, `engine-${engine.pid}`), `${engine.startTicks}\n`);
    return token;
  }

  test("stays if its process is not recorded, and no process is stopped", async () => {
    const other = await run("sleep 300 & wait");
    await expect(recover(lock(other.pid))).rejects.toThrow(refusal);
    expect(lives(other)).toBe(true);
    await expect(recover(lock(4_000_000))).rejects.toThrow(refusal);
  });

  test("stays if it belongs to another host", async () => {
    const engine = await killed(await run("sleep 300"));
    record(engine.identity, engine.identity);
    await expect(recover(lock(engine.pid, { host: "elsewhere" }))).rejects.toThrow(/locked by me on elsewhere/);
  });

  test("stays if it belongs to a container with the same host name and process number", async () => {
    const engine = await killed(await run("sleep 300"));
    const inContainer = { ...engine.identity, pidNamespace: "4026532178" };
    record(inContainer, inContainer);
    await expect(recover(lock(engine.pid))).rejects.toThrow(refusal);
  });

  withNamespaces("by a real container with the same host name stays, for this machine and for another container", async () => {
    const living = await run(`exec ${container.join(" ")} sleep 300`); // so that the next namespace is another one
    const program = join(directory, "look.ts");
    writeFileSync(
      program,
      `import { identityOf } from "${project}/lib/process-identity";
      import { endInterrupted } from "${project}/tools/driver/interrupted";
      const [holder] = process.argv.slice(2);
      if (holder === undefined) console.log(JSON.stringify(identityOf(process.pid)));
      else endInterrupted(JSON.parse(holder), "dev", () => undefined).then(() => console.log("taken away"), (error: Error) => console.log(error.message));`,
    );
    const [unshare, ...options] = container;
    const look = (...holder: string[]) => execFileSync(unshare, [...options, tsx, program, ...holder], { encoding: "utf8" });
    const identity = JSON.parse(look()) as ProcessIdentity;
    expect(identity).toMatchObject({ bootId: living.identity.bootId });
    expect(identity.pidNamespace).not.toBe(living.identity.pidNamespace);
    record(identity, identity);
    const holder = lock(identity.pid);
    await expect(recover(holder)).rejects.toThrow(refusal);
    const next = await run(`exec ${container.join(" ")} sleep 300`); // takes the number of the one that has ended
    expect(look(JSON.stringify(holder))).toMatch(refusal);
    expect([living, next].map(lives)).toEqual([true, true]);
  });

  test("stays if it is older than the last boot, because nothing proves that this machine made it", async () => {
    const engine = await killed(await run("sleep 300"));
    const earlier = { ...engine.identity, bootId: randomUUID() };
    record(earlier, earlier);
    await expect(recover(lock(engine.pid))).rejects.toThrow(refusal);
  });

  test.each([
    ["before the Pulumi engine's start", -3600],
    ["after the driver's end", 3600],
  ])("stays if it was made %s, because then another Pulumi engine with the same process number made it", async (_, seconds) => {
    const engine = await killed(await run("sleep 300"));
    record(engine.identity, engine.identity);
    await expect(recover(lock(engine.pid, { at: Date.now() + seconds * 1000 }))).rejects.toThrow(refusal);
    await expect(recover({ user: "me", host: hostname(), pid: engine.pid })).rejects.toThrow(refusal);
  });

  test("stays if it belongs to another stack", async () => {
    const engine = await killed(await run("sleep 300"));
    record(engine.identity, engine.identity, { stack: "prod" });
    await expect(recover(lock(engine.pid))).rejects.toThrow(refusal);
  });

  test("is removed if its Pulumi engine and driver were killed; only processes that the Pulumi engine started are stopped", async () => {
    const token = randomUUID();
    const engine = await killed(await run("sleep 300"));
    record(engine.identity, engine.identity, { token });
    const plugin = await run("sleep 300", { [driverVariable]: token });
    const others = [await run("sleep 300", { [driverVariable]: randomUUID() }), await run("sleep 300")];
    await recover(lock(engine.pid));
    expect(lives(plugin)).toBe(false);
    expect(others.map(lives)).toEqual([true, true]);
  });

  test("is removed even if its process number belongs to another process now, which is not stopped", async () => {
    const other = await run("sleep 300");
    const engine = { ...other.identity, startTicks: String(Number(other.identity.startTicks) - 1) };
    record({ ...engine, pid: 4_000_000 }, engine);
    await recover(lock(other.pid));
    expect(said).toEqual([]);
    expect(lives(other)).toBe(true);
  });

  test("stays if its Pulumi engine runs under its driver", async () => {
    const driver = await run("sleep 300");
    const engine = await run("sleep 300");
    record(driver.identity, engine.identity);
    await expect(recover(lock(engine.pid))).rejects.toThrow(`an update of the stack dev is running (process ${engine.pid})`);
    expect([driver, engine].map(lives)).toEqual([true, true]);
  });

  test("is removed after its Pulumi engine is stopped, if the driver was killed", async () => {
    const driver = await killed(await run("sleep 300"));
    const done = join(directory, "done");
    const ready = join(directory, "ready");
    const engine = await run(`trap 'sleep 0.5; touch ${done}; exit' INT; touch ${ready}; while :; do sleep 0.1; done`);
    while (!existsSync(ready)) await sleep(20); // before, SIGINT would end the shell without the trap
    record(driver.identity, engine.identity);
    await recover(lock(engine.pid));
    expect(said).toEqual([expect.stringContaining("the update is being stopped")]);
    expect(existsSync(done)).toBe(true);
    expect(lives(engine)).toBe(false);
  });
});

describe("the record of a driver", () => {
  test("has the process numbers of the Pulumi engines, is kept while the driver runs, and is removed when the driver ends", () => {
    const directory = mkdtempSync(join(tmpdir(), "record-"));
    try {
      mkdirSync(join(directory, "bin"));
      writeFileSync(join(directory, "bin", "pulumi"), "#!/bin/sh\necho $$ $(sed 's/.*) //' /proc/$$/stat | cut -d ' ' -f 4,20)\n", {
        mode: 0o755,
      });
      const script = `
        import { execFileSync, spawnSync } from "node:child_process";
        import { readdirSync, readFileSync } from "node:fs";
        import { enginesOf, forgetDrivers, recordDriver } from "${project}/tools/driver/engine-record";
        import { pulumiCli } from "${project}/lib/pulumi/cli";
        const subject = { stack: "dev", workDir: "${directory}" };
        const environment = recordDriver(subject);
        const program = "${project}/tools/driver/session/bin/pulumi";
        const look = (text: string) => {
          const [pid, session, start] = text.trim().split(" ");
          const [{ engine }] = enginesOf("dev", Number(pid));
          return [engine.startTicks === start, pid === session];
        };
        void (async () => {
          const direct = execFileSync(program, ["version"], { encoding: "utf8", env: { ...process.env, ...environment } });
          const detached = await pulumiCli("dev", "${directory}", { program, environment })([]);
          const before = readdirSync("${directory}/state/okd-aws/drivers").length;
          const found = [look(direct), look(detached)];
          forgetDrivers(subject);
          console.log(JSON.stringify({ found, before, after: readdirSync("${directory}/state/okd-aws/drivers").length }));
        })();
      `;
      const text = execFileSync(tsx, ["--eval", script], {
        encoding: "utf8",
        env: { ...process.env, XDG_STATE_HOME: join(directory, "state"), PATH: `${join(directory, "bin")}:${process.env.PATH ?? ""}` },
      });
      expect(JSON.parse(text)).toEqual({
        found: [
          [true, true],
          [true, true],
        ],
        before: 1,
        after: 0,
      });
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
