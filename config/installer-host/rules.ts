import { type KeyProblem, removeCommand, setCommand } from "../problem";
import { parseInstanceType } from "../instance-type";
import { rule } from "../rule";
import { holdsUserinfo } from "../url";
import { DEFAULT_REGISTRY_IMAGE, DEFAULT_REGISTRY_VOLUME, INSTALLER_HOST_TYPE, MIN_HOST_SIZE } from "./fields";

/** Without an installer host, the installer host's keys have no effect. A user who sets such a key probably wants an installer host. */
export const installerHostIsWanted = rule(
  [
    "installerHost",
    "installerHostInstanceType",
    "installerHostImageId",
    "registryStorage",
    "registryVolumeSize",
    "registryImage",
    "registryRotation",
  ],
  (facts): KeyProblem[] => {
    if (facts.installerHost) return [];
    const candidates: readonly (readonly [key: string, isSet: boolean])[] = [
      ["installerHostInstanceType", facts.installerHostInstanceType !== ""],
      ["installerHostImageId", facts.installerHostImageId !== ""],
      ["registryStorage", facts.registryStorage !== "volume"],
      ["registryVolumeSize", facts.registryVolumeSize !== DEFAULT_REGISTRY_VOLUME],
      ["registryImage", facts.registryImage !== DEFAULT_REGISTRY_IMAGE],
      ["registryRotation", facts.registryRotation !== ""],
    ];
    return candidates
      .filter(([, isSet]) => isSet)
      .map(([key]) => ({
        key,
        wrong: "is set, but there is no installer host",
        allowed: "only with installerHost true",
        fix: `${setCommand("installerHost", "true")}, or ${removeCommand(key)}`,
      }));
  },
);

/** The host must be large enough. It must have the control plane's architecture, because both boot the same image. */
export const installerHostFits = rule(["installerHost", "installerHostInstanceType", "masterInstanceType"], (facts): KeyProblem[] => {
  const key = "installerHostInstanceType";
  const type = facts.installerHost ? parseInstanceType(facts.installerHostInstanceType) : undefined;
  const masters = parseInstanceType(facts.masterInstanceType);
  if (type === undefined || masters === undefined) return [];
  const fix = `${removeCommand(key)} (${INSTALLER_HOST_TYPE[masters.architecture]} is then used)`;
  if (type.architecture !== masters.architecture) {
    return [
      {
        key,
        wrong: `is ${type.architecture}, but masterInstanceType (${masters.name}) is ${masters.architecture}`,
        allowed: "the control plane's architecture, because both boot the same image",
        fix,
      },
    ];
  }
  if ((type.vcpus ?? MIN_HOST_SIZE.vcpus) < MIN_HOST_SIZE.vcpus || (type.memoryGib ?? MIN_HOST_SIZE.memoryGib) < MIN_HOST_SIZE.memoryGib) {
    return [
      {
        key,
        wrong: "is too small for the installer host",
        allowed: `a type with at least ${MIN_HOST_SIZE.vcpus} vCPU and ${MIN_HOST_SIZE.memoryGib} GiB of memory`,
        fix,
      },
    ];
  }
  return [];
});

/** The host's user data contains the proxy's URL, and every instance with `ec2:Describe*` can read user data. */
export const installerHostProxyHasNoPassword = rule(["installerHost", "httpProxy", "httpsProxy"], (facts): KeyProblem[] => {
  if (!facts.installerHost) return [];
  return (["httpProxy", "httpsProxy"] as const)
    .filter((key) => holdsUserinfo(facts[key]))
    .map((key) => ({
      key,
      wrong: "has a user or a password in it, which every instance could read in the installer host's user data",
      allowed: "with installerHost true, a proxy that accepts the VPC's addresses without a password",
      fix: `${setCommand("installerHost", "false")}, or set a URL without user and password`,
    }));
});
