import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { writePrivately } from "./private-file";

/** Transient faults: the same call succeeds when it is repeated. */
const transientKinds = ["throttling", "server-error", "reset", "lost-answer", "slow", "hang", "not-found"] as const;

/** Faults that last until they are removed. */
const permanentKinds = ["scp", "quota", "capacity", "expired"] as const;

export type FaultKind = (typeof transientKinds)[number] | (typeof permanentKinds)[number];

/** The calling program: Pulumi's AWS provider, openshift-install, this project's own programs, or any other. */
export type Client = "provider" | "installer" | "program" | "other";

/** One fault of the emulated AWS, as docs/sandbox.md describes it ("Injected AWS faults"). */
export interface Fault {
  readonly kind: FaultKind;
  /** `ec2:CreateVpc`; `*` stands for any text: `ec2:Describe*`, `*`. */
  readonly action: string;
  /** Only calls of this client get the fault. @default all clients except the sandbox's own */
  readonly client?: Client;
  /** How many calls of each matching action get the fault. @default 1 for a transient fault, otherwise "always" */
  readonly calls?: number | "always";
  /** Seconds for which the connection is held; only for `slow` and `hang`. @default 5 */
  readonly seconds?: number;
}

/** The file that declares the faults, in the emulated AWS's directory. Writing it resets the emulated AWS's counters. */
const fileOf = (directory: string): string => join(directory, "faults");

/** `<kind>[=<seconds>] <service>:<action>[@<client>] [<calls>|always]` */
export function formatFault({ kind, action, client, calls, seconds }: Fault): string {
  const words = [seconds === undefined ? kind : `${kind}=${seconds}`, client === undefined ? action : `${action}@${client}`];
  return [...words, ...(calls === undefined ? [] : [String(calls)])].join(" ");
}

/**
 * Parses one fault.
 *
 * @throws Error with the line and the allowed syntax
 */
export function parseFault(line: string): Fault {
  const kinds: readonly string[] = [...transientKinds, ...permanentKinds];
  const form = /^\s*([a-z-]+)(?:=([\d.]+))?\s+([\w*-]+(?::[\w*]+)?)(?:@(provider|installer|program|other))?(?:\s+(\d+|always))?\s*$/;
  const [, kind = "", seconds, action = "", client, calls] = (form.exec(line) ?? []) as (string | undefined)[];
  if (!kinds.includes(kind)) {
    const grammar = "<kind>[=<seconds>] <service>:<action>[@<client>] [<calls>|always]";
    throw new Error(`"${line}" is not a fault: write ${grammar}; kinds: ${kinds.join(", ")}; clients: provider, installer, program, other`);
  }
  return {
    kind: kind as FaultKind,
    action,
    ...(client !== undefined && { client: client as Client }),
    ...(seconds !== undefined && { seconds: Number(seconds) }),
    ...(calls !== undefined && { calls: calls === "always" ? calls : Number(calls) }),
  };
}

/** Replaces the declared faults; an empty list removes all faults. The change takes effect with the next AWS call. */
export function declareFaults(directory: string, faults: readonly Fault[]): void {
  if (faults.length === 0) rmSync(fileOf(directory), { force: true });
  else writePrivately(fileOf(directory), faults.map((fault) => `${formatFault(fault)}\n`).join(""));
}

/** The declared faults, in the file's order. A call gets the first one that matches. */
export function declaredFaults(directory: string): Fault[] {
  if (!existsSync(fileOf(directory))) return [];
  return readFileSync(fileOf(directory), "utf8").trimEnd().split("\n").map(parseFault);
}

/** The command that declares the same faults in the sandbox that `make sandbox` started. */
export function reproduction(faults: readonly Fault[]): string {
  return `make sandbox-faults FAULTS='${faults.map(formatFault).join("; ")}'`;
}

/** A line of the record of calls (`calls.jsonl`). */
export interface RecordedCall {
  readonly time: string;
  readonly service: string;
  /** As IAM names it: `ec2:CreateVpc`. */
  readonly action: string;
  readonly region: string;
  /** HTTP status; 0 if the connection ended without an answer. */
  readonly status: number;
  readonly client: Client | "sandbox";
  /** The role of the instance whose credentials signed the call; undefined for all other callers. */
  readonly role?: string;
  readonly resource?: string;
  readonly error?: string;
  /** The injected fault that the call got. */
  readonly fault?: FaultKind;
}

/** Parses the text of a record of calls. */
export function recordedCalls(text: string): RecordedCall[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as RecordedCall);
}
