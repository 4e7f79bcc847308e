import { setTimeout as sleep } from "node:timers/promises";

/** Seconds between two checks. */
const PAUSE = 2;

/**
 * Waits for a condition.
 *
 * @throws Error if the condition does not hold within a minute
 */
export async function until(what: string, condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`not within a minute: ${what}`);
    await sleep(PAUSE * 1000);
  }
}
