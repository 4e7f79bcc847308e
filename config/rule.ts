import type { Finding } from "./finding";
import type { Settings } from "./schema";

/** What the rules between keys see: every key's value, defaults filled in, and the region, which is the AWS provider's own key. */
export interface Facts extends Settings {
  readonly region: string;
}

/** A rule between several keys. It runs only when each of the values that it reads is sound in itself. */
export interface Rule<Result = Finding> {
  readonly reads: readonly (keyof Facts)[];
  readonly check: (facts: Facts) => readonly Result[];
}

/** Declares a rule; `check` can read only the keys that it names. A rule that returns warnings instead of findings belongs into config/warnings.ts. */
export function rule<K extends keyof Facts, Result = Finding>(
  reads: readonly K[],
  check: (facts: Pick<Facts, K>) => readonly Result[],
): Rule<Result> {
  return { reads, check };
}
