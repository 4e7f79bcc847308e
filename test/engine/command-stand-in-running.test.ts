import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Plugin } from "./command-stand-in-plugin";

/** Tests the log messages of a running command, and how the stand-in stops a command. Sources as in `command-stand-in-local.test.ts`. */
const COMMAND = "command:local:Command";

let plugin: Plugin;
let directory: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "command-stand-in-"));
  plugin = await Plugin.start(directory);
});

afterAll(async () => {
  await plugin.stop();
  rmSync(directory, { recursive: true });
});

describe("the log of a command", () => {
  const create = "echo one; echo two >&2";
  test.each<{ logging: string | undefined; lines: readonly string[] }>([
    { logging: undefined, lines: ["info status: one", "info status: two"] },
    { logging: "stdoutAndStderr", lines: ["info status: one", "info status: two"] },
    { logging: "stdout", lines: ["info status: one"] },
    { logging: "stderr", lines: ["info status: two"] },
    { logging: "none", lines: [] },
  ])(
    "with logging $logging: shows only the selected streams as status lines; stdout and stderr of the resource are complete (local/logging.go)",
    async ({ logging, lines }) => {
      plugin.lines.length = 0;
      const { stdout, stderr } = await plugin.create(COMMAND, { create, ...(logging !== undefined && { logging }) });
      expect([stdout, stderr]).toEqual(["one", "two"]);
      expect([...plugin.lines].sort()).toEqual(lines);
    },
  );

  test("has a warning in place of a line that the vendor's plugin could not log", async () => {
    plugin.lines.length = 0;
    const { stdout } = await plugin.create(COMMAND, { create: "head -c 70000 /dev/zero | tr '\\0' x; echo; echo end" });
    expect((stdout as string).length).toBe(70_004);
    expect(plugin.lines.filter((line) => line.startsWith("warning: the command printed a line of 70000 characters"))).toHaveLength(1);
    expect(plugin.lines).toContain("info status: end");
  });

  test("keeps the order of a thousand lines", async () => {
    plugin.lines.length = 0;
    await plugin.create(COMMAND, { create: "seq 1000" });
    expect(plugin.lines).toEqual(Array.from({ length: 1000 }, (_, index) => `info status: ${index + 1}`));
  });
});

describe("a running command", () => {
  /** A command with a child process that would run for an hour, and the IDs of both processes. */
  function endless(): { create: string; ids: () => readonly number[] } {
    const file = join(mkdtempSync(join(directory, "endless-")), "ids");
    return {
      create: `sleep 3600 & echo $$ $! > ${file}; wait`,
      ids: () => readFileSync(file, "utf8").trim().split(" ").map(Number),
    };
  }

  function lives(id: number): boolean {
    try {
      process.kill(id, 0);
      // A dead process that its parent has not waited for still has its ID.
      return !/^State:\s+Z/m.test(readFileSync(`/proc/${id}/status`, "utf8"));
    } catch {
      return false;
    }
  }

  async function until(what: () => boolean): Promise<void> {
    for (let tries = 0; tries < 100 && !what(); tries++) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(what()).toBe(true);
  }

  function started(ids: () => readonly number[]): boolean {
    try {
      return ids().length === 2;
    } catch {
      return false;
    }
  }

  test("is killed with all its child processes by its own time limit (middleware/cancel)", async () => {
    const { create, ids } = endless();
    await expect(plugin.create(COMMAND, { create }, { timeout: 1 })).rejects.toThrow("signal: killed: running");
    await until(() => !ids().some(lives));
  });

  test("is killed with all its child processes when the plugin is cancelled, and the plugin runs no further command (middleware/cancel)", async () => {
    const other = await Plugin.start(directory);
    const { create, ids } = endless();
    const failed = expect(other.create(COMMAND, { create })).rejects.toThrow("signal: killed: running");
    await until(() => started(ids));
    await other.cancel();
    await failed;
    await until(() => !ids().some(lives));
    await expect(other.create(COMMAND, { create: "true" })).rejects.toThrow("context canceled");
    await other.stop();
  });

  test("ends when the plugin is told to end", async () => {
    const other = await Plugin.start(directory);
    const { create, ids } = endless();
    const failed = expect(other.create(COMMAND, { create })).rejects.toThrow();
    await until(() => started(ids));
    await other.stop();
    await failed;
    await until(() => !ids().some(lives));
  });
});
