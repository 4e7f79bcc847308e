import { type Finding, setCommand } from "../finding";
import { rule } from "../rule";
import { cutsNodesOff } from "./mirror";
import { httpsIsProxied, missingProxy } from "./proxy";

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

/** The cloud credential operator mints users with calls of IAM, whose one address is on the internet (reference, section 2). */
export const cutOffClusterMintsNoUsers = rule(
  ["credentialsMode", "mirror", "httpsProxy", "noProxy"],
  ({ credentialsMode, mirror, httpsProxy, noProxy }): Finding[] => {
    if (!cutsNodesOff(mirror) || httpsIsProxied({ httpsProxy, noProxy }) || ["manual", "passthrough"].includes(credentialsMode)) return [];
    return [
      {
        key: "credentialsMode",
        wrong: `is ${credentialsMode || "not set, which may mean mint"}, but with mirror ${mirror} and no ${missingProxy(noProxy)} the cluster has no way to IAM and can't make users`,
        allowed: "manual or passthrough",
        fix: setCommand("credentialsMode", "manual"),
      },
    ];
  },
);
