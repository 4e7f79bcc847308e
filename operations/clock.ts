import { setTimeout as sleep } from "node:timers/promises";

/** What a wait goes by: tests have one that doesn't take its time. */
export interface Clock {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly pause: (milliseconds: number) => Promise<void>;
}

export const systemClock: Clock = { now: Date.now, pause: (milliseconds) => sleep(milliseconds) };
