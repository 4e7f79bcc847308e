import { type KeyProblem, setCommand } from "../problem";
import { hasFeature, sinceOf } from "../releases/facts";
import { minorOf } from "../releases/version";
import { rule } from "../rule";
import type { Warning } from "../warning";
import { keysBeyondZone, MAX_TAGS_ON_ZONE } from "./fields";

/** In older releases the API refuses an Infrastructure object whose tags have spaces, so the installation would fail. */
export const spacesInTagsFitRelease = rule(["tags", "release"], ({ tags, release }): KeyProblem[] => {
  const blank = Object.entries(tags).find(([key, value]) => `${key}${value}`.includes(" "));
  if (blank === undefined || hasFeature(minorOf(release), "tags-with-blanks")) return [];
  const since = sinceOf("tags-with-blanks");
  return [
    {
      key: "tags",
      wrong: `has the tag ${JSON.stringify(blank[0])} with a space, which a cluster of release ${release} refuses`,
      allowed: `no spaces in keys and values before release ${since}`,
      fix: `write it without spaces, or ${setCommand("release", `${since}.0`)} or later`,
    },
  ];
});

/**
 * The cloud controller gets the tags of routers' load balancers as a text that it splits at every "=" (kubernetes/cloud-provider-aws,
 * getKeyValuePropertiesFromAnnotation).
 */
export const tagsReachRoutersUncut = rule<"tags", Warning>(["tags"], ({ tags }) => {
  const cut = Object.entries(tags).filter((tag) => tag.some((text) => text.includes("=")));
  if (cut.length === 0) return [];
  return [
    {
      key: "tags",
      text: `On the load balancers of routers the tags ${cut.map(([key]) => JSON.stringify(key)).join(", ")} are cut at the "=" in their key or value. Other resources get the complete tags.`,
      fix: 'use tags without "=" if load balancers need them',
    },
  ];
});

export const tagsFitOnZone = rule<"tags" | "dnsManagement" | "privateZoneId", Warning>(
  ["tags", "dnsManagement", "privateZoneId"],
  ({ tags, dnsManagement, privateZoneId }) => {
    const dropped = keysBeyondZone(tags);
    if (dropped.length === 0 || dnsManagement === "user" || privateZoneId !== "") return [];
    return [
      {
        key: "tags",
        text: `The private hosted zone gets only the first ${MAX_TAGS_ON_ZONE} of ${Object.keys(tags).length} tags, in alphabetical order. Route 53 allows 10 tags on a zone, and the program sets three itself. The zone does not get ${dropped.map((key) => JSON.stringify(key)).join(", ")}. Other resources get all tags.`,
        fix: `use at most ${MAX_TAGS_ON_ZONE} tags if the zone needs all of them`,
      },
    ];
  },
);
