import { readFileSync } from "node:fs";
import { Project } from "./command-stand-in-project";
import { Sshd, WITHOUT_SSHD } from "./command-stand-in-sshd";

/**
 * Tests the stand-in with the real Pulumi engine and the vendor's SDK, `@pulumi/command` 1.2.1: behaviour that depends on both. The other
 * `command-stand-in` tests check the single facts.
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

describe("the stand-in under the real Pulumi engine", () => {
  beforeAll(async () => {
    project = await Project.make();
  });

  afterAll(() => {
    project.remove();
  });

  test("creates, does nothing, updates, replaces for a trigger, refreshes and destroys", () => {
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

    // The vendor's documentation says that a changed trigger updates if there is an update command. The SDK's `replaceOnChanges` replaces
    // nevertheless.
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

  test("keeps secret inputs secret in the state, and printed output only if the program asks for it", () => {
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

  test("shows output while a command runs, but not with logging none", () => {
    project.declares(
      `new local.Command("loud", { create: "echo l-o-u-d" }); new local.Command("quiet", { create: "echo q-u-i-e-t", logging: "none" });`,
    );
    const output = succeeds("up", "-y", "--skip-preview");
    expect(output).toMatch(/loud creating.* l-o-u-d/);
    expect(output).not.toMatch(/creat(ing|ed).* q-u-i-e-t/);
    succeeds("destroy", "-y", "--skip-preview");
  });

  test("fails the update when a script fails, with the script's status and output, and records nothing", () => {
    project.declares(command('{ create: "echo because >&2; exit 3" }'));
    const { code, output } = project.pulumi("up", "-y", "--skip-preview");
    expect(code).not.toBe(0);
    expect(output).toContain('exit status 3: running "echo because >&2; exit 3"');
    expect(output).toContain("because");
    expect(project.state("command")).toBeUndefined();
    succeeds("destroy", "-y", "--skip-preview");
  });

  test("accepts values that are unknown before the update, returns assets, and supports run", () => {
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

  withSshd("keeps the connection of a remote command and a copy secret in the state, and updates for a changed connection", async () => {
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

  describe("the stand-in in an interrupted update", () => {
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

    test.each(["SIGINT", "SIGKILL"] as const)("leaves no process after %s", async (signal) => {
      // $PPID is the plugin, $$ the interpreter, $! the interpreter's child.
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
