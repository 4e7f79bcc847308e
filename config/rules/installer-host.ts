import { imageReference } from "../container-images";
import { type Finding, type Flaw, removeCommand, setCommand } from "../finding";
import { parseInstanceType } from "../instance-type";
import { rule } from "../rule";
import { holdsUserinfo } from "../url";
import { releaseImageFlaw } from "./release";

/** The host's type where none is configured, by architecture. */
export const INSTALLER_HOST_TYPE = { amd64: "m6i.large", arm64: "m6g.large" } as const;

/** GiB: what a release needs, and room for the next one (reference, section 8). */
export const LEAST_REGISTRY_VOLUME = 100;
export const DEFAULT_REGISTRY_VOLUME = 200;

export const DEFAULT_REGISTRY_IMAGE = imageReference("registry");

/** What the host needs at least: oc-mirror holds catalogs in memory. */
export const NEEDS = { vcpus: 2, memoryGib: 8, example: INSTALLER_HOST_TYPE.amd64 };

/** Whether a text is a full pull specification of one version. */
export function registryImageFlaw(image: string): Flaw | undefined {
  const flaw = releaseImageFlaw(image);
  if (flaw !== undefined) return flaw;
  if (!image.includes("@sha256:") && !/:v?\d{1,5}\.\d{1,5}\.\d{1,5}(?!\d)[\w.-]{0,110}$/.test(image))
    return { wrong: "has a tag that moves from one version to the next" };
  return undefined;
}

/** Keys of a host that is not made have no effect, and are most likely there for want of one. */
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
  (facts): Finding[] => {
    if (facts.installerHost) return [];
    const set: readonly (readonly [key: string, isSet: boolean])[] = [
      ["installerHostInstanceType", facts.installerHostInstanceType !== ""],
      ["installerHostImageId", facts.installerHostImageId !== ""],
      ["registryStorage", facts.registryStorage !== "volume"],
      ["registryVolumeSize", facts.registryVolumeSize !== DEFAULT_REGISTRY_VOLUME],
      ["registryImage", facts.registryImage !== DEFAULT_REGISTRY_IMAGE],
      ["registryRotation", facts.registryRotation !== ""],
    ];
    return set
      .filter(([, isSet]) => isSet)
      .map(([key]) => ({
        key,
        wrong: "is set, but there is no installer host",
        allowed: "with installerHost true only",
        fix: `${setCommand("installerHost", "true")}, or ${removeCommand(key)}`,
      }));
  },
);

/** The host boots the masters' image, and is large enough. */
export const installerHostFits = rule(["installerHost", "installerHostInstanceType", "masterInstanceType"], (facts): Finding[] => {
  const key = "installerHostInstanceType";
  const type = facts.installerHost ? parseInstanceType(facts.installerHostInstanceType) : undefined;
  const masters = parseInstanceType(facts.masterInstanceType);
  if (type === undefined || masters === undefined) return [];
  const fix = `${removeCommand(key)} (${INSTALLER_HOST_TYPE[masters.architecture]} is then taken)`;
  if (type.architecture !== masters.architecture) {
    return [
      {
        key,
        wrong: `is ${type.architecture}, but masterInstanceType (${masters.name}) is ${masters.architecture}`,
        allowed: "the masters' architecture: both boot the same image",
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

/** The proxy stands in the host's user data, which every machine with `ec2:Describe*` can read. */
export const installerHostProxyHasNoPassword = rule(["installerHost", "httpProxy", "httpsProxy"], (facts): Finding[] => {
  if (!facts.installerHost) return [];
  return (["httpProxy", "httpsProxy"] as const)
    .filter((key) => holdsUserinfo(facts[key]))
    .map((key) => ({
      key,
      wrong: "has a user or a password in it, which the installer host's user data would show to every machine",
      allowed: "with installerHost true a proxy that admits the VPC's addresses without a password",
      fix: `${setCommand("installerHost", "false")}, or give a URL without user and password`,
    }));
});
