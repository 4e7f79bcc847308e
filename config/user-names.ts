import type { ValueProblem } from "./problem";
import { invisibleIn } from "./invisible";

/** Maximum characters of a name, which may be a distinguished name; this project's choice. */
const MAX_NAME_CHARACTERS = 500;

/**
 * Checks the name of a user from an identity provider (openshift/apiserver-library-go, `pkg/apivalidation/uservalidation.go`,
 * ValidateUserName). Spaces are allowed. Names that look like other names are refused, which is this project's choice.
 */
export function userNameProblem(name: string): ValueProblem | undefined {
  if (name.includes(":") && !name.startsWith("b64:"))
    return { wrong: "has a colon in it; write the user's name without the identity provider's" };
  return segmentProblem(name);
}

/** Checks the name of a group (the same file, ValidateGroupName). */
export function groupNameProblem(name: string): ValueProblem | undefined {
  return name.includes(":") ? { wrong: "has a colon in it, which is not allowed in the name of a group" } : segmentProblem(name);
}

/** Checks a user of a role binding, who may also be a system user. */
export function userSubjectProblem(name: string): ValueProblem | undefined {
  return name.startsWith("system:") ? segmentProblem(name) : userNameProblem(name);
}

/** Checks a group of a role binding, which may also be a system group. */
export function groupSubjectProblem(name: string): ValueProblem | undefined {
  return name.startsWith("system:") ? segmentProblem(name) : groupNameProblem(name);
}

/**
 * Checks a name as a segment of an API path (kubernetes/apimachinery, `pkg/api/validation/path/name.go`, ValidatePathSegmentName; `~` means
 * the caller).
 */
function segmentProblem(name: string): ValueProblem | undefined {
  const bad = ["/", "%"].find((character) => name.includes(character));
  if (bad !== undefined) return { wrong: `has a ${bad} in it, which OpenShift doesn't allow in names of users and groups` };
  if ([".", "..", "~"].includes(name)) return { wrong: "is a name that the API reserves" };
  const invisible = invisibleIn(name);
  if (invisible !== undefined)
    return { wrong: `has an invisible or deceptive character (${invisible}), with which it looks like another name` };
  if (name !== name.trim()) return { wrong: "has a space at its start or end" };
  return name.length > MAX_NAME_CHARACTERS ? { wrong: `has ${name.length} characters, more than ${MAX_NAME_CHARACTERS}` } : undefined;
}
