import { setCommand } from "../problem";
import { CURRENT } from "../releases/current";
import { bootImages, factsUsed, isNewerThanTable } from "../releases/facts";
import { minorName } from "../releases/minor";
import { NEWEST } from "../releases/table";
import { parseVersion, type ReleaseStage } from "../releases/version";
import { rule } from "../rule";
import type { Warning } from "../warning";

const STAGES: Readonly<Record<Exclude<ReleaseStage, "final">, string>> = {
  ec: "an engineering candidate",
  rc: "a release candidate",
  nightly: "a nightly build",
};

/**
 * Only candidate channels contain pre-releases: in openshift/cincinnati-graph-data on master, `channels/fast-4.22.yaml` and
 * `channels/stable-4.22.yaml` list no version with `-ec` or `-rc`, and `channels/candidate-4.22.yaml` lists both. The repository's README.md
 * describes the filter for versions that pass from one channel to the next.
 */
export const preReleaseIsNotUpdated = rule<"distribution" | "release", Warning>(
  ["distribution", "release"],
  ({ distribution, release }) => {
    const stage = parseVersion(release)?.stage ?? "final";
    if (stage === "final") return [];
    return [
      {
        key: "release",
        text:
          `${release} is ${STAGES[stage]}. Stable, fast and EUS channels contain no pre-releases and offer no updates from them. ` +
          `Use this release only for a cluster that you will throw away.`,
        fix: setCommand("release", CURRENT[distribution]),
      },
    ];
  },
);

/**
 * Warns of a release that is newer than the table in config/releases/table.ts. The program then uses the facts of the last row, which may be
 * wrong for this release.
 */
export const releaseIsInTable = rule<"release", Warning>(["release"], ({ release }) => {
  const version = parseVersion(release);
  if (version === undefined || !isNewerThanTable(version.minor)) return [];
  const name = minorName(version.minor);
  return [
    {
      key: "release",
      text: `This program knows releases up to ${NEWEST}. For ${name} it uses the facts of ${NEWEST}; the capabilities, permissions and boot images of ${name} may differ.`,
      fix: `read the release notes of ${name}, or use a newer version of this program with ${name} in docs/releases.md`,
    },
  ];
});

/** Warns of facts that this configuration depends on and that could not be verified upstream. */
export const factsAreVerified = rule<"distribution" | "release" | "region", Warning>(
  ["distribution", "release", "region"],
  ({ distribution, release, region }) => {
    const version = parseVersion(release);
    if (version === undefined) return [];
    const name = `${{ okd: "OKD", openshift: "OpenShift" }[distribution]} ${minorName(version.minor)}`;
    const unverified = factsUsed(distribution, version.minor).flatMap(({ subject, source }) =>
      source.unverified === undefined ? [] : [`${subject} of ${name} are unverified. ${source.unverified}`],
    );
    const copied = bootImages(distribution, version.minor).value.unknown?.includes(region)
      ? [
          `It could not be verified whether an AMI of ${name} is published in ${region}. The program copies one from another region, which takes some minutes.`,
        ]
      : [];
    return [...unverified, ...copied].map((text) => ({
      key: "release",
      text,
      fix: "see docs/releases.md for the known facts and their sources",
    }));
  },
);
