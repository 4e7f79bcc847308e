/**
 * Property values in the form of the Pulumi engine: JSON with a few marked forms. The protocol between the Pulumi engine
 * and its plugins defines the marks. `@pulumi/pulumi`'s `runtime/rpc` has the same constants; this file repeats the
 * constants, because an import of `runtime/rpc` loads the whole SDK.
 */

/** A value as the protocol transmits it, including marks. */
export type Value = null | boolean | number | string | readonly Value[] | { readonly [key: string]: Value };

/** The properties of a resource, or the arguments of a function. */
export type Properties = Readonly<Record<string, Value>>;

/** The key whose value says which marked form an object has. */
const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";
const ASSET_SIGNATURE = "c44067f5952c0a294b673a41bacd8c17";
const ARCHIVE_SIGNATURE = "0def7320c3a5731c473e5ecbe6d01bc7";

/** Replaces a value, of any type, that is not known before an update runs. */
export const UNKNOWN_VALUE = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const UNKNOWN_KINDS: ReadonlySet<Value> = new Set([
  UNKNOWN_VALUE,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7", // Marks an unknown boolean.
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421", // Marks an unknown number.
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2", // Marks an unknown array.
  "030794c1-ac77-496b-92df-f27374a8bd58", // Marks an unknown asset.
  "e48ece36-62e2-4504-bad9-02848725956a", // Marks an unknown archive.
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff", // Marks an unknown object.
]);

/** One property; undefined if it does not exist. */
export function property(properties: Properties, name: string): Value | undefined {
  return properties[name];
}

type Fields = Readonly<Record<string, Value>>;

/** Whether a value is an object, marked or not. */
export function isObject(value: Value | undefined): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a value is a list. */
export function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}

function isMarked(value: Value | undefined, mark: string): value is Fields {
  return isObject(value) && value[SIGNATURE_KEY] === mark;
}

/** Whether the value itself is wrapped as a secret. */
export function isSecret(value: Value | undefined): boolean {
  return isMarked(value, SECRET_SIGNATURE);
}

/** Whether the value itself, wrapped or not, is not known yet. */
export function isUnknown(value: Value | undefined): boolean {
  const bare = unwrapped(value);
  return bare !== undefined && UNKNOWN_KINDS.has(bare);
}

/** Whether the value is an asset. */
export function isAsset(value: Value | undefined): value is Fields {
  return isMarked(value, ASSET_SIGNATURE);
}

/** Whether the value is an archive. */
export function isArchive(value: Value | undefined): value is Fields {
  return isMarked(value, ARCHIVE_SIGNATURE);
}

/** Wraps a value as a secret, unless it is one already. */
export function secret(value: Value): Value {
  return isSecret(value) ? value : { [SIGNATURE_KEY]: SECRET_SIGNATURE, value };
}

/** An asset of a file, with the hash by which the Pulumi engine compares it. */
export function fileAsset(path: string, hash: string): Value {
  return { [SIGNATURE_KEY]: ASSET_SIGNATURE, path, hash };
}

/** An archive of named assets. */
export function assetArchive(assets: Properties, hash: string): Value {
  return { [SIGNATURE_KEY]: ARCHIVE_SIGNATURE, assets, hash };
}

/** The value without the outermost secret wrapper. */
export function unwrapped(value: Value | undefined): Value | undefined {
  return isMarked(value, SECRET_SIGNATURE) ? unwrapped(property(value, "value")) : value;
}

/** The value without any secret wrappers inside it: the form in which commands get it. */
export function revealed(value: Value): Value {
  const bare = unwrapped(value) ?? null;
  if (isList(bare)) return bare.map(revealed);
  if (isObject(bare)) return Object.fromEntries(Object.entries(bare).map(([key, item]) => [key, revealed(item)]));
  return bare;
}

/** Whether a value exists: in property maps, null means absent. */
export function isPresent(value: Value | undefined): value is Exclude<Value, null> {
  return value !== undefined && value !== null;
}

/**
 * Equality as the Pulumi engine defines it: assets and archives are equal if their hashes are equal, a secret equals only
 * a secret (a value that becomes secret has changed), and null members of an object are ignored. Source: pulumi/pulumi,
 * `sdk/go/common/resource/properties_diff.go`.
 */
export function isEqual(one: Value | undefined, other: Value | undefined): boolean {
  if (isList(one)) return isList(other) && one.length === other.length && one.every((item, index) => isEqual(item, other[index]));
  if (!isObject(one) || !isObject(other)) return (one ?? null) === (other ?? null);
  if ((isAsset(one) && isAsset(other)) || (isArchive(one) && isArchive(other))) {
    if (isPresent(one.hash) && isPresent(other.hash)) return one.hash === other.hash;
  }
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...keys].every((key) => isEqual(one[key], other[key]));
}
