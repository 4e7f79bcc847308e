import { z } from "zod";
import type { ValueProblem } from "./problem";

/** Documentation of a configuration key, from which `Pulumi.yaml`, docs/configuration.md and the JSON schema are generated. */
export interface KeyDocumentation {
  readonly description: string;
  /** Allowed values, as a noun phrase; for choices and numbers they follow from the type. */
  readonly allowed?: string;
  readonly unit?: string;
  /** A valid value; JSON for a list or a map. */
  readonly example: string;
  /** Source of the rule: AWS, OpenShift or this project. */
  readonly source: string;
  /** The effective default of an empty value, if it depends on other keys. */
  readonly whenEmpty?: string;
  readonly required?: boolean;
  readonly secret?: boolean;
  /** Whether the value is a URL that may contain a user and a password, which messages must not show. */
  readonly credentials?: boolean;
}

/** Documentation of every key, by the key's schema. */
export const documentation = z.registry<KeyDocumentation>();

/** Declares one key. */
export function key<S extends z.ZodType>(schema: S, about: KeyDocumentation): S {
  documentation.add(schema, about);
  return schema;
}

/** Default maximum length of a text in characters; this project's choice. A longer text is not checked any further. */
export const MAX_TEXT_CHARACTERS = 1000;
/** Maximum length of certificates, keys and other PEM texts in characters. */
export const MAX_PEM_CHARACTERS = 200_000;

/** Problem of a text with more than `max` characters. */
export function tooLong(value: string, max = MAX_TEXT_CHARACTERS): ValueProblem | undefined {
  return value.length > max ? { wrong: `has ${value.length} characters, more than ${max}` } : undefined;
}

/**
 * A text. Empty means not set, because the Pulumi engine refuses a declared key without a value or a default. `problem` checks only texts
 * that are set and have at most `max` characters.
 */
export function text(problem?: (value: string) => ValueProblem | undefined, byDefault = "", max = MAX_TEXT_CHARACTERS) {
  return z
    .string()
    .check((context) => {
      const found = context.value === "" ? undefined : (tooLong(context.value, max) ?? problem?.(context.value));
      if (found) reportProblem(context, found);
    })
    .default(byDefault);
}

interface ListLimits {
  /** Maximum number of items. */
  readonly max: number;
  /** Whether items may be equal. */
  readonly repeats?: boolean;
}

/** A list of texts that are not empty; `problem` checks each item. */
export function list(problem: (item: string) => ValueProblem | undefined, { max, repeats = false }: ListLimits) {
  return z
    .array(z.string())
    .max(max)
    .check((context) => {
      const before = new Set<string>();
      for (const [index, item] of context.value.slice(0, max).entries()) {
        const twice = !repeats && before.has(item) ? { wrong: "occurs twice" } : undefined;
        before.add(item);
        const found = item === "" ? { wrong: "is empty" } : (twice ?? tooLong(item) ?? problem(item));
        if (found)
          reportProblem(context, { ...found, wrong: `item ${index + 1} (${JSON.stringify(shorten(item))}) ${found.wrong}` }, index);
      }
    })
    .default([]);
}

/** Maximum characters of a name or an item in a message. */
const MAX_SHOWN = 200;

function shorten(text: string): string {
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}

/** A whole number from `min` to `max`. */
export function integer(min: number, max: number, byDefault: number) {
  return z.int().min(min).max(max).default(byDefault);
}

/** A boolean. */
export function flag(byDefault: boolean) {
  return z.boolean().default(byDefault);
}

/** One of the given words. */
export function choice<const W extends string>(words: readonly [W, ...W[]], byDefault: NoInfer<W>) {
  return z.enum(words).default(byDefault as never);
}

/** A map from text to text; `problems` checks the whole map, unless an entry has more than `max` characters. */
export function map(problems: (entries: Readonly<Record<string, string>>) => readonly ValueProblem[], max = MAX_TEXT_CHARACTERS) {
  return z
    .record(z.string(), z.string())
    .check((context) => {
      const long = longEntries(context.value, max);
      for (const found of long.length > 0 ? long : problems(context.value)) reportProblem(context, found);
    })
    .default({});
}

/** Problems of map entries whose name or value is too long. */
export function longEntries(entries: Readonly<Record<string, string>>, max = MAX_TEXT_CHARACTERS): ValueProblem[] {
  return Object.entries(entries).flatMap(([name, value]) => {
    const entry = `entry ${JSON.stringify(shorten(name))}`;
    if (tooLong(name)) return [{ wrong: `${entry} has a name of ${name.length} characters, more than ${MAX_TEXT_CHARACTERS}` }];
    const found = tooLong(value, max);
    return found ? [{ wrong: `${entry} ${found.wrong}` }] : [];
  });
}

/** The parameters of a custom issue in the zod schema. */
export type Reported = { readonly problem: ValueProblem; readonly index?: number | undefined };

export interface CheckContext<T> {
  readonly value: T;
  readonly issues: { push(issue: { code: "custom"; input: T; message: string; params: Record<string, unknown> }): unknown };
}

/** Reports a problem of a value, or of one of its items. */
export function reportProblem<T>(context: CheckContext<T>, problem: ValueProblem, index?: number): void {
  context.issues.push({ code: "custom", input: context.value, message: problem.wrong, params: { problem, index } satisfies Reported });
}
