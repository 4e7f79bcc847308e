import { randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fateOf, identityOf, type ProcessIdentity } from "../process-identity";

/** Set for every process that a driver starts, to the driver's token: the name of its record. */
export const driverVariable = "OKD_AWS_DRIVER";

/** The stack that a driver works on. */
export interface Subject {
  readonly stack: string;
  /** Where Pulumi.yaml is. */
  readonly workDir: string;
}

/** A driver of this machine. */
export interface DriverRecord extends Subject {
  readonly driver: ProcessIdentity;
  /** Value of `driverVariable` in the environment of every process that it started. */
  readonly token: string;
  /** Milliseconds since 1970 at which the driver was still running. */
  readonly lastSeen: number;
}

/** An engine that a driver started. */
export interface EngineRecord {
  readonly record: DriverRecord;
  readonly engine: ProcessIdentity;
  /** Milliseconds since 1970. */
  readonly started: number;
}

/** Milliseconds between two signs of life of a driver. */
const SIGN_OF_LIFE = 1000;

/** Hours for which the record of a driver that cannot be seen from here is kept. */
const KEPT_HOURS = 24;

/** Where drivers leave their records (XDG Base Directory Specification, `XDG_STATE_HOME`): a directory each, named after its token. */
function place(): string {
  const home = process.env.XDG_STATE_HOME ?? "";
  return join(home.startsWith("/") ? home : join(homedir(), ".local", "state"), "okd-aws", "drivers");
}

/** Names the directory in which an engine records itself, for `session/bin/pulumi`. */
export const recordVariable = "OKD_AWS_DRIVER_RECORD";

/**
 * Records this process as a driver, so that the next one recognizes what a killed driver or engine leaves behind. The engines add themselves
 * (`session/bin/pulumi`), as files `engine-<pid>` with their start time.
 *
 * @returns variables for the engines; none on systems without `/proc`, where nothing can be recognized.
 */
export function recordDriver(subject: Subject): Readonly<Record<string, string>> {
  const driver = identityOf(process.pid);
  if (driver === undefined) return {};
  forgetOld();
  const token = randomUUID();
  const directory = join(place(), token);
  const file = join(directory, "driver.json");
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  writeFileSync(file, JSON.stringify({ ...subject, driver }), { mode: 0o600 });
  const timer = setInterval(() => {
    try {
      const now = new Date();
      utimesSync(file, now, now);
    } catch {
      clearInterval(timer); // forgotten: this driver has nothing to be recognized by any more
    }
  }, SIGN_OF_LIFE);
  timer.unref();
  return { [driverVariable]: token, [recordVariable]: directory };
}

/** Records of drivers of this user, of all stacks. */
function records(): DriverRecord[] {
  let tokens: string[];
  try {
    tokens = readdirSync(place());
  } catch {
    return []; // nobody has recorded anything
  }
  return tokens.flatMap((token) => {
    const file = join(place(), token, "driver.json");
    try {
      const written = JSON.parse(readFileSync(file, "utf8")) as Subject & { readonly driver: ProcessIdentity };
      return [{ ...written, token, lastSeen: statSync(file).mtimeMs }];
    } catch {
      return []; // removed or being written at this moment
    }
  });
}

/** Engines with a process number that drivers of this boot and this PID namespace started for a stack. */
export function enginesOf(stack: string, pid: number): EngineRecord[] {
  return records().flatMap((record) => {
    if (record.stack !== stack || fateOf(record.driver) === "elsewhere") return [];
    const file = join(place(), record.token, `engine-${pid}`);
    try {
      const startTicks = readFileSync(file, "utf8").trim();
      const { bootId, pidNamespace } = record.driver;
      return [{ record, engine: { bootId, pidNamespace, pid, startTicks }, started: statSync(file).mtimeMs }];
    } catch {
      return []; // not an engine of this driver
    }
  });
}

/** Forgets the drivers of a stack that have ended, and this one: nothing of theirs is left that would have to be recognized. */
export function forgetDrivers({ stack, workDir }: Subject): void {
  for (const { driver, token, ...other } of records()) {
    const ended = fateOf(driver) === "ended" || driver.pid === process.pid;
    if (other.stack === stack && other.workDir === workDir && ended) forget(token);
  }
}

/** Records of an earlier boot are of no use: nothing proves that it was a boot of this machine. Those of other machines, in a shared home, are left alone for a day. */
function forgetOld(): void {
  for (const { driver, token, lastSeen } of records())
    if (fateOf(driver) === "elsewhere" && Date.now() - lastSeen > KEPT_HOURS * 3_600_000) forget(token);
}

function forget(token: string): void {
  rmSync(join(place(), token), { recursive: true, force: true });
}
