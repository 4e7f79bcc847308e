import { type ValueProblem, removeCommand } from "../finding";
import { rule } from "../rule";

/** IAM API reference, CreateRole: RoleName. */
const ROLE_NAME = /^[\w+=,.@-]{1,64}$/;

/** Checks the name of an IAM role. */
export function roleNameProblem(name: string): ValueProblem | undefined {
  if (ROLE_NAME.test(name)) return undefined;
  if (name.startsWith("arn:")) return { wrong: "is an ARN, but only the name is needed", instead: name.split("/").at(-1) ?? name };
  return { wrong: "is not the name of an IAM role" };
}

/**
 * The boundary applies to roles that the program creates. If all three roles exist already, it has an effect only with credentialsMode
 * manual, for the components' roles.
 */
export const boundaryHasARole = rule(
  ["permissionsBoundaryArn", "masterRoleName", "workerRoleName", "bootstrapRoleName", "credentialsMode"],
  ({ permissionsBoundaryArn, masterRoleName, workerRoleName, bootstrapRoleName, credentialsMode }) => {
    if (permissionsBoundaryArn === "" || credentialsMode === "manual" || [masterRoleName, workerRoleName, bootstrapRoleName].includes(""))
      return [];
    return [
      {
        key: "permissionsBoundaryArn",
        wrong: "is set, but all three roles exist already, so the program creates no role that the boundary could apply to",
        allowed: "a boundary for roles that the program creates; existing roles have their own",
        fix: removeCommand("permissionsBoundaryArn"),
      },
    ];
  },
);
