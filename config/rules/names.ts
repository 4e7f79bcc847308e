import type { Flaw } from "../finding";
import { invisibleIn } from "../invisible";

/** Characters of a name, a distinguished name among them; this project's choice. */
const MOST_CHARACTERS = 500;

/**
 * What is wrong with the name of a user, as identity providers give it (openshift/apiserver-library-go, `pkg/apivalidation/uservalidation.go`, ValidateUserName). Blanks are
 * allowed; names that look like others aren't, which is this project's choice.
 */
export function userNameFlaw(name: string): Flaw | undefined {
  if (name.includes(":") && !name.startsWith("b64:"))
    return { wrong: "has a colon in it: a user's name is without its identity provider's" };
  return segmentFlaw(name);
}

/** What is wrong with the name of a group (there, ValidateGroupName). */
export function groupNameFlaw(name: string): Flaw | undefined {
  return name.includes(":") ? { wrong: "has a colon in it, which no group's name has" } : segmentFlaw(name);
}

/** A user that a role is bound to; those of the system have names of their own. */
export function userSubjectFlaw(name: string): Flaw | undefined {
  return name.startsWith("system:") ? segmentFlaw(name) : userNameFlaw(name);
}

/** A group that a role is bound to. */
export function groupSubjectFlaw(name: string): Flaw | undefined {
  return name.startsWith("system:") ? segmentFlaw(name) : groupNameFlaw(name);
}

/** Names are parts of paths of the API (kubernetes/apimachinery, `pkg/api/validation/path/name.go`, ValidatePathSegmentName; and `~`, which stands for oneself). */
function segmentFlaw(name: string): Flaw | undefined {
  const bad = ["/", "%"].find((character) => name.includes(character));
  if (bad !== undefined) return { wrong: `has a ${bad} in it, which OpenShift doesn't allow in names of users and groups` };
  if ([".", "..", "~"].includes(name)) return { wrong: "is a name that the API keeps for itself" };
  const invisible = invisibleIn(name);
  if (invisible !== undefined)
    return { wrong: `has a character that can't be seen, or isn't what it looks like (${invisible}): it would pass for another name` };
  if (name !== name.trim()) return { wrong: "has a blank at its beginning or end" };
  return name.length > MOST_CHARACTERS ? { wrong: `has ${name.length} characters, more than ${MOST_CHARACTERS}` } : undefined;
}
