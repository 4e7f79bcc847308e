import { imageReference } from "../container-images";
import { type KeyProblem, type ValueProblem, removeCommand, setCommand } from "../finding";
import { parseInstanceType } from "../instance-type";
import { rule } from "../rule";
import { holdsUserinfo } from "../url";
import { releaseImageProblem } from "../cluster/rules";

/** Default instance type of the installer host, by architecture. */
export const INSTALLER_HOST_TYPE = { amd64: "m6i.large", arm64: "m6g.large" } as const;

/** GiB: this project's choice of 100 for one release, and by default room for the next one. */
export const LEAST_REGISTRY_VOLUME = 100;
export const DEFAULT_REGISTRY_VOLUME = 200;

export const DEFAULT_REGISTRY_IMAGE = imageReference("registry");

/** Minimum size of the host: oc-mirror holds catalogs in memory. */
export const NEEDS = { vcpus: 2, memoryGib: 8, example: INSTALLER_HOST_TYPE.amd64 };

/** Checks a full pull specification of one specific version. */
export function registryImageProblem(image: string): ValueProblem | undefined {
  const problem = releaseImageProblem(image);
  if (problem !== undefined) return problem;
  if (!image.includes("@sha256:") && !/:v?\d{1,5}\.\d{1,5}\.\d{1,5}(?!\d)[\w.-]{0,110}$/.test(image))
    return { wrong: "has a tag that does not name one specific version" };
  return undefined;
}

/** Without an installer host its keys have no effect; whoever sets one probably wants a host. */
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

/** The host must have the control plane's architecture, because it boots the same image, and be large enough. */
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
  if ((type.vcpus ?? NEEDS.vcpus) < NEEDS.vcpus || (type.memoryGib ?? NEEDS.memoryGib) < NEEDS.memoryGib) {
    return [
      {
        key,
        wrong: "is too small for the installer host",
        allowed: `a type with at least ${NEEDS.vcpus} vCPU and ${NEEDS.memoryGib} GiB of memory`,
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
