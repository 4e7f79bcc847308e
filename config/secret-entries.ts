import { ownValue } from "../lib/own-value";
import { type KeyProblem, removeEntryCommand, setSecretEntryCommand } from "./problem";

/** A secret map whose entries belong to the records of another key. */
export interface SecretEntries {
  /** The secret map. */
  readonly key: string;
  readonly secrets: Readonly<Record<string, string>>;
  /** The key of the records. */
  readonly owners: string;
  /** The word for a record in messages: "identity provider". */
  readonly owner: string;
  /** The needed secrets as nouns for messages, by the record's name: "its client secret". */
  readonly wanted: ReadonlyMap<string, string>;
}

/** Problems of a secret map: entries that records need and that are missing, and entries that no record needs. */
export function secretEntryProblems({ key, secrets, owners, owner, wanted }: SecretEntries): KeyProblem[] {
  const missing = [...wanted].filter(([name]) => ownValue(secrets, name) === undefined);
  const unused = Object.keys(secrets).filter((name) => !wanted.has(name));
  return [
    ...missing.map(([name, secret]) => ({
      key,
      wrong: `has no entry ${JSON.stringify(name)}, but the ${owner} of that name needs ${secret}`,
      fix: setSecretEntryCommand(key, name),
    })),
    ...unused.map((name) => ({
      key,
      wrong: `has an entry ${JSON.stringify(name)}, but there is no ${owner} of that name that needs a secret`,
      allowed: wanted.size === 0 ? `no entry, with these ${owners}` : [...wanted.keys()].join(", "),
      fix: removeEntryCommand(key, name),
    })),
  ];
}

/** The secrets that records need, by name; records that need none are left out. */
export function wantedSecrets<T extends { readonly name: string }>(
  records: readonly T[],
  secretOf: (record: T) => string | undefined,
): ReadonlyMap<string, string> {
  return new Map(
    records.flatMap((record) => {
      const secret = secretOf(record);
      return secret === undefined ? [] : [[record.name, secret] as const];
    }),
  );
}
