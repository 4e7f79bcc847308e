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

/**
 * A text; empty means not set, because the engine refuses a declared key that has neither a value nor a default.
 * `flaw` sees only texts that are set.
 */
export function text(flaw?: (value: string) => Flaw | undefined, byDefault = "") {
  return z
    .string()
    .check((context) => {
      const found = context.value === "" ? undefined : flaw?.(context.value);
      if (found) report(context, found);
    })
    .default(byDefault);
}

/** A list of texts, none of them empty or twice; `flaw` sees one item. */
export function list(flaw: (item: string) => Flaw | undefined, limits: { readonly most: number }) {
  return z
    .array(z.string())
    .max(limits.most)
    .check((context) => {
      context.value.forEach((item, index, all) => {
        const found = item === "" ? { wrong: "is empty" } : all.indexOf(item) < index ? { wrong: "is there twice" } : flaw(item);
        if (found) report(context, { ...found, wrong: `item ${index + 1} (${JSON.stringify(item)}) ${found.wrong}` }, index);
      });
    })
    .default([]);
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

/** A map from text to text; `flaws` sees the whole map. */
export function map(flaws: (entries: Readonly<Record<string, string>>) => readonly Flaw[]) {
  return z
    .record(z.string(), z.string())
    .check((context) => {
      for (const found of flaws(context.value)) report(context, found);
    })
    .default({});
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
