/** The name of a resource: the last part of its URN (`urn:pulumi:<stack>::<project>::<types>::<name>`). */
export function resourceName(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

/** The types of a resource's ancestors and its own type, outermost first. */
export function typesOf(urn: string): readonly string[] {
  return (urn.split("::")[2] ?? "").split("$");
}
