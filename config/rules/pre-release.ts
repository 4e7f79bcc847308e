import { rule } from "../rule";
import type { Warning } from "../warning";

/** What the last part of a version, before its number, says about it. */
const STAGES: Readonly<Record<string, string>> = { ec: "an early preview (engineering candidate)", rc: "a release candidate" };

/**
 * A pre-release is in candidate channels only: openshift/cincinnati-graph-data, `channels/fast-4.22.yaml` and `channels/stable-4.22.yaml` on master
 * list no version with `-ec` or `-rc`, `channels/candidate-4.22.yaml` lists both; README.md there describes the filter between the channels.
 */
export const preReleaseIsNotUpdated = rule<"distribution" | "release", Warning>(["distribution", "release"], ({ release }) => {
  const [, stage = ""] = /[-.](ec|rc)\.\d+$/.exec(release) ?? [];
  if (stage === "") return [];
  return [
    {
      key: "release",
      text:
        `${release} is ${STAGES[stage]}. Stable, fast and EUS channels contain no pre-release and offer no update from one. ` +
        `Use this release only for a cluster that you will throw away.`,
      fix: "set release to a version without -ec or -rc",
    },
  ];
});
