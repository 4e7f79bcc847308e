import type { ValueProblem } from "../problem";

/** A valid name of a role (IAM API reference, CreateRole: RoleName). */
const ROLE_NAME = /^[\w+=,.@-]{1,64}$/;

/** Checks the name of an IAM role. */
export function iamRoleNameProblem(name: string): ValueProblem | undefined {
  if (ROLE_NAME.test(name)) return undefined;
  if (name.startsWith("arn:")) return { wrong: "is an ARN, but only the name is needed", instead: name.split("/").at(-1) ?? name };
  return { wrong: "is not a valid name of an IAM role" };
}
