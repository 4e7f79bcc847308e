import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { writePrivately } from "./private-file";

/** Faults that pass: the same call succeeds when it is made again. */
export const transientKinds = ["throttling", "server-error", "reset", "lost-answer", "slow", "hang", "not-found"] as const;

/** Faults that last until they are lifted. */
export const permanentKinds = ["scp", "quota", "capacity", "expired"] as const;

export type FaultKind = (typeof transientKinds)[number] | (typeof permanentKinds)[number];

/** Whose call it is: Pulumi's AWS provider's, openshift-install's, that of this project's own programs, or another's. */
export type Client = "provider" | "installer" | "program" | "other";

/** One fault of the emulated AWS, as docs/sandbox.md describes it ("Injected AWS faults"). */
export interface Fault {
  readonly kind: FaultKind;
  /** `ec2:CreateVpc`; `*` stands for any text: `ec2:Describe*`, `*`. */
  readonly action: string;
  /** Whose calls meet it; everybody's but the sandbox's own, unless told. */
  readonly client?: Client;
  /** How many calls of each matching action meet it; one for a fault that passes and all for one that lasts, unless told. */
  readonly calls?: number | "always";
  /** For how long the connection is held; only of `slow` and `hang`, 5 unless told. */
  readonly seconds?: number;
}

/** The file in the emulated AWS's directory that declares them. Writing it makes the emulated AWS count from zero. */
const fileOf = (directory: string): string => join(directory, "faults");

/** `<kind>[=<seconds>] <service>:<action>[@<client>] [<calls>|always]` */
export function formatFault({ kind, action, client, calls, seconds }: Fault): string {
  const words = [seconds === undefined ? kind : `${kind}=${seconds}`, client === undefined ? action : `${action}@${client}`];
  return [...words, ...(calls === undefined ? [] : [String(calls)])].join(" ");
}

/**
 * Reads one fault.
 *
 * @throws Error with the line and what is allowed
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

/** Puts these faults in place of those that are declared; none lifts all. Every call from now on meets them. */
export function declareFaults(directory: string, faults: readonly Fault[]): void {
  if (faults.length === 0) rmSync(fileOf(directory), { force: true });
  else writePrivately(fileOf(directory), faults.map((fault) => `${formatFault(fault)}\n`).join(""));
}

/** The faults that are declared, in the file's order: the first one that fits a call is met. */
export function declaredFaults(directory: string): Fault[] {
  if (!existsSync(fileOf(directory))) return [];
  return readFileSync(fileOf(directory), "utf8").trimEnd().split("\n").map(parseFault);
}

/** The command that declares the same faults in the sandbox of `make sandbox`. */
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
  /** HTTP's; 0 when the connection ended without an answer. */
  readonly status: number;
  readonly client: Client | "sandbox";
  readonly resource?: string;
  readonly error?: string;
  /** The injected fault that the call met. */
  readonly fault?: FaultKind;
}

/** Reads the text of a record of calls. */
export function recordedCalls(text: string): RecordedCall[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as RecordedCall);
}
