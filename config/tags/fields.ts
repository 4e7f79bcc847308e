import { setItemCommand, type ValueProblem } from "../problem";
import { codePoint } from "../invisible";

/** Key of the tag with the cluster's domain on all taggable resources. Later runs find this cluster's instances by it. */
export const clusterDomainTagKey = "okd-aws/cluster";

/**
 * The cluster's operators read the tags from `Infrastructure.status.platformStatus.aws.resourceTags`, which holds 25 tags (openshift/api,
 * config/v1/types_infrastructure.go). AWS allows 50 tags on a resource; OpenShift reserves 25 of these for itself.
 */
const MAX_TAGS = 25;

/** A hosted zone holds 10 tags (Amazon Route 53 API reference, ChangeTagsForResource), of which this project sets three. */
export const MAX_TAGS_ON_ZONE = 7;

/** Keys of the tags that don't fit on a hosted zone: the last ones in alphabetical order, because Pulumi keeps no other order. */
export function keysBeyondZone(tags: Readonly<Record<string, string>>): string[] {
  return Object.keys(tags).sort().slice(MAX_TAGS_ON_ZONE);
}

/**
 * Maximum lengths in characters (openshift/api, AWSResourceTag). openshift/installer, validateTag, counts bytes, which gives the same
 * number for the allowed characters.
 */
const MAX_KEY_CHARACTERS = 128;
const MAX_VALUE_CHARACTERS = 256;

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
    ...(count > MAX_TAGS
      ? [{ wrong: `has ${count} tags`, allowed: `at most ${MAX_TAGS}`, fix: `remove ${count - MAX_TAGS} of them` }]
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
  if (key.length > MAX_KEY_CHARACTERS) return `whose key is longer than ${MAX_KEY_CHARACTERS} characters`;
  if (key.toLowerCase() === "name") return "but the program sets the Name of every resource";
  if (/^aws:/i.test(key)) return "but AWS reserves keys that start with aws:";
  // The dot before io matches any character, as in the installer's expressions (kubernetesNamespaceRegex, openshiftNamespaceRegex).
  if (/^([^/]*\.)?(kubernetes|openshift).io\//.test(key))
    return "but the cluster identifies its resources by keys of kubernetes.io and openshift.io";
  return characterProblem("key", key);
}

function valueProblem(value: string): string | undefined {
  if (value === "") return "whose value is empty, which some services refuse";
  if (value.length > MAX_VALUE_CHARACTERS) return `whose value is longer than ${MAX_VALUE_CHARACTERS} characters`;
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
