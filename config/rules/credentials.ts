import { type Finding, setCommand } from "../finding";
import { rule } from "../rule";

/** Another account's role trusts certain identities, and who a minted user will be is not known before (openshift/installer, ValidatePlatform). */
export const zoneRoleIsNotMinted = rule(["credentialsMode", "privateZoneRoleArn"], ({ credentialsMode, privateZoneRoleArn }): Finding[] => {
  if (credentialsMode !== "mint" || privateZoneRoleArn === "") return [];
  return [
    {
      key: "credentialsMode",
      wrong: "is mint, but privateZoneRoleArn is a role that users made at run time can't be known to",
      allowed: "manual or passthrough with privateZoneRoleArn",
      fix: setCommand("credentialsMode", "manual"),
    },
  ];
});
