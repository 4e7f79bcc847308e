import type { Client, Fault, FaultKind, RecordedCall } from "@okd-aws/sandbox/aws";

/** The commands of a cluster's life, in order. */
export const phases = ["up", "update", "destroy"] as const;
export type Phase = (typeof phases)[number];

/** Seconds for which a connection is held until the client gives up: longer than this project's own clients wait (`lib/aws/client.ts`). */
const BEYOND_THE_LIMIT = 65;
/** Seconds for which the connections of other clients are held: neither the provider nor openshift-install limits the time of a call. */
const WITHOUT_A_LIMIT = 5;

/** Each temporary fault, declared for the first call of every action. */
export const transientFaults: Readonly<Record<string, readonly Fault[]>> = {
  throttling: [{ kind: "throttling", action: "*" }],
  "server error": [{ kind: "server-error", action: "*" }],
  reset: [{ kind: "reset", action: "*" }],
  "lost answer": [{ kind: "lost-answer", action: "*" }],
  "held connection, below the limit": [{ kind: "slow", action: "*", seconds: 3 }],
  "held connection, above the limit": [
    { kind: "hang", action: "*", client: "program", seconds: BEYOND_THE_LIMIT },
    ...(["provider", "installer", "other"] as const).map((client): Fault => ({
      kind: "hang",
      action: "*",
      client,
      seconds: WITHOUT_A_LIMIT,
    })),
  ],
  "eventual consistency": [{ kind: "not-found", action: "*" }],
};

/** The actions that the programs under test called, each once, in the order of their first call. */
export function actionsOf(calls: readonly RecordedCall[]): string[] {
  return [...new Set(calls.filter(({ client }) => client !== "sandbox").map(({ action }) => action))];
}

/** The client that called each action first. */
export function firstClients(calls: readonly RecordedCall[]): ReadonlyMap<string, Client> {
  const clients = new Map<string, Client>();
  for (const { action, client } of calls) if (client !== "sandbox" && !clients.has(action)) clients.set(action, client);
  return clients;
}

/**
 * The permanent faults of some actions. Each action gets three faults: a missing capacity, an exceeded quota, and in turn either a denial by a
 * service control policy or expired credentials. A call meets the first fault that fits it. When the caller has removed this fault, the next call
 * meets the next fault.
 *
 * Credentials expire only for the client that calls the action first. They expire for only one action of `openshift-install`, because it repeats a
 * call with expired credentials until its step ends after 15 minutes. Other clients fail within a minute.
 *
 * @param units the first and the last action that get faults, counted from 1
 */
export function permanentFaults(
  actions: readonly string[],
  clients: ReadonlyMap<string, Client>,
  units: readonly [number, number] = [1, Infinity],
): Fault[] {
  let expired = false;
  const faults = actions.map((action, index): Fault[] => {
    const client = clients.get(action);
    const expires = index % 2 === 1 && !(client === "installer" && expired);
    if (expires && client === "installer") expired = true;
    const last: Fault = expires ? { kind: "expired", action, ...(client !== undefined && { client }) } : { kind: "scp", action };
    return [{ kind: "capacity", action }, { kind: "quota", action }, last];
  });
  return faults.slice(units[0] - 1, units[1]).flat();
}

/**
 * The declared faults that a command met. Once a client's credentials have expired, all its further calls are refused too, and the answers may be
 * recorded in another order. So for each client, only the fault of the first call that was refused because of expired credentials is returned.
 */
export function metFaults(armed: readonly Fault[], met: readonly RecordedCall[]): Fault[] {
  const matches = ({ kind, action, client }: Fault, call: RecordedCall): boolean =>
    call.fault === kind && call.action === action && (client ?? call.client) === call.client;
  const expired = new Map<Client | undefined, Fault>();
  for (const call of met) {
    const fault = armed.find((each) => each.kind === "expired" && matches(each, call));
    if (fault !== undefined && !expired.has(fault.client)) expired.set(fault.client, fault);
  }
  return armed.filter((fault) =>
    fault.kind === "expired" ? expired.get(fault.client) === fault : met.some((call) => matches(fault, call)),
  );
}

/** The text that a message about a permanent fault must contain: the beginning of the fix. */
export const explanations: Readonly<Partial<Record<FaultKind, RegExp>>> = {
  scp: /service control policy \(SCP\) of your AWS organization denies|may not do/,
  quota: /is used up\./,
  capacity: /AWS has no (?:capacity for|.* left)/,
  expired: /the AWS credentials have expired/,
};

/** Returns a function that returns the next pseudorandom number from 0 to 1 of the seed (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Eleven faults for a phase, chosen by a seed: ten temporary faults for one or two calls each, and one permanent fault. The actions are sorted
 * first, because their order differs from run to run, but a seed must always give the same faults.
 */
export function randomFaults(seed: number, actions: readonly string[]): Fault[] {
  const next = randomNumbers(seed);
  const sorted = [...actions].sort();
  const one = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)];
  const passing = (["throttling", "server-error", "reset", "slow", "not-found"] as const).flatMap((kind) => [kind, kind]);
  const faults = passing.map((kind): Fault => ({ kind, action: one(sorted), calls: 1 + Math.floor(next() * 2) }));
  return [...faults, { kind: one(["scp", "expired", "quota"] as const), action: one(sorted) }];
}
