/** The name of a resource in the program: the last part of its URN (`urn:pulumi:<stack>::<project>::<types>::<name>`). */
export function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

/** Types of a resource's parents and its own, outermost first. */
export function typesOf(urn: string): readonly string[] {
  return (urn.split("::")[2] ?? "").split("$");
}
