import { type Clock, systemClock } from "./clock";
import { TolerantReader } from "./temporary-error";

/** The answer of one look: the result, the state so far, or an error that ends the wait. */
export type Look<Result> =
  | { readonly done: Result }
  /** `hopeless`: the state will not change, so the wait ends with `failure`. */
  | { readonly state: string; readonly hopeless?: boolean }
  | { readonly error: Error };

/** A wait for an object of the cluster. */
export interface WaitOptions<Result> {
  /** Name of the object that is read, for messages, such as "the backup daily". */
  readonly of: string;
  readonly minutes: number;
  /** Milliseconds between two looks. */
  readonly pauseMs: number;
  /** Reads once. After a temporary error the wait continues with the previous state (`TolerantReader`). */
  readonly look: () => Promise<Look<Result>>;
  /** The state before the first look succeeds; by default empty. */
  readonly unread?: string;
  readonly say: (text: string) => void;
  /** The line that is said when the state changes; by default the state. */
  readonly announce?: (state: string) => string;
  readonly clock?: Clock | undefined;
  /**
   * Returns the error that ends the wait after its time limit, or in a state that is hopeless.
   *
   * @param lastFailure a sentence that begins with a blank, if the last look failed; otherwise empty
   */
  readonly failure: (state: string, lastFailure: string) => Error | Promise<Error>;
}

/**
 * Waits for a state, and says each new state once.
 *
 * @throws Error that `failure` or the look returns, or with the reason if the object cannot be read
 */
export async function waitFor<Result>(options: WaitOptions<Result>): Promise<Result> {
  const { of, minutes, pauseMs, look, unread = "", say, announce = (state: string) => state, clock = systemClock, failure } = options;
  const reader = new TolerantReader({ of, say, now: clock.now });
  let last = "";
  for (const deadline = clock.now() + minutes * 60_000; ;) {
    const answer: Look<Result> = (await reader.read(look))?.answer ?? { state: last || unread };
    if ("done" in answer) return answer.done;
    if ("error" in answer) throw answer.error;
    const { state, hopeless = false } = answer;
    if (state !== last) say(announce(state));
    last = state;
    if (hopeless || clock.now() > deadline) throw await failure(state, reader.lastFailure);
    await clock.pause(pauseMs);
  }
}
