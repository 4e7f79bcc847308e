import { removeCommand } from "../problem";
import { rule } from "../rule";

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
