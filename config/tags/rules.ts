import { type KeyProblem, type ValueProblem, setCommand, setItemCommand } from "../finding";
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

/** A hosted zone holds 10 tags (Amazon Route 53 API reference, ChangeTagsForResource), of which this project sets three. */
const MOST_TAGS_ON_ZONE = 7;

/** Keys of the tags that don't fit on a hosted zone: the last ones in alphabetical order, because Pulumi keeps no other order. */
export function keysBeyondZone(tags: Readonly<Record<string, string>>): string[] {
  return Object.keys(tags).sort().slice(MOST_TAGS_ON_ZONE);
}

/**
 * In characters (openshift/api, AWSResourceTag). openshift/installer, validateTag, counts bytes, which is the same for the allowed
 * characters.
 */
const LONGEST_KEY = 128;
const LONGEST_VALUE = 256;

/**
 * The characters that AWS, the installer and the Infrastructure object all accept. AWS also accepts letters beyond ASCII. The installer's
 * expression (pkg/types/aws/validation/platform.go, tagRegex) also accepts `,;<>?` and other kinds of whitespace, which AWS or the
 * Infrastructure object refuses.
 */
const CHARACTERS = /^[0-9A-Za-z_.:/=+@ -]*$/;

/** Checks tags, which every resource gets in addition to those of this project and the cluster. */
export function tagProblems(tags: Readonly<Record<string, string>>): ValueProblem[] {
  const count = Object.keys(tags).length;
  return [
    ...(count > MOST_TAGS
      ? [{ wrong: `has ${count} tags`, allowed: `at most ${MOST_TAGS}`, fix: `remove ${count - MOST_TAGS} of them` }]
      : []),
    ...Object.entries(tags).flatMap(([key, value]) => {
      const wrong = keyProblem(key) ?? valueProblem(value);
      if (wrong === undefined) return [];
      return [
        {
          wrong: `has the tag ${JSON.stringify(key)}, ${wrong}`,
          fix: `rename or remove it in the stack file; set a tag with ${setItemCommand("tags", "team", "platform")}`,
        },
      ];
    }),
  ];
}

function keyProblem(key: string): string | undefined {
  if (key === "") return "whose key is empty";
  if (key.length > LONGEST_KEY) return `whose key is longer than ${LONGEST_KEY} characters`;
  if (key.toLowerCase() === "name") return "but the program sets the Name of every resource";
  if (/^aws:/i.test(key)) return "but AWS reserves keys that start with aws:";
  // The dot before io matches any character, as in the installer's expressions (kubernetesNamespaceRegex, openshiftNamespaceRegex).
  if (/^([^/]*\.)?(kubernetes|openshift).io\//.test(key))
    return "but the cluster identifies its resources by keys of kubernetes.io and openshift.io";
  return characterProblem("key", key);
}

function valueProblem(value: string): string | undefined {
  if (value === "") return "whose value is empty, which some services refuse";
  if (value.length > LONGEST_VALUE) return `whose value is longer than ${LONGEST_VALUE} characters`;
  return characterProblem("value", value);
}

function characterProblem(part: "key" | "value", text: string): string | undefined {
  if (!CHARACTERS.test(text)) {
    const refused = [...new Set(text.match(/[^0-9A-Za-z_.:/=+@ -]/gu))].map(visible).join(" and ");
    return `whose ${part} has ${refused}, which OpenShift or AWS refuses`;
  }
  return text === text.trim() ? undefined : `whose ${part} starts or ends with a space`;
}

/** A character itself, or its code point if it is invisible. */
function visible(character: string): string {
  if (/[\p{L}\p{N}\p{P}\p{S}]/u.test(character)) return character;
  return codePoint(character);
}

/** In older releases the API refuses an Infrastructure object with such tags, so the installation would fail. */
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
        text: `The private hosted zone gets only the first ${MOST_TAGS_ON_ZONE}, in alphabetical order, of these ${Object.keys(tags).length} tags: Route 53 allows 10 tags on a zone, of which the program sets three. The zone does not get ${dropped.map((key) => JSON.stringify(key)).join(", ")}. Other resources get all tags.`,
        fix: `use at most ${MOST_TAGS_ON_ZONE} tags if the zone needs all of them`,
      },
    ];
  },
);
