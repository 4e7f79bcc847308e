/** Marks a secret in a message between the SDK and the Pulumi engine (pulumi/pulumi, `sdk/nodejs/runtime/rpc.ts`). */
const signature = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** Returns the value with each wrapped secret replaced by the result of `secret`. */
export function unwrap(value: Json, secret: (value: Json) => Json): Json {
  if (Array.isArray(value)) return value.map((item) => unwrap(item, secret));
  if (typeof value !== "object" || value === null) return value;
  if (value[signature] === secretSignature) return secret(unwrap(value.value, secret));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, unwrap(item, secret)]));
}

/** A protobuf map: for each property, the URNs of the resources from which its value comes. */
export interface PropertyDependencies {
  forEach(each: (urns: { getUrnsList(): string[] }, property: string) => void): void;
}

export function propertyDependencies(map: PropertyDependencies, urnOf: (urn: string) => string): Record<string, string[]> {
  const dependencies: Record<string, string[]> = {};
  map.forEach((urns, property) => (dependencies[property] = urns.getUrnsList().map(urnOf)));
  return dependencies;
}
