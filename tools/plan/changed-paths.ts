import { ownValue } from "../../lib/own-value";
import { type ResourceProperties } from "../../lib/pulumi/change";

/** Placeholders in a preview for an unknown value (pulumi/pulumi, `sdk/go/common/resource/plugin/rpc.go`, UnknownStringValue) and for a secret. */
const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const secretValue = "[secret]";

/** Paths at which two objects differ. Nested objects, and lists of equal length, are compared in depth. The Pulumi engine's keys, which begin with two underscores, are ignored. */
export function changedPaths(before: ResourceProperties, after: ResourceProperties): string[] {
  return pathsOfDifferences(before, after, "");
}

function pathsOfDifferences(before: unknown, after: unknown, path: string): string[] {
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length)
    return before.flatMap((each: unknown, index) => pathsOfDifferences(each, after[index], `${path}[${index}]`));
  if (isObject(before) && isObject(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((name) => !name.startsWith("__"));
    return names
      .sort()
      .flatMap((name) => pathsOfDifferences(ownValue(before, name), ownValue(after, name), path === "" ? name : `${path}.${name}`));
  }
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [path];
}

/** Whether a value contains an unknown value or a secret, for which the preview has only a placeholder. */
export function holdsUnknown(value: unknown): boolean {
  const text = JSON.stringify(value ?? null);
  return text.includes(unknownValue) || text.includes(JSON.stringify(secretValue));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
