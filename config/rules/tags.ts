import { type Finding, type Flaw, setCommand, setItemCommand } from "../finding";
import { codePoint } from "../invisible";
import { rule } from "../rule";
import { hasFeature, sinceOf } from "../releases/facts";
import { minorOf } from "../releases/version";
import type { Warning } from "../warning";

/**
 * The cluster's operators read the tags from `Infrastructure.status.platformStatus.aws.resourceTags`, which holds 25 (openshift/api,
 * config/v1/types_infrastructure.go). AWS allows 50 on a resource; OpenShift reserves the other 25 for itself.
 */
const MOST_TAGS = 25;

/** A hosted zone holds 10 (Amazon Route 53 API reference, ChangeTagsForResource), three of which this project sets. */
const MOST_TAGS_ON_ZONE = 7;

/** Keys of the tags that a hosted zone has no room for: the last ones in alphabetical order, since Pulumi keeps no other. */
export function keysBeyondZone(tags: Readonly<Record<string, string>>): string[] {
  return Object.keys(tags).sort().slice(MOST_TAGS_ON_ZONE);
}

/** In characters (openshift/api, AWSResourceTag; openshift/installer, validateTag, counts bytes, which are the same here). */
const LONGEST_KEY = 128;
const LONGEST_VALUE = 256;

/**
 * What AWS, the installer and the Infrastructure object all accept. AWS alone also accepts letters beyond ASCII; the installer's own expression
 * (pkg/types/aws/validation/platform.go, tagRegex) also accepts `,;<>?` and other kinds of blanks, which AWS or the Infrastructure object refuse.
 */
const CHARACTERS = /^[0-9A-Za-z_.:/=+@ -]*$/;

/** Whether a map is tags that every resource can carry beside those that this project and the cluster set. */
export function tagFlaws(tags: Readonly<Record<string, string>>): Flaw[] {
  const count = Object.keys(tags).length;
  return [
    ...(count > MOST_TAGS
      ? [{ wrong: `has ${count} tags`, allowed: `at most ${MOST_TAGS}`, fix: `remove ${count - MOST_TAGS} of them` }]
      : []),
    ...Object.entries(tags).flatMap(([key, value]) => {
      const wrong = keyFlaw(key) ?? valueFlaw(value);
      if (wrong === undefined) return [];
      return [
        {
          wrong: `has the tag ${JSON.stringify(key)}, ${wrong}`,
          fix: `rename or remove it in the stack file; a tag is set like this: ${setItemCommand("tags", "team", "platform")}`,
        },
      ];
    }),
  ];
}

function keyFlaw(key: string): string | undefined {
  if (key === "") return "whose key is empty";
  if (key.length > LONGEST_KEY) return `whose key is longer than ${LONGEST_KEY} characters`;
  if (key.toLowerCase() === "name") return "but every resource is given a Name of its own";
  if (/^aws:/i.test(key)) return "but keys that start with aws: are kept by AWS";
  // The dots are any character in the installer's expressions, too (kubernetesNamespaceRegex, openshiftNamespaceRegex).
  if (/^([^/]*\.)?(kubernetes|openshift).io\//.test(key))
    return "but keys of kubernetes.io and openshift.io are how the cluster knows its resources";
  return characterFlaw("key", key);
}

function valueFlaw(value: string): string | undefined {
  if (value === "") return "whose value is empty, which some services refuse";
  if (value.length > LONGEST_VALUE) return `whose value is longer than ${LONGEST_VALUE} characters`;
  return characterFlaw("value", value);
}

function characterFlaw(part: "key" | "value", text: string): string | undefined {
  if (!CHARACTERS.test(text)) {
    const refused = [...new Set(text.match(/[^0-9A-Za-z_.:/=+@ -]/gu))].map(visible).join(" and ");
    return `whose ${part} has ${refused}, which OpenShift or AWS refuses`;
  }
  return text === text.trim() ? undefined : `whose ${part} begins or ends with a blank`;
}

/** A character as it is, or its code where it would not be seen. */
function visible(character: string): string {
  if (/[\p{L}\p{N}\p{P}\p{S}]/u.test(character)) return character;
  return codePoint(character);
}

/** Before this feature the Infrastructure object is refused, and with it the installation. */
export const blanksInTagsFitRelease = rule(["tags", "release"], ({ tags, release }): Finding[] => {
  const blank = Object.entries(tags).find(([key, value]) => `${key}${value}`.includes(" "));
  if (blank === undefined || hasFeature(minorOf(release), "tags-with-blanks")) return [];
  const since = sinceOf("tags-with-blanks");
  return [
    {
      key: "tags",
      wrong: `has the tag ${JSON.stringify(blank[0])} with a blank, which a cluster of release ${release} refuses`,
      allowed: `no blanks in keys and values before release ${since}`,
      fix: `write it without blanks, or ${setCommand("release", `${since}.0`)} and later`,
    },
  ];
});

/** The cloud controller splits the text by which routers' tags reach it at every "=" (kubernetes/cloud-provider-aws, getKeyValuePropertiesFromAnnotation). */
export const tagsReachRoutersWhole = rule<"tags", Warning>(["tags"], ({ tags }) => {
  const cut = Object.entries(tags).filter((tag) => tag.some((text) => text.includes("=")));
  if (cut.length === 0) return [];
  return [
    {
      key: "tags",
      text: `Load balancers of routers get ${cut.map(([key]) => JSON.stringify(key)).join(", ")} only up to the "=" in key or value. Other resources get these tags whole.`,
      fix: 'use tags without "=" if load balancers are to carry them',
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
        text: `The private hosted zone gets only the first ${MOST_TAGS_ON_ZONE}, in alphabetical order, of these ${Object.keys(tags).length} tags: Route 53 holds 10 on a zone, of which the program sets three. It goes without ${dropped.map((key) => JSON.stringify(key)).join(", ")}. Other resources get all tags.`,
        fix: `use ${MOST_TAGS_ON_ZONE} tags at most if the zone has to have all`,
      },
    ];
  },
);
