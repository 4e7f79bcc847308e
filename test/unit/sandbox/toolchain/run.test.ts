import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MissingProgram, Unavailable } from "../../../../sandbox/toolchain/errors";
import { run } from "../../../../sandbox/toolchain/run";

/** Programs that the toolchain runs: their error messages and their time limit. */
test("a program's standard output is returned", async () => {
  expect(await run("sh", ["-c", "echo out; echo err >&2"])).toBe("out\n");
});

test("the error of a failed program has its exit code and last lines", async () => {
  const failure = run("sh", ["-c", "for i in $(seq 100); do echo line $i; done; echo 'the reason' >&2; exit 3"]);
  await expect(failure).rejects.toThrow(Unavailable);
  await expect(failure).rejects.toThrow(/failed \(3\)[^]*the reason/);
  await expect(failure).rejects.not.toThrow("line 50\n");
});

test("the error of a missing program says what to install", async () => {
  const failure = run("no-such-program", [], { install: "the package it is in" });
  await expect(failure).rejects.toThrow(MissingProgram);
  await expect(failure).rejects.toMatchObject({ message: "no-such-program is not installed", install: "the package it is in" });
});

test("a program that takes too long is killed with all its children", async () => {
  const directory = mkdtempSync(join(tmpdir(), "run-"));
  const proof = join(directory, "it-lives");
  const failure = run("sh", ["-c", `(sleep 0.8; echo > ${proof}) & wait`], { limitSeconds: 0.2 });
  await expect(failure).rejects.toThrow("it took more than 0.2 s");
  await new Promise((resolve) => setTimeout(resolve, 1200));
  expect(existsSync(proof)).toBe(false);
  rmSync(directory, { recursive: true });
});
