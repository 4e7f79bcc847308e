import { z } from "zod";
import type { Flaw } from "./finding";

/** What is known about one configuration key; `Pulumi.yaml`, the reference table and the JSON schema are all made from it. */
export interface KeyDocumentation {
  readonly description: string;
  /** What is allowed, as a noun phrase; choices and numbers get it from their type. */
  readonly allowed?: string;
  readonly unit?: string;
  /** A value that works; for a list or a map as JSON. */
  readonly example: string;
  /** Where the rule comes from: AWS, OpenShift or this project. */
  readonly source: string;
  /** What stands for an empty value, where the default depends on other keys. */
  readonly whenEmpty?: string;
  readonly required?: boolean;
  readonly secret?: boolean;
  /** Whether the value is a URL that may hold a user and a password, which no error shows. */
  readonly credentials?: boolean;
}

/** Every key's documentation, found by its schema. */
export const documentation = z.registry<KeyDocumentation>();

/** Declares one key. */
export function key<S extends z.ZodType>(schema: S, about: KeyDocumentation): S {
  documentation.add(schema, about);
  return schema;
}

/** Characters of a text at most, where nothing else is said; this project's choice. Only a text that is not too long is looked at more closely. */
export const MOST_CHARACTERS = 1000;
/** Characters of certificates, keys and the like. */
export const MOST_PEM_CHARACTERS = 200_000;

/** What is wrong with a text that is too long. */
export function tooLong(value: string, most = MOST_CHARACTERS): Flaw | undefined {
  return value.length > most ? { wrong: `has ${value.length} characters, more than ${most}` } : undefined;
}

/**
 * A text; empty means not set, because the engine refuses a declared key that has neither a value nor a default.
 * `flaw` sees only texts that are set and not longer than `most`.
 */
export function text(flaw?: (value: string) => Flaw | undefined, byDefault = "", most = MOST_CHARACTERS) {
  return z
    .string()
    .check((context) => {
      const found = context.value === "" ? undefined : (tooLong(context.value, most) ?? flaw?.(context.value));
      if (found) report(context, found);
    })
    .default(byDefault);
}

interface ListLimits {
  /** Items. */
  readonly most: number;
  /** Whether an item may be there more than once. */
  readonly repeats?: boolean;
}

/** A list of texts, none of them empty; `flaw` sees one item. */
export function list(flaw: (item: string) => Flaw | undefined, { most, repeats = false }: ListLimits) {
  return z
    .array(z.string())
    .max(most)
    .check((context) => {
      const before = new Set<string>();
      for (const [index, item] of context.value.slice(0, most).entries()) {
        const twice = !repeats && before.has(item) ? { wrong: "is there twice" } : undefined;
        before.add(item);
        const found = item === "" ? { wrong: "is empty" } : (twice ?? tooLong(item) ?? flaw(item));
        if (found) report(context, { ...found, wrong: `item ${index + 1} (${JSON.stringify(shortened(item))}) ${found.wrong}` }, index);
      }
    })
    .default([]);
}

/** Characters of a name or an item that an error tells. */
const MOST_TOLD = 200;

function shortened(text: string): string {
  return text.length > MOST_TOLD ? `${text.slice(0, MOST_TOLD)}…` : text;
}

/** A whole number from `least` to `most`. */
export function integer(least: number, most: number, byDefault: number) {
  return z.int().min(least).max(most).default(byDefault);
}

/** Yes or no. */
export function flag(byDefault: boolean) {
  return z.boolean().default(byDefault);
}

/** One of a few words. */
export function choice<const W extends string>(words: readonly [W, ...W[]], byDefault: NoInfer<W>) {
  return z.enum(words).default(byDefault as never);
}

/** A map from text to text; `flaws` sees the whole map, where none of its entries is longer than `most`. */
export function map(flaws: (entries: Readonly<Record<string, string>>) => readonly Flaw[], most = MOST_CHARACTERS) {
  return z
    .record(z.string(), z.string())
    .check((context) => {
      const long = longEntries(context.value, most);
      for (const found of long.length > 0 ? long : flaws(context.value)) report(context, found);
    })
    .default({});
}

/** What is wrong with a map that has entries with too long a name or value. */
export function longEntries(entries: Readonly<Record<string, string>>, most = MOST_CHARACTERS): Flaw[] {
  return Object.entries(entries).flatMap(([name, value]) => {
    const entry = `entry ${JSON.stringify(shortened(name))}`;
    if (tooLong(name)) return [{ wrong: `${entry} has a name of ${name.length} characters, more than ${MOST_CHARACTERS}` }];
    const found = tooLong(value, most);
    return found ? [{ wrong: `${entry} ${found.wrong}` }] : [];
  });
}

/** What an issue of the schema carries along. */
export type Reported = { readonly flaw: Flaw; readonly index?: number | undefined };

export interface CheckContext<T> {
  readonly value: T;
  readonly issues: { push(issue: { code: "custom"; input: T; message: string; params: Record<string, unknown> }): unknown };
}

/** Reports what is wrong with a value, or with one item of it. */
export function report<T>(context: CheckContext<T>, flaw: Flaw, index?: number): void {
  context.issues.push({ code: "custom", input: context.value, message: flaw.wrong, params: { flaw, index } satisfies Reported });
}
