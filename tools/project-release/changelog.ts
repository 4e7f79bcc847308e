/** Heading of the changes that no version has yet. */
const UNRELEASED_HEADING = "## Unreleased";

/** A changelog after a release: its unreleased changes have become the changes of a version. */
export interface ReleasedChangelog {
  /** The whole file, with an empty section for the next changes. */
  readonly text: string;
  /** The changes of this version: Markdown without a heading. */
  readonly notes: string;
}

/**
 * Gives the unreleased changes a version.
 *
 * @param changelog text of `CHANGELOG.md`.
 * @param day of the release, as YYYY-MM-DD.
 * @throws Error if there is no section of unreleased changes, or nothing in it
 */
export function releaseChangelog(changelog: string, version: string, day: string): ReleasedChangelog {
  const start = changelog.indexOf(`${UNRELEASED_HEADING}\n`);
  if (start < 0)
    throw new Error(
      `CHANGELOG.md has no heading "${UNRELEASED_HEADING}".\nFix: Add it above the newest version, with the changes below it.`,
    );
  const [before, rest] = [changelog.slice(0, start), changelog.slice(start + UNRELEASED_HEADING.length + 1)];
  const next = rest.search(/^## /m);
  const [section, older] = next < 0 ? [rest, ""] : [rest.slice(0, next), rest.slice(next)];
  const notes = section.trim();
  if (notes === "")
    throw new Error(`CHANGELOG.md has nothing below "${UNRELEASED_HEADING}".\nFix: Describe the changes for users of the installer there.`);
  const released = `${before}${UNRELEASED_HEADING}\n\n## ${version} (${day})\n\n${notes}\n`;
  return { text: older === "" ? released : `${released}\n${older}`, notes };
}
