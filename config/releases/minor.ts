/** A minor release, such as 4.19 or 5.0. All its patch releases share the facts of this directory. */
export interface Minor {
  readonly major: number;
  readonly minor: number;
}

/** The name of a minor release, such as `4.19`. */
export type MinorName = `${number}.${number}`;

/**
 * Reads `4.19`, or the start of a version such as `4.19.3`.
 *
 * @throws Error for any other text. Use `parseVersion` for versions from users.
 */
export function minorNamed(name: string): Minor {
  const match = /^(\d+)\.(\d+)(?:\.|$)/.exec(name);
  if (match === null) throw new Error(`${name} is not the name of a minor release`);
  return { major: Number(match[1]), minor: Number(match[2]) };
}

/** The name of a minor release: `4.19`. */
export function minorName({ major, minor }: Minor): MinorName {
  return `${major}.${minor}`;
}

/** Negative if `one` is older than `other`, 0 if both are the same, positive if it is newer. */
export function compareMinors(one: Minor, other: Minor): number {
  return one.major - other.major || one.minor - other.minor;
}

/** Whether a minor release is the named one or newer. */
export function isAtLeast(minor: Minor, name: MinorName): boolean {
  return compareMinors(minor, minorNamed(name)) >= 0;
}
