import { enabledCapabilities, minorOfSet, CAPABILITY_NEEDS } from "../capabilities";
import { type KeyProblem, removeCommand, setCommand, setItemCommand } from "../problem";
import { parseInstanceType } from "../instance-type";
import { isDisconnected } from "../mirror/fields";
import { httpsIsProxied, missingProxy } from "../proxy/fields";
import type { BaselineSet } from "../releases/capability-sets";
import { capabilitiesOf } from "../releases/facts";
import { compareMinors, type Minor, minorName } from "../releases/minor";
import { minorOf } from "../releases/version";
import { rule } from "../rule";
import { sshKeyLine } from "../ssh-key";

/**
 * The release must have the baseline set and the additional capabilities. The capabilities that every cluster on AWS needs must be enabled.
 */
export const capabilitiesFitRelease = rule(
  ["release", "baselineCapabilitySet", "additionalEnabledCapabilities"],
  ({ release, baselineCapabilitySet: set, additionalEnabledCapabilities: additional }): KeyProblem[] => {
    const minor = minorOf(release);
    if (set === "") return additional.length === 0 ? [] : [nothingToAddTo(additional)];
    const known = capabilitiesOf(minor);
    const ofSet = minorOfSet(set);
    return [
      ...(ofSet !== undefined && compareMinors(ofSet, minor) > 0 ? [tooNew(set, minor)] : []),
      ...additional
        .filter((name) => !known.includes(name))
        .map((name) => ({
          key: "additionalEnabledCapabilities",
          wrong: `names ${name}, which is not a capability of ${minorName(minor)}`,
          allowed: known.join(", "),
          fix: "remove it from the list",
        })),
      ...leftOut(minor, set, additional),
    ];
  },
);

function leftOut(minor: Minor, set: BaselineSet, additional: readonly string[]): KeyProblem[] {
  const enabled = enabledCapabilities(minor, set, additional);
  const missing = new Map<string, string>();
  const known = capabilitiesOf(minor);
  for (const name of known.filter((each) => each in CAPABILITY_NEEDS)) {
    const { neededBecause, dependsOn } = CAPABILITY_NEEDS[name];
    if (neededBecause !== undefined && !enabled.has(name)) missing.set(name, neededBecause);
    if (dependsOn !== undefined && enabled.has(name) && !enabled.has(dependsOn) && known.includes(dependsOn))
      missing.set(dependsOn, `${name} needs it`);
  }
  return [...missing].map(([name, why], index) => ({
    key: "baselineCapabilitySet",
    wrong: `lacks ${name}, but ${why}`,
    allowed: `a set with ${name}, or ${name} among additionalEnabledCapabilities`,
    fix: setItemCommand("additionalEnabledCapabilities", additional.length + index, name),
  }));
}

function tooNew(set: BaselineSet, minor: Minor): KeyProblem {
  return {
    key: "baselineCapabilitySet",
    wrong: `is ${set}, but the release is ${minorName(minor)}`,
    allowed: `a set up to v${minorName(minor)}, None or vCurrent`,
    fix: setCommand("baselineCapabilitySet", "vCurrent"),
  };
}

function nothingToAddTo(additional: readonly string[]): KeyProblem {
  return {
    key: "additionalEnabledCapabilities",
    wrong: `names ${additional.join(", ")}, but baselineCapabilitySet is not set, so all capabilities are enabled already`,
    allowed: "additional capabilities together with a baseline set that lacks them",
    fix: `${setCommand("baselineCapabilitySet", "None")}, or ${removeCommand("additionalEnabledCapabilities")}`,
  };
}

/**
 * The trust policy of the private zone's role must name the IAM users that assume the role, but the names of minted users are not known in
 * advance (openshift/installer, ValidatePlatform).
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

/**
 * The cloud credential operator mints users through IAM. A disconnected cluster without a proxy can't reach IAM, whose only endpoint is on
 * the internet.
 */
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

/**
 * FIPS mode needs validated cryptographic modules. On AWS only x86_64 has them, and OKD has none (OpenShift documentation, "Support for
 * FIPS cryptography").
 */
export const fipsIsValidated = rule(["fips", "distribution", "masterInstanceType"], ({ fips, distribution, masterInstanceType }) => {
  if (!fips) return [];
  const problems: KeyProblem[] = [];
  if (distribution !== "openshift") {
    problems.push({
      key: "fips",
      wrong: "is true, but distribution is okd, whose cryptographic modules are not validated",
      allowed: "true only with distribution openshift",
      fix: `${setCommand("distribution", "openshift")}, or ${setCommand("fips", "false")}`,
    });
  }
  if (parseInstanceType(masterInstanceType)?.architecture === "arm64") {
    problems.push({
      key: "fips",
      wrong: `is true, but masterInstanceType (${masterInstanceType}) is arm64, which has no validated modules`,
      allowed: "true only with x86_64 instance types",
      fix: `${setCommand("masterInstanceType", "m6i.xlarge")} and the same for the other instance types, or ${setCommand("fips", "false")}`,
    });
  }
  return problems;
});

/**
 * sshd on a node in FIPS mode accepts only RSA and ECDSA keys (openshift/installer, `pkg/types/validation/installconfig.go`:
 * validateFIPSconfig).
 */
export const fipsKnowsSshKey = rule(["fips", "sshPublicKey"], ({ fips, sshPublicKey }) => {
  const [type = ""] = sshKeyLine(sshPublicKey).split(/\s+/);
  if (!fips || sshPublicKey === "" || /^(ssh-rsa|ecdsa-sha2-nistp\d{3})$/.test(type)) return [];
  return [
    {
      key: "sshPublicKey",
      wrong: `is of type ${type}, which sshd refuses in FIPS mode`,
      allowed: "an ecdsa key, or rsa with at least 2048 bits",
      fix: 'ssh-keygen -t ecdsa -f okd-key && pulumi config set sshPublicKey -- "$(cat okd-key.pub)"',
    },
  ];
});
