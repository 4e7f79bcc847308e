import { type Flaw, removeCommand } from "../finding";
import { rule } from "../rule";

/** IAM API reference, CreateRole: RoleName. */
const ROLE_NAME = /^[\w+=,.@-]{1,64}$/;

/** Whether a text is the name of an IAM role. */
export function roleNameFlaw(name: string): Flaw | undefined {
  if (ROLE_NAME.test(name)) return undefined;
  if (name.startsWith("arn:")) return { wrong: "is an ARN; only the name is wanted", instead: name.split("/").at(-1) ?? name };
  return { wrong: "is not the name of an IAM role" };
}

/** A permissions boundary is put on roles that the program makes, so with three given roles it does nothing unless the cluster's components have theirs. */
export const boundaryHasARole = rule(
  ["permissionsBoundaryArn", "masterRoleName", "workerRoleName", "bootstrapRoleName", "credentialsMode"],
  ({ permissionsBoundaryArn, masterRoleName, workerRoleName, bootstrapRoleName, credentialsMode }) => {
    if (permissionsBoundaryArn === "" || credentialsMode === "manual" || [masterRoleName, workerRoleName, bootstrapRoleName].includes(""))
      return [];
    return [
      {
        key: "permissionsBoundaryArn",
        wrong: "is set, but all three roles are given and no role is made that it could bound",
        allowed: "a boundary for the roles that are made; existing roles carry their own",
        fix: removeCommand("permissionsBoundaryArn"),
      },
    ];
  },
);
