/** The fields whose text is not empty. */
export function withoutEmpty<K extends string>(fields: Readonly<Record<K, string>>): { [P in K]?: string } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== "")) as { [P in K]?: string };
}
