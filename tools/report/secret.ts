import { recordValue } from "../../lib/pulumi/resource";

/** Key and value that mark a secret in a state (pulumi/pulumi, `sdk/go/common/resource/sig`). */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** Whether a property of a state is a secret or contains one. */
export function holdsSecret(value: unknown): boolean {
  return [...secretsIn(value)].length > 0;
}

/** The secrets in a property, each with its text if the export shows it (`--show-secrets`). */
export function* secretsIn(value: unknown): Generator<{ readonly text?: string }> {
  const properties = recordValue(value);
  if (properties?.[SIGNATURE] === SECRET) yield typeof properties.plaintext === "string" ? { text: properties.plaintext } : {};
  else for (const inner of Array.isArray(value) ? (value as unknown[]) : Object.values(properties ?? {})) yield* secretsIn(inner);
}
