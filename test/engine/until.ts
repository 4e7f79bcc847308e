import { setTimeout as sleep } from "node:timers/promises";

/**
 * Waits for a condition.
 *
 * @param pause seconds between two checks
 * @throws Error if the condition does not hold within a minute
 */
export async function until(what: string, condition: () => Promise<boolean>, pause = 2): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`not within a minute: ${what}`);
    await sleep(pause * 1000);
  }
}
