import { type Flaw, setItemCommand } from "../finding";

/** The cluster's own resources get the tags through its Infrastructure object, which holds 25 (openshift/installer, userTagLimit). */
const MOST_TAGS = 25;

/** AWS's common rules for tags, and no empty value because some services take none (openshift/installer, validateTag). */
const LONGEST_KEY = 128;
const LONGEST_VALUE = 256;
const CHARACTERS = /^[\p{L}\p{N}\p{Zs}_.:/=+@-]*$/u;

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
  if (/^([^/]*\.)?(kubernetes|openshift)\.io\//.test(key))
    return "but keys of kubernetes.io and openshift.io are how the cluster knows its resources";
  if (!CHARACTERS.test(key) || key !== key.trim()) return "whose key has characters that AWS refuses";
  return undefined;
}

function valueFlaw(value: string): string | undefined {
  if (value === "") return "whose value is empty, which some services refuse";
  if (value.length > LONGEST_VALUE) return `whose value is longer than ${LONGEST_VALUE} characters`;
  if (!CHARACTERS.test(value) || value !== value.trim()) return "whose value has characters that AWS refuses";
  return undefined;
}
