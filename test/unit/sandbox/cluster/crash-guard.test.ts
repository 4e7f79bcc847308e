/** The restarts of a program that ends. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CrashGuard } from "../../../../sandbox/cluster/crash-guard";

const directory = mkdtempSync(join(tmpdir(), "crash-guard-"));
const log = join(directory, "kwok.log");
writeFileSync(log, "first line\nsecond line\n\nflag provided but not defined: -x\n");

afterAll(() => {
  rmSync(directory, { recursive: true });
});

test("a program that ends right after its start is started three times again, and then the error quotes its log", () => {
  const guard = new CrashGuard();
  for (const second of [0, 1, 2]) guard.beforeStart("kwok", log, second * 1000);
  const start = (now: number) => () => {
    guard.beforeStart("kwok", log, now);
  };
  expect(start(3000)).toThrow(`kwok has ended 3 times right after its start, and is not started again. The end of ${log}:`);
  expect(start(3000)).toThrow("flag provided but not defined: -x");
  expect(start(3_600_000)).toThrow("is not started again");
});

test("a program that has run for a while is always started again", () => {
  const guard = new CrashGuard();
  const starts = Array.from({ length: 20 }, (_, index) => index * 60_000);
  for (const now of starts) guard.beforeStart("kwok", log, now);
  expect(() => {
    guard.beforeStart("etcd", log, 0);
  }).not.toThrow();
});
