import type { Clock } from "../../../lib/clock";

/** A clock that a pause moves on at once. */
export function stoppedClock(start = Date.parse("2026-01-01T00:00:00Z")): Clock {
  let time = start;
  return {
    now: () => time,
    pause: (milliseconds) => {
      time += milliseconds;
      return Promise.resolve();
    },
  };
}
