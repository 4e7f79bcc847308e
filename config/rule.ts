import type { KeyProblem } from "./problem";
import type { Settings } from "./schema";

/** The input of rules: the value of every key, with defaults filled in, and the region, which is a key of the AWS provider. */
export interface Facts extends Settings {
  readonly region: string;
}

/** A rule that involves several keys. It runs only if each of the values that it reads is valid by itself. */
export interface Rule<Result = KeyProblem> {
  readonly reads: readonly (keyof Facts)[];
  readonly check: (facts: Facts) => readonly Result[];
}

/**
 * Declares a rule; `check` can read only the keys in `reads`. A rule that returns warnings instead of problems must be listed in
 * config/warnings.ts.
 */
export function rule<K extends keyof Facts, Result = KeyProblem>(
  reads: readonly K[],
  check: (facts: Pick<Facts, K>) => readonly Result[],
): Rule<Result> {
  return { reads, check };
}
