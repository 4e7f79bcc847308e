/** The approver's status file, and its heartbeat in the cluster. */
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ConnectionState } from "../../../../steps/certificate-approver/approver";
import { Status } from "../../../../steps/certificate-approver/status";

let directory: string;
let file: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "approver-status-"));
  file = join(directory, "status");
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

const working: ConnectionState = { state: "working", reason: "" };

/** Waits until the status file is replaced. `last` is the inode number of the old file; returns the inode number of the new file. */
async function written(last: number): Promise<number> {
  for (;;) {
    await sleep(5);
    const { ino } = statSync(file, { throwIfNoEntry: false }) ?? { ino: last };
    if (ino !== last) return ino;
  }
}

/**
 * Runs the status through these connections. EC2 is checked once for each. Returns the content of the status file after each, with the number of
 * heartbeats until then.
 */
async function shown(connections: readonly ConnectionState[], inventory: () => Promise<unknown>, beat = () => Promise.resolve()) {
  const stop = new AbortController();
  const said: [state: string, reason: string, beats: number][] = [];
  const log: Readonly<Record<string, unknown>>[] = [];
  let beats = 0;
  const left = [...connections];
  const status: Status = new Status({
    file,
    inventory: { read: inventory },
    beat: () => {
      beats += 1;
      return beat();
    },
    log: (line) => log.push(line),
  });
  const running = status.run(stop.signal);
  for (let last = 0; ;) {
    last = await written(last);
    const [head, reason] = readFileSync(file, "utf8").split("\n");
    const [time, state] = head.split(" ");
    expect(Math.abs(Date.now() / 1000 - Number(time))).toBeLessThan(60);
    said.push([state, reason, beats]);
    const next = left.shift();
    if (next === undefined) break;
    status.report(next);
  }
  stop.abort();
  await running;
  return { said, log };
}

test("the approver writes its status as soon as its connection changes, and sends a heartbeat while all works", async () => {
  const failing: ConnectionState = { state: "failing", reason: "connect\nECONNREFUSED" };
  const { said, log } = await shown([working, failing, working], () => Promise.resolve([]));
  expect(said).toEqual([
    ["waiting", "it has just been started", 0],
    ["working", "", 1],
    ["failing", "the cluster's API gives no answer: connect ECONNREFUSED", 1],
    ["working", "", 2],
  ]);
  expect(log).toEqual([]);
});

test("the approver's status is failing while EC2 gives no answer, and the reason is logged once", async () => {
  const refused = () => Promise.reject(new Error("not authorized. Encoded authorization failure message: abc\ndef"));
  const { said, log } = await shown([working, { state: "failing", reason: "x" }], refused);
  expect(said).toEqual(Array(3).fill(["failing", "EC2 gives no answer: not authorized.", 0]));
  expect(log).toEqual([{ event: "no-inventory", message: "not authorized." }]);
});

test("the approver continues if its status file cannot be written", async () => {
  const log: Readonly<Record<string, unknown>>[] = [];
  const stop = new AbortController();
  const beat = () => {
    stop.abort();
    return Promise.resolve();
  };
  const inventory = { read: () => Promise.resolve([]) };
  const status = new Status({ file: join(directory, "missing", "status"), inventory, beat, log: (line) => log.push(line) });
  status.report(working);
  await status.run(stop.signal);
  expect(log).toEqual([{ event: "no-status", message: expect.stringContaining("ENOENT") as string }]);
});

test("the approver continues if the cluster accepts no heartbeat", async () => {
  const { said, log } = await shown(
    [working],
    () => Promise.resolve([]),
    () => Promise.reject(new Error("conflict")),
  );
  expect(said.at(-1)).toEqual(["working", "", 1]);
  expect(log).toEqual([{ event: "no-heartbeat", message: "conflict" }]);
});
