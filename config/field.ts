import { z } from "zod";
import { type ValueProblem } from "./problem";
import { list, longEntries, MAX_TEXT_CHARACTERS, MAX_PEM_CHARACTERS, reportProblem, tooLong } from "./key";

/**
 * A field of the records in some keys, such as identityProviders and routerShards. Its description is shown in docs/configuration.md and
 * the JSON schema. A problem is reported with the field's position: "item 2 (github): clientID is missing".
 */
export function field<S extends z.ZodType>(schema: S, description: string): S {
  return schema.describe(description);
}

/** A text that is not empty and has at most `max` characters; `problem` checks it further. */
export function textField(problem?: (value: string) => ValueProblem | undefined, max = MAX_TEXT_CHARACTERS) {
  return z.string().check((context) => {
    const found = context.value === "" ? { wrong: "is empty" } : (tooLong(context.value, max) ?? problem?.(context.value));
    if (found) reportProblem(context, found);
  });
}

/** A list of texts that are not empty and, unless `repeats`, differ. */
export function listField(problem: (item: string) => ValueProblem | undefined = () => undefined, max = 100, repeats = false) {
  return list(problem, { max, repeats });
}

/** A whole number. */
export function integerField(min: number, max: number) {
  return z.int().min(min).max(max);
}

/** A map from text to text. */
export function mapField(problems: (entries: Readonly<Record<string, string>>) => readonly ValueProblem[] = () => []) {
  return z.record(z.string(), z.string()).check((context) => {
    const long = longEntries(context.value);
    for (const found of long.length > 0 ? long : problems(context.value)) reportProblem(context, found);
  });
}

/** Schema of an item in a list of records: one shape, or several distinguished by one field. */
export type RecordSchema = z.ZodObject | z.ZodDiscriminatedUnion<readonly z.ZodObject[]>;

/** A list of records. The field `unique`, if given, must differ between all records. */
export function records<S extends RecordSchema>(item: S, { max, unique }: { readonly max: number; readonly unique?: string }) {
  return z
    .array(item)
    .max(max)
    .check((context) => {
      if (unique === undefined) return;
      const names = context.value.slice(0, max).map((each) => (each as Record<string, unknown>)[unique]);
      const places = new Map<unknown, number>();
      for (const [index, name] of names.entries()) {
        const first = places.get(name);
        if (first === undefined) places.set(name, index);
        else reportProblem(context, { wrong: `items ${first + 1} and ${index + 1} have the same ${unique}, ${JSON.stringify(name)}` });
      }
    })
    .default([]);
}

/** A map from name to record; `problem` checks each name. */
export function recordMap<S extends z.ZodObject>(item: S, problem: (name: string) => ValueProblem | undefined = () => undefined) {
  return z
    .record(z.string(), item)
    .check((context) => {
      for (const name of Object.keys(context.value)) {
        const found = tooLong(name) ?? problem(name);
        if (found) reportProblem(context, { ...found, wrong: `entry ${JSON.stringify(name)} ${found.wrong}` });
      }
    })
    .default({});
}

/** Secrets by name; `problem` checks each entry. A key of this type needs `secret: true` in its documentation. */
export function secretMap(problem: (value: string, name: string) => ValueProblem | undefined = () => undefined) {
  return z
    .record(z.string(), z.string())
    .check((context) => {
      const long = longEntries(context.value, MAX_PEM_CHARACTERS);
      for (const found of long) reportProblem(context, found);
      for (const [name, value] of long.length > 0 ? [] : Object.entries(context.value)) {
        const found = value === "" ? { wrong: "is empty" } : problem(value, name);
        if (found) reportProblem(context, { ...found, wrong: `entry ${JSON.stringify(name)} ${found.wrong}` });
      }
    })
    .default({});
}

/** The shapes of a key's records, each with its distinguishing field ("type: github"); none for a key without records. */
export function recordShapes(inner: z.ZodType): readonly { readonly when?: string; readonly shape: Readonly<Record<string, z.ZodType>> }[] {
  const item: unknown = inner instanceof z.ZodArray ? inner.element : inner instanceof z.ZodRecord ? inner.valueType : inner;
  if (item instanceof z.ZodObject) return [{ shape: item.shape }];
  if (!(item instanceof z.ZodDiscriminatedUnion)) return [];
  const { discriminator } = item.def;
  return (item.options as readonly z.ZodObject[]).map((option) => {
    const shape = option.shape as Record<string, z.ZodType>;
    return { when: `${discriminator}: ${String((shape[discriminator] as z.ZodLiteral).value)}`, shape };
  });
}
