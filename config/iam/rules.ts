import { removeCommand } from "../problem";
import { rule } from "../rule";

/**
 * The boundary applies to roles that the program creates. If the three roles of the machines exist already, these are the installer host's
 * role and, with credentialsMode manual, the roles of the cluster's components.
 */
export const boundaryHasARole = rule(
  ["permissionsBoundaryArn", "masterRoleName", "workerRoleName", "bootstrapRoleName", "installerHost", "credentialsMode"],
  ({ permissionsBoundaryArn, masterRoleName, workerRoleName, bootstrapRoleName, installerHost, credentialsMode }) => {
    const createsRole = installerHost || credentialsMode === "manual" || [masterRoleName, workerRoleName, bootstrapRoleName].includes("");
    if (permissionsBoundaryArn === "" || createsRole) return [];
    return [
      {
        key: "permissionsBoundaryArn",
        wrong:
          "is set, but the roles of the control plane, the workers and the bootstrap instance exist already, so the program creates no role to which the boundary would apply",
        allowed: "a boundary for roles that the program creates; existing roles have their own",
        fix: removeCommand("permissionsBoundaryArn"),
      },
    ];
  },
);
