import type { ChildProcess } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DriverProject } from "./driver-project";
import { describeWithTools } from "./requirements";

/**
 * `first` writes a marker file; `retiring` is declared only without the marker. `slow` takes time while the file `hold` exists. `broken`
 * fails while the file `fail` exists.
 */
const program = `
const file = (name) => __dirname + "/" + name;
const run = (name, create, opts) => new command.local.Command(name, { create }, opts);
const first = run("first", "touch " + file("marker"), { protect: true });
if (!fs.existsSync(file("marker"))) run("retiring", "true");
const slow = run("slow", "touch " + file("slow-began") + "; if [ -e " + file("hold") + " ]; then sleep 20; fi", { dependsOn: first });
run("broken", "if [ -e " + file("fail") + " ]; then echo the disk is full >&2; exit 3; fi", { dependsOn: slow });
pulumi.log.warn("the disk is small");
first.id.apply(() => pulumi.log.info("first is there"));
exports.answer = pulumi.output("42");
exports.password = pulumi.secret("hidden");
`;
const everything = ["broken", "first", "slow"];

describeWithTools("the driver", () => {
  let project: DriverProject;
  const file = (name: string): string => join(project.directory, name);
  const up = (...args: string[]) => project.driver(["up", "--yes", ...args]);

  /** Runs an `up` until the resource `slow` is being created, then calls `act`. */
  const upAndThen = (act: (child: ChildProcess) => void) => {
    writeFileSync(file("hold"), "");
    let timer: NodeJS.Timeout | undefined;
    return project
      .driver(["up", "--yes"], (child) => {
        timer = setInterval(() => {
          if (!existsSync(file("slow-began"))) return;
          clearInterval(timer);
          act(child);
        }, 50);
      })
      .finally(() => {
        clearInterval(timer);
        rmSync(file("hold"));
      });
  };
  const ended = async (): Promise<string[]> => {
    for (let tries = 0; tries < 50 && (await project.processes()).length > 0; tries++) await new Promise((later) => setTimeout(later, 200));
    return project.processes();
  };
  /** ID of the Pulumi engine process that holds the stack's lock. */
  const engine = (): number => {
    const locks = join(project.directory, "state", ".pulumi", "locks");
    const lock = readdirSync(locks, { recursive: true, encoding: "utf8" }).find((name) => name.endsWith(".json")) ?? "";
    return (JSON.parse(readFileSync(join(locks, lock), "utf8")) as { pid: number }).pid;
  };

  beforeEach(async () => {
    project = await DriverProject.make(program);
  });

  afterEach(() => {
    project.remove();
  });

  test("runs until nothing is left to do, and shows outputs without secrets", async () => {
    const { code, stdout, stderr } = await up();
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/4 to create[^]*other: 4 changes in[^]*delete retiring[^]*other: 1 change in[^]*nothing more to do after/);
    expect(stdout).toContain("answer: 42");
    for (const note of ["warning: the disk is small", "first is there"]) expect(stdout.split(note)).toHaveLength(2);
    expect(stdout).toContain("password: [secret]");
    expect(stdout).not.toContain("hidden");
    expect(await project.state()).toEqual({ names: everything, open: 0 });
    expect((await up()).stdout).toMatch(/nothing to do after/);
    expect(await project.processes()).toEqual([]);
    rmSync(file("Pulumi.dev.yaml"));
    expect((await up()).stderr).toContain("Problem: the file Pulumi.dev.yaml of the stack dev is missing.");
  });

  test("prints a resource's error once and fails; the next run continues", async () => {
    writeFileSync(file("fail"), "");
    const { code, stderr } = await up();
    expect(code).toBe(1);
    expect(stderr).toMatch(/^\nbroken: [^]*the disk is full/);
    expect(stderr.match(/the disk is full/g)?.length).toBeLessThanOrEqual(2); // at most two: the command output and the last line of the error
    rmSync(file("fail"));
    expect(await up()).toMatchObject({ code: 0 });
    expect(await project.state()).toEqual({ names: everything, open: 0 });
  });

  test("is cancelled by one Ctrl-C: the Pulumi engine ends, its state is complete, and the same command continues", async () => {
    const { code, stderr } = await upAndThen((child) => child.kill("SIGINT"));
    expect(stderr).toMatch(/Cancelling[^]*continues from here/);
    expect(code).toBe(130);
    expect(await ended()).toEqual([]);
    expect(await project.state()).toMatchObject({ open: 0 });
    expect(await up()).toMatchObject({ code: 0 });
    expect(await project.state()).toEqual({ names: everything, open: 0 });
  });

  test("stops the processes that a killed driver left running, and finishes the update", async () => {
    await upAndThen((child) => child.kill("SIGKILL"));
    const { code, stdout, stderr } = await up();
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/killed/);
    expect(await project.state()).toEqual({ names: everything, open: 0 });
    expect(await ended()).toEqual([]);
  });

  test("recovers when the Pulumi engine was killed", async () => {
    const killed = await upAndThen(() => process.kill(engine(), "SIGKILL"));
    expect(killed.code).toBe(1);
    const { code, stdout, stderr } = await up();
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/its lock was removed[^]*1 creations were open/);
    expect(await project.state()).toEqual({ names: everything, open: 0 });
    expect(await ended()).toEqual([]);
  });

  test("refuses to destroy a stack that was not named, and lists protected resources; with the name it destroys these, too", async () => {
    expect(await up()).toMatchObject({ code: 0 });
    project.configure({ clusterName: "demo", baseDomain: "example.com" });
    const refused = await project.driver(["destroy", "--confirm", "prod"]);
    expect(refused).toMatchObject({ code: 2 });
    expect(refused.stderr).toMatch(/needs CONFIRM=demo\.example\.com, not prod[^]*first \(command:local:Command\)/);
    expect((await project.state()).names).toEqual(everything);
    const { code, stdout, stderr } = await project.driver(["destroy", "--confirm", "demo.example.com"]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/protection is removed from first[^]*the stack was destroyed/);
    expect((await project.state()).names).toEqual([]);
  });

  test("prints JSON, one object per line", async () => {
    const { stdout } = await up("--json");
    const lines = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as { event: string; phase?: string });
    expect(new Set(lines.map(({ event }) => event))).toEqual(new Set(["message", "phase-started", "resource", "phase-ended", "outputs"]));
    expect(stdout).not.toContain("hidden");
  });
});
