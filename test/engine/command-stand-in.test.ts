import { readFileSync } from "node:fs";
import { Project } from "./command-stand-in-project";
import { Sshd, WITHOUT_SSHD } from "./command-stand-in-sshd";

/**
 * The stand-in under the real engine and the vendor's SDK, `@pulumi/command` 1.2.1: what only both together decide. The single facts are in the
 * other files of this name.
 */
let project: Project;

function succeeds(...args: string[]): string {
  const { code, output } = project.pulumi(...args);
  expect({ code, output }).toEqual({ code: 0, output });
  return output;
}

const command = (inputs: string, name = "command"): string =>
  `exports.out = new local.Command(${JSON.stringify(name)}, ${inputs}).stdout;\n`;
const log = (step: string): string => `echo ${step} $PULUMI_COMMAND_STDOUT >> log; echo ${step}`;

if (WITHOUT_SSHD !== undefined) console.warn(`skipped: ${WITHOUT_SSHD}`);

describe("under the engine", () => {
  beforeAll(async () => {
    project = await Project.make();
  });

  afterAll(() => {
    project.remove();
  });

  test("the life cycle: create, nothing, update, replace by trigger, refresh, destroy", () => {
    const base = `create: "${log("create")}", update: "${log("update")}", delete: "${log("delete")}"`;
    project.declares(command(`{ ${base} }`));
    expect(succeeds("preview")).toContain("2 to create");
    expect(project.file("log")).toBeUndefined();

    succeeds("up", "-y", "--skip-preview");
    expect(project.file("log")).toBe("create\n");
    succeeds("preview", "--expect-no-changes");

    project.declares(command(`{ ${base}, environment: { A: "1" } }`));
    expect(succeeds("preview")).toContain("1 to update");
    succeeds("up", "-y", "--skip-preview");
    expect(project.file("log")).toBe("create\nupdate create\n");

    // The vendor's documentation says that a trigger updates where there is an update; the SDK's `replaceOnChanges` replaces all the same.
    project.declares(command(`{ ${base}, environment: { A: "1" }, triggers: [1] }`));
    succeeds("up", "-y", "--skip-preview");
    project.declares(command(`{ ${base}, environment: { A: "1" }, triggers: [2] }`));
    expect(succeeds("preview")).toContain("1 to replace");
    succeeds("up", "-y", "--skip-preview");
    expect(project.file("log")).toBe("create\nupdate create\ncreate\ndelete update\ncreate\ndelete create\n");

    succeeds("refresh", "-y", "--skip-preview", "--expect-no-changes");
    succeeds("preview", "--expect-no-changes");
    succeeds("destroy", "-y", "--skip-preview");
    expect(project.file("log")?.endsWith("create\ndelete create\n")).toBe(true);
  });

  test("secrets: inputs stay secret in the state; printed output is only where the program says so", () => {
    project.declares(`
      const inputs = { create: pulumi.secret("echo topsecret"), environment: { A: pulumi.secret("other") }, logging: "none" };
      new local.Command("plain", inputs);
      new local.Command("marked", inputs, { additionalSecretOutputs: ["stdout"] });
    `);
    const output = succeeds("up", "-y", "--diff");
    const [plain, marked] = [project.state("plain"), project.state("marked")];
    expect(JSON.stringify([plain?.inputs, marked])).not.toMatch(/topsecret|other/);
    expect(plain?.outputs?.stdout).toBe("topsecret");
    expect(output.replace(/plain[^]*?stdout.*\n/, "")).not.toContain("other");
    succeeds("preview", "--expect-no-changes");
    succeeds("destroy", "-y", "--skip-preview");
  });

  test("logging: output is shown while a command runs, and is not with none", () => {
    project.declares(
      `new local.Command("loud", { create: "echo l-o-u-d" }); new local.Command("quiet", { create: "echo q-u-i-e-t", logging: "none" });`,
    );
    const output = succeeds("up", "-y", "--skip-preview");
    expect(output).toMatch(/loud creating.* l-o-u-d/);
    expect(output).not.toMatch(/creat(ing|ed).* q-u-i-e-t/);
    succeeds("destroy", "-y", "--skip-preview");
  });

  test("a failing script fails the update with its status and output, and records nothing", () => {
    project.declares(command('{ create: "echo because >&2; exit 3" }'));
    const { code, output } = project.pulumi("up", "-y", "--skip-preview");
    expect(code).not.toBe(0);
    expect(output).toContain('exit status 3: running "echo because >&2; exit 3"');
    expect(output).toContain("because");
    expect(project.state("command")).toBeUndefined();
    succeeds("destroy", "-y", "--skip-preview");
  });

  test("values that are not known before the update, assets and run", () => {
    project.declares(`
      const one = new local.Command("one", { create: "echo file > made; echo 1", assetPaths: ["ma*"], archivePaths: ["ma*"] });
      const two = new local.Command("two", { create: "echo $A", environment: { A: one.stdout }, triggers: [one.archive, one.id] });
      exports.two = two.stdout;
      exports.run = local.runOutput({ command: "echo $A", environment: { A: two.stdout } }).stdout;
      exports.asset = one.assets.apply((assets) => Object.keys(assets ?? {}));
    `);
    expect(succeeds("preview")).toContain("3 to create");
    succeeds("up", "-y", "--skip-preview");
    expect(JSON.parse(succeeds("stack", "output", "--json"))).toEqual({ two: "1", run: "1", asset: ["made"] });
    succeeds("preview", "--expect-no-changes");
    succeeds("destroy", "-y", "--skip-preview");
  });

  const withSshd = WITHOUT_SSHD === undefined ? test : test.skip;

  withSshd("a remote command and a copy: the connection is secret in the state, a changed one updates", async () => {
    const sshd = await Sshd.start();
    try {
      const declare = (limit: number): void => {
        project.declares(`
          const connection = ${JSON.stringify({ ...sshd.connection(), hostKey: sshd.hostKey(), dialErrorLimit: limit })};
          const copy = new remote.CopyToRemote("copy", {
            connection, source: new pulumi.asset.FileAsset("Pulumi.yaml"), remotePath: __dirname + "/copied",
          });
          const cat = new remote.Command("cat", { connection, create: "cat", stdin: "in" }, { dependsOn: copy });
          exports.cat = cat.stdout;
        `);
      };
      declare(0);
      succeeds("up", "-y", "--skip-preview");
      expect(project.file("copied")).toBe(project.file("Pulumi.yaml"));
      expect(JSON.stringify([project.state("copy"), project.state("cat")])).not.toContain("PRIVATE KEY");
      expect(JSON.parse(succeeds("stack", "output", "--json"))).toEqual({ cat: "in" });
      succeeds("preview", "--expect-no-changes");
      declare(1);
      expect(succeeds("preview")).toContain("2 to update");
      succeeds("destroy", "-y", "--skip-preview");
    } finally {
      await sshd.stop();
    }
  });

  describe("an interrupted update leaves no process", () => {
    function alive(id: number): boolean {
      try {
        return !/^State:\s+Z/m.test(readFileSync(`/proc/${id}/status`, "utf8"));
      } catch {
        return false;
      }
    }

    async function until(what: () => boolean): Promise<void> {
      for (let tries = 0; tries < 400 && !what(); tries++) await new Promise((resolve) => setTimeout(resolve, 50));
      expect(what()).toBe(true);
    }

    test.each(["SIGINT", "SIGKILL"] as const)("by %s", async (signal) => {
      // $PPID is the plugin, $$ the interpreter, $! its child.
      project.declares(command(`{ create: "sleep 3600 & echo $PPID $$ $! > ids-${signal}; wait" }`));
      const engine = project.start("up", "-y", "--skip-preview");
      const ended = new Promise((resolve) => engine.once("exit", resolve));
      const ids = (): number[] => (project.file(`ids-${signal}`) ?? "").trim().split(" ").map(Number);
      await until(() => ids().length === 3);
      engine.kill(signal);
      await ended;
      await until(() => !ids().some(alive));
      project.pulumi("cancel", "-y");
    });
  });
});
