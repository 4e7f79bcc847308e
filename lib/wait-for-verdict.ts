import { setTimeout as sleep } from "node:timers/promises";

/** The result of one check of a wait. */
export interface WaitVerdict {
  /** `ready` ends the wait, `stuck` is a problem that fails the wait if it lasts. All other states are progress. */
  readonly state: string;
  /** The state in words, for messages. */
  readonly text: string;
  /** Seconds for which a problem may last. @default 0 */
  readonly patience?: number;
}

/** Time limits in seconds. */
export interface VerdictTimeouts {
  /** Time limit of the whole wait. */
  readonly total: number;
  /** Factor for the time that each problem may last (`WaitVerdict.patience`). */
  readonly patience: number;
  /** Pause between two checks. */
  readonly pause: number;
  /** Time for which the verdict must be `ready`. If it is more than 0, at least two checks must say so. @default 0 */
  readonly settle?: number;
}

/** A wait for a verdict. */
export interface VerdictWait<Verdict extends WaitVerdict> {
  /** Name of the subject, with which the errors begin, such as "logging". */
  readonly subject: string;
  readonly look: () => Promise<Verdict>;
  /** Reacts to each verdict that does not end the wait. */
  readonly act: (verdict: Verdict) => Promise<void>;
  readonly timeouts: VerdictTimeouts;
  /** Shows each new state to the user. */
  readonly say: (text: string) => void;
  /** The problem when the time is over, such as "did not run"; and a sentence with the command that shows more. */
  readonly overdue: { readonly problem: string; readonly more: string };
}

/**
 * Checks until the verdict is `ready`.
 *
 * @throws Error with the verdict's text if the same problem lasts for its patience, or with the last state if the time is over
 */
export async function waitForVerdict<Verdict extends WaitVerdict>(wait: VerdictWait<Verdict>): Promise<void> {
  const { subject, timeouts, overdue } = wait;
  const started = Date.now();
  let said = "";
  let readySince: number | undefined;
  let problem: { readonly text: string; readonly since: number } | undefined;
  for (;;) {
    const verdict = await wait.look();
    const { state, text, patience = 0 } = verdict;
    const now = Date.now();
    if (text !== said) wait.say(text);
    said = text;
    readySince = state === "ready" ? (readySince ?? now) : undefined;
    if (readySince !== undefined && now - readySince >= (timeouts.settle ?? 0) * 1000) return;
    await wait.act(verdict);
    if (state !== "stuck") problem = undefined;
    else if (problem?.text !== text) problem = { text, since: now };
    if (problem !== undefined && now - problem.since >= patience * timeouts.patience * 1000) throw new Error(`${subject}: ${text}`);
    if (now - started >= timeouts.total * 1000)
      throw new Error(
        `${subject} ${overdue.problem} within ${timeouts.total / 60} minutes. Its last state: ${text}\n` +
          `${overdue.more} Run the command again to go on waiting.`,
      );
    await sleep(timeouts.pause * 1000);
  }
}
