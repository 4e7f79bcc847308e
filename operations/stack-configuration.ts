/** Values by key, secrets among them, of what `pulumi config --json --show-secrets` printed: as the program gets them from the engine. */
export function configurationValues(printed: string): Readonly<Record<string, string | undefined>> {
  const entries = Object.entries(JSON.parse(printed) as Readonly<Record<string, { readonly value?: string }>>);
  return Object.fromEntries(entries.map(([key, { value }]) => [key, value]));
}
