import { withTimeLimit } from "../../lib/time-limit";
import { reasonOf } from "../../lib/reason";
import type { Finding, Layer } from "./finding";

/** Makes requests independently of each other: a request that fails or hangs does not affect the others. */
export class Attempts {
  /** One finding per request without an answer. */
  readonly unanswered: Finding[] = [];

  /**
   * Returns the answer; undefined if there was no answer in time. In that case `unanswered` has a finding with the reason.
   *
   * @param layer the layer that the answer is about.
   * @param what name of the requested objects: "the load balancers".
   * @param permission IAM action that the request needs.
   */
  async ask<T>(layer: Layer, what: string, permission: string, question: (signal: AbortSignal) => Promise<T>): Promise<T | undefined> {
    try {
      return await withTimeLimit(question);
    } catch (error) {
      this.unanswered.push({
        layer,
        problem: `${what} could not be read: ${reasonOf(error)}`,
        remedy: `check that these credentials allow ${permission} and that this machine can reach AWS, then run the diagnosis again`,
      });
      return undefined;
    }
  }
}
