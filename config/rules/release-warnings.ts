import { setCommand } from "../finding";
import { CURRENT } from "../releases/current";
import { bootImages, factsUsed, isNewerThanTable } from "../releases/facts";
import { nameOf } from "../releases/minor";
import { NEWEST } from "../releases/table";
import { parseVersion, type Stage } from "../releases/version";
import { rule } from "../rule";
import type { Warning } from "../warning";

const STAGES: Readonly<Record<Exclude<Stage, "final">, string>> = {
  ec: "an early preview (engineering candidate)",
  rc: "a release candidate",
  nightly: "a nightly build",
};

/**
 * A pre-release is in candidate channels at most: openshift/cincinnati-graph-data, `channels/fast-4.22.yaml` and `channels/stable-4.22.yaml` on master
 * list no version with `-ec` or `-rc`, `channels/candidate-4.22.yaml` lists both; README.md there describes the filter between the channels.
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
          `${release} is ${STAGES[stage]}. Stable, fast and EUS channels contain no pre-release and offer no update from one. ` +
          `Use this release only for a cluster that you will throw away.`,
        fix: setCommand("release", CURRENT[distribution]),
      },
    ];
  },
);

/** A release that is newer than the table works with the last row's facts, which may be wrong for it. */
export const releaseIsInTable = rule<"release", Warning>(["release"], ({ release }) => {
  const version = parseVersion(release);
  if (version === undefined || !isNewerThanTable(version.minor)) return [];
  const name = nameOf(version.minor);
  return [
    {
      key: "release",
      text: `This program knows releases up to ${NEWEST}. For ${name} it uses what it knows of ${NEWEST}: capabilities, permissions and boot images of ${name} may differ.`,
      fix: `read the release notes of ${name}, or use a newer version of this program with ${name} in docs/releases.md`,
    },
  ];
});

/** A fact that could not be read upstream is named if this configuration depends on it. */
export const factsAreVerified = rule<"distribution" | "release" | "region", Warning>(
  ["distribution", "release", "region"],
  ({ distribution, release, region }) => {
    const version = parseVersion(release);
    if (version === undefined) return [];
    const name = `${{ okd: "OKD", openshift: "OpenShift" }[distribution]} ${nameOf(version.minor)}`;
    const unverified = factsUsed(distribution, version.minor).flatMap(({ subject, source }) =>
      source.unverified === undefined ? [] : [`${subject} of ${name} are unverified. ${source.unverified}`],
    );
    const copied = bootImages(distribution, version.minor).value.unknown?.includes(region)
      ? [
          `Whether ${name} publishes a machine image in ${region} could not be verified. The program copies one from another region, which takes some minutes.`,
        ]
      : [];
    return [...unverified, ...copied].map((text) => ({
      key: "release",
      text,
      fix: "see docs/releases.md for what is known, and where it was read",
    }));
  },
);
