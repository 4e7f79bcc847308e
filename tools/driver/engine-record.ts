import { randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { processState, identityOf, type ProcessIdentity } from "../../lib/process-identity";

/** Environment variable of every process that a driver starts. Its value is the driver's token, the name of its record. */
export const driverVariable = "OKD_AWS_DRIVER";

/** The stack that a driver works on. */
export interface DriverTarget {
  readonly stack: string;
  /** Where Pulumi.yaml is. */
  readonly workDir: string;
}

/** The record of a driver (a running `make up` or `make destroy`) on this machine. */
export interface DriverRecord extends DriverTarget {
  readonly driver: ProcessIdentity;
  /** Value of `driverVariable` in the environment of every process that it started. */
  readonly token: string;
  /** Last time at which the driver was running, in milliseconds since 1970. */
  readonly lastSeen: number;
}

/** A Pulumi engine that a driver started. */
export interface EngineRecord {
  readonly record: DriverRecord;
  readonly engine: ProcessIdentity;
  /** Start time in milliseconds since 1970. */
  readonly started: number;
}

/** Milliseconds between two updates of the record's modification time. The updates show that the driver is running. */
const RECORD_UPDATE_INTERVAL_MS = 1000;

/** Hours for which the record of a driver in another boot or PID namespace is kept. */
const KEPT_HOURS = 24;

/** Directory of the drivers' records (XDG Base Directory Specification, `XDG_STATE_HOME`): one subdirectory per driver, named after its token. */
function recordsDirectory(): string {
  const home = process.env.XDG_STATE_HOME ?? "";
  return join(home.startsWith("/") ? home : join(homedir(), ".local", "state"), "okd-aws", "drivers");
}

/** Environment variable with the directory in which a Pulumi engine records itself, for `session/bin/pulumi`. */
const recordVariable = "OKD_AWS_DRIVER_RECORD";

/**
 * Records this process as a driver. If the driver or a Pulumi engine is killed, the next driver uses this record to recognize the remaining
 * processes and the remaining lock. Each engine adds a file `engine-<pid>` with its start time to the record (`session/bin/pulumi`).
 *
 * @returns environment variables for the Pulumi engines; none on systems without `/proc`, where processes cannot be identified.
 */
export function recordDriver(target: DriverTarget): Readonly<Record<string, string>> {
  const driver = identityOf(process.pid);
  if (driver === undefined) return {};
  forgetOld();
  const token = randomUUID();
  const directory = join(recordsDirectory(), token);
  const file = join(directory, "driver.json");
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  writeFileSync(file, JSON.stringify({ ...target, driver }), { mode: 0o600 });
  const timer = setInterval(() => {
    try {
      const now = new Date();
      utimesSync(file, now, now);
    } catch {
      clearInterval(timer); // the record was removed: nothing is left to update
    }
  }, RECORD_UPDATE_INTERVAL_MS);
  timer.unref();
  return { [driverVariable]: token, [recordVariable]: directory };
}

/** Records of all drivers of this user, for all stacks. */
function records(): DriverRecord[] {
  let tokens: string[];
  try {
    tokens = readdirSync(recordsDirectory());
  } catch {
    return []; // no driver has written a record yet
  }
  return tokens.flatMap((token) => {
    const file = join(recordsDirectory(), token, "driver.json");
    try {
      const written = JSON.parse(readFileSync(file, "utf8")) as DriverTarget & { readonly driver: ProcessIdentity };
      return [{ ...written, token, lastSeen: statSync(file).mtimeMs }];
    } catch {
      return []; // removed or being written at this moment
    }
  });
}

/** Pulumi engines with this process ID that were started for a stack by drivers of this boot and PID namespace. */
export function enginesOf(stack: string, pid: number): EngineRecord[] {
  return records().flatMap((record) => {
    if (record.stack !== stack || processState(record.driver) === "elsewhere") return [];
    const file = join(recordsDirectory(), record.token, `engine-${pid}`);
    try {
      const startTicks = readFileSync(file, "utf8").trim();
      const { bootId, pidNamespace } = record.driver;
      return [{ record, engine: { bootId, pidNamespace, pid, startTicks }, started: statSync(file).mtimeMs }];
    } catch {
      return []; // not a Pulumi engine of this driver
    }
  });
}

/**
 * Removes the record of this driver, and the records of the stack's drivers that have ended. Called when no process and no lock of these
 * drivers is left.
 */
export function forgetDrivers({ stack, workDir }: DriverTarget): void {
  for (const { driver, token, ...other } of records()) {
    const ended = processState(driver) === "ended" || driver.pid === process.pid;
    if (other.stack === stack && other.workDir === workDir && ended) forget(token);
  }
}

/**
 * Removes records of another boot or PID namespace after a day. A record of another boot is useless: nothing proves that it is from an
 * earlier boot of this machine and not from another machine that shares the home directory.
 */
function forgetOld(): void {
  for (const { driver, token, lastSeen } of records())
    if (processState(driver) === "elsewhere" && Date.now() - lastSeen > KEPT_HOURS * 3_600_000) forget(token);
}

function forget(token: string): void {
  rmSync(join(recordsDirectory(), token), { recursive: true, force: true });
}
