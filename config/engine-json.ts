/** Go's encoding/json writes the characters <, > and & in texts in this form (json.HTMLEscape). */
const ESCAPES = ["\\u003c", "\\u003e", "\\u0026"];

/** A value for messages. The Pulumi engine passes lists and maps as JSON in which <, > and & are escaped; any other text stays as it is. */
export function withoutEscapes(text: string): string {
  if (!ESCAPES.some((escape) => text.includes(escape))) return text;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" ? JSON.stringify(value) : text;
  } catch {
    return text; // not JSON: as the user wrote it
  }
}
