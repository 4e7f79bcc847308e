/** The way to a tool that is installed on the system: a link to the first program that passes the check. */
import { mkdirSync, mkdtempSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { WayContext } from "../../../../../sandbox/toolchain/tool";
import { installedProgram } from "../../../../../sandbox/toolchain/ways/installed";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "installed-"));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

/** A program that prints a text. */
function program(directory: string, text: string): string {
  mkdirSync(join(root, directory), { recursive: true });
  writeFileSync(join(root, directory, "tool"), `#!/bin/sh\necho "${text}"\n`, { mode: 0o755 });
  return join(root, directory, "tool");
}

async function obtain(path: readonly string[], directories: readonly string[] = []): Promise<string> {
  const entry = join(root, "entry");
  mkdirSync(entry);
  const way = installedProgram({ directories, check: { arguments: ["--version"], answer: /^tool \d/m } });
  const environment = { PATH: [...path, process.env.PATH].join(":") };
  await way.obtain?.({ entry, environment, tool: { version: "1", file: "tool", ways: [] } } as unknown as WayContext);
  return readlinkSync(join(entry, "tool"));
}

test("a program that does not pass the check is skipped", async () => {
  program("one", "something else");
  const right = program("two", "tool 3");
  expect(await obtain([join(root, "one"), join(root, "two")])).toBe(right);
});

test("if no program on PATH passes the check, the highest version below a directory is used", async () => {
  program("versions/9/bin", "tool 9");
  const newest = program("versions/15/bin", "tool 15");
  expect(await obtain([], [`${root}/versions/*/bin`])).toBe(newest);
});

test("without a program that passes the check, the way fails, so that the next way is tried", async () => {
  program("one", "something else");
  await expect(obtain([join(root, "one")], [`${root}/nowhere/*/bin`])).rejects.toThrow("no installed tool passes the check");
});
