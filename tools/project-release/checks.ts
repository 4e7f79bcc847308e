import semver from "semver";

/** The checkout that is to be released. */
export interface ReleaseCheckout {
  /** Version in `package.json`. */
  readonly version: string;
  /** Names of all tags. */
  readonly tags: readonly string[];
  /** Output of `git status --porcelain`. */
  readonly changes: string;
}

/** Name of a version's tag. */
export const versionTag = (version: string): string => `v${version}`;

/** All reasons against a release of this version, each with its fix; empty if there is none. */
export function releaseProblems(version: string, { version: current, tags, changes }: ReleaseCheckout): string[] {
  const problems: string[] = [];
  if (semver.valid(version) !== version)
    problems.push(`VERSION=${version} is not a semantic version.\nFix: Use a version such as ${semver.inc(current, "minor") ?? "1.0.0"}.`);
  else if (tags.includes(versionTag(version)))
    problems.push(`The tag ${versionTag(version)} exists already.\nFix: Choose the next version; a published version never changes.`);
  else if (!semver.gt(version, current) && !(version === current && tags.length === 0))
    problems.push(
      `VERSION=${version} is not newer than ${current}, the version in package.json.\nFix: Use ${semver.inc(current, "patch") ?? ""} or a newer one.`,
    );
  if (changes.trim() !== "")
    problems.push(
      `The checkout has changes that are not committed:\n${changes.trimEnd()}\nFix: Commit or stash them, so that the archive is the tested state.`,
    );
  return problems;
}
