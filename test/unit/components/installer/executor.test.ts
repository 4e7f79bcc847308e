/** The shell code that an executor adds to a step's script. The tests run it with bash. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { type InstallerStep, supervisedInput } from "../../../../components/installer/executor";

// On a busy machine a shell may take seconds to start.
jest.setTimeout(60_000);

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "supervised-"));
  mkdirSync(join(root, "tmp"));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

type Script = Pick<InstallerStep, "script" | "timeoutSeconds">;
const env = () => ({ PATH: "/usr/bin:/bin", TMPDIR: join(root, "tmp"), ROOT: root });
const run = (step: Script, input = "", variables: Readonly<Record<string, string>> = {}) =>
  spawnSync("bash", ["-s", "--", "name"], { input: supervisedInput(step, input, variables), encoding: "utf8", env: env() });
const left = () => readdirSync(join(root, "tmp"));
const ids = () => readFileSync(join(root, "ids"), "utf8").trim().split(/\s+/).map(Number);

function alive(): number[] {
  return ids().filter((id) => {
    try {
      return !/^State:\s+Z/m.test(readFileSync(`/proc/${id}/status`, "utf8"));
    } catch {
      return false; // The process has ended.
    }
  });
}

async function until(what: () => boolean, seconds = 20): Promise<void> {
  for (let tries = 0; tries < seconds * 20 && !what(); tries++) await new Promise((resolve) => setTimeout(resolve, 50));
  expect(what()).toBe(true);
}

describe("an installer step that succeeds", () => {
  test("has its standard output as answer, and drops its standard error", () => {
    const { status, stdout, stderr } = run({ script: 'echo "$1: $(cat)"; echo progress >&2' }, "input\nof two lines");
    expect([status, stdout, stderr, left()]).toEqual([0, "name: input\nof two lines\n", "", []]);
  });

  test("keeps each line feed at the end of its answer", () => {
    const { stdout } = run({ script: "printf 'a\\n\\nb\\n\\n\\n'" });
    expect(stdout).toBe("a\n\nb\n\n\n");
  });

  test("can read an input of one megabyte", () => {
    const input = "0123456789abcdef".repeat(65_536);
    expect(run({ script: "cat" }, input).stdout).toBe(input);
  });
});

describe("an environment variable of a step", () => {
  test("reaches the script unchanged, whatever characters it has", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme" }).filter((text) => !text.includes("\0")),
        (value) => {
          expect(run({ script: 'printf %s "$VALUE"' }, "", { VALUE: value }).stdout).toBe(value);
        },
      ),
      { numRuns: 30, examples: [["'"], ["'\\''"], ["$(id) `id` $HOME \\"], ["\n\r\t"], [""], ["}\nexit 7\n"]] },
    );
  });

  test.each(["", "1A", "A B", "A=B", "A;id", "ä", "A\nB"])("is refused with the invalid name %j", (name) => {
    expect(() => supervisedInput({ script: "" }, "", { [name]: "x" })).toThrow("is not a valid name of an environment variable");
  });
});

test.each([0, -1, 1.5, NaN, Infinity])("a time limit of %p is refused", (timeoutSeconds) => {
  expect(() => supervisedInput({ script: "", timeoutSeconds }, "")).toThrow("must be a whole number of seconds");
});

describe("an installer step that fails", () => {
  test("reports its name, status and last lines, but not its answer", () => {
    const { status, stdout, stderr } = run({ script: "seq 100 >&2; echo answer; exit 9" }, "hunter2");
    const lines = Array.from({ length: 20 }, (_, index) => `${index + 81}\n`).join("");
    expect([status, stdout, stderr, left()]).toEqual([9, "", `Step name failed with exit status 9. Its last lines:\n${lines}`, []]);
  });

  test("shows only the first 1,000 characters of a long line", () => {
    const { stderr } = run({ script: "head -c 100000 /dev/zero | tr '\\0' x >&2; exit 1" });
    expect(stderr.split("\n")[1]).toBe("x".repeat(1000));
  });

  test("reports that it printed nothing", () => {
    expect(run({ script: "exit 1" }).stderr).toBe("Step name failed with exit status 1. Its last lines:\n(it printed none)\n");
  });

  test.each([124, 137])("with exit status %i, which the command timeout also uses, is not reported as a time-out", (code) => {
    expect(run({ script: `exit ${code}` }).stderr).toContain(`failed with exit status ${code}.`);
  });

  test("because of a signal reports the signal's exit status", () => {
    expect(run({ script: "kill -SEGV $$" }).stderr).toContain("Step name failed with exit status 139.");
  });
});

describe("an installer step that hangs", () => {
  const hang = 'sleep 3600 & echo $$ $! >"$ROOT/ids"; echo begun >&2; sleep 3600';

  test("is ended together with all processes that it started, and may clean up before that", async () => {
    const { status, stderr } = run({ script: `trap 'sleep 1; echo cleaned >&2' EXIT; ${hang}`, timeoutSeconds: 1 });
    expect([status, stderr]).toEqual([
      124,
      // The shell that runs the script may print "Terminated" for the command that it was waiting for.
      expect.stringMatching(/^Step name was ended after 1 seconds, which is its time limit\. Its last lines:\nbegun\n(.*\n)?cleaned\n$/),
    ]);
    await until(() => alive().length === 0);
    expect(left()).toEqual([]);
  });

  test("and ignores SIGTERM is ended, too", async () => {
    const { stderr } = run({ script: `trap '' TERM; ${hang}`, timeoutSeconds: 1 });
    expect(stderr).toContain("was ended after 1 seconds");
    await until(() => alive().length === 0);
  });

  test("only in a background process: the process is killed as soon as the step's script ends", async () => {
    expect(run({ script: '(trap "" TERM HUP; sleep 3600 & echo $BASHPID $! >"$ROOT/ids"; wait) & sleep 0.5' }).status).toBe(0);
    await until(() => alive().length === 0);
  });
});

describe("when the shell of an installer step gets", () => {
  function start(script: string): ChildProcess {
    const child = spawn("bash", ["-s", "--", "name"], { stdio: ["pipe", "ignore", "ignore"], env: env() });
    child.stdin.end(supervisedInput({ script }, "hunter2"));
    return child;
  }

  // A lost ssh connection sends SIGHUP. The Pulumi plugin for commands sends SIGKILL.
  test.each(["SIGTERM", "SIGHUP", "SIGKILL"] as const)(
    "%s, the step kills all its child processes and deletes its temporary files",
    async (signal) => {
      const child = start('trap \'rm "$ROOT/secret"\' EXIT; cat >"$ROOT/secret"; sleep 3600 & echo $$ $! >"$ROOT/ids"; wait');
      await until(() => existsSync(join(root, "ids")) && ids().length === 2);
      const ended = once(child, "exit");
      child.kill(signal);
      await ended;
      await until(() => alive().length === 0);
      await until(() => !existsSync(join(root, "secret")));
      expect(left()).toEqual([]);
    },
  );
});
