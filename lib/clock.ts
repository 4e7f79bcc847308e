import { setTimeout as sleep } from "node:timers/promises";

/** The clock of a wait; tests use a clock that does not wait. */
export interface Clock {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly pause: (milliseconds: number) => Promise<void>;
}

export const systemClock: Clock = { now: Date.now, pause: (milliseconds) => sleep(milliseconds) };
