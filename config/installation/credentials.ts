import { type KeyProblem, setCommand } from "../finding";
import { rule } from "../rule";
import { isDisconnected } from "../mirror/rules";
import { httpsIsProxied, missingProxy } from "../proxy/rules";

/**
 * The trust policy of a role in another account names identities, but the names of minted users are not known in advance
 * (openshift/installer, ValidatePlatform).
 */
export const zoneRoleIsNotMinted = rule(
  ["credentialsMode", "privateZoneRoleArn"],
  ({ credentialsMode, privateZoneRoleArn }): KeyProblem[] => {
    if (credentialsMode !== "mint" || privateZoneRoleArn === "") return [];
    return [
      {
        key: "credentialsMode",
        wrong: "is mint, but the IAM users that the cluster creates can't be named in the trust policy of privateZoneRoleArn",
        allowed: "with privateZoneRoleArn manual or passthrough",
        fix: setCommand("credentialsMode", "manual"),
      },
    ];
  },
);

/** The cloud credential operator mints users through IAM, whose only endpoint is on the internet. */
export const disconnectedClusterMintsNoUsers = rule(
  ["credentialsMode", "mirror", "httpsProxy", "noProxy"],
  ({ credentialsMode, mirror, httpsProxy, noProxy }): KeyProblem[] => {
    if (!isDisconnected(mirror) || httpsIsProxied({ httpsProxy, noProxy }) || ["manual", "passthrough"].includes(credentialsMode))
      return [];
    return [
      {
        key: "credentialsMode",
        wrong: `is ${credentialsMode || "not set, which may mean mint"}, but with mirror ${mirror} and no ${missingProxy(noProxy)} the cluster can't reach IAM to create users`,
        allowed: "manual or passthrough",
        fix: setCommand("credentialsMode", "manual"),
      },
    ];
  },
);
