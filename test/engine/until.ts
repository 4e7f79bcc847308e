import { setTimeout as sleep } from "node:timers/promises";

/**
 * Waits for a condition.
 *
 * @param pause seconds between two checks
 * @param limit seconds until the wait fails
 * @throws Error if the condition does not hold within the limit
 */
export async function until(what: string, condition: () => Promise<boolean>, pause = 2, limit = 60): Promise<void> {
  const deadline = Date.now() + limit * 1000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`not within ${limit} s: ${what}`);
    await sleep(pause * 1000);
  }
}
