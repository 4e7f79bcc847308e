import { releaseImageProblem } from "../cluster/fields";
import { imageReference } from "../container-images";
import type { ValueProblem } from "../problem";

/** Default instance type of the installer host, by architecture. */
export const INSTALLER_HOST_TYPE = { amd64: "m6i.large", arm64: "m6g.large" } as const;

/**
 * Size of the registry's volume in GiB; this project's choice. One release needs the minimum; the default also has room for the next
 * release.
 */
export const MIN_REGISTRY_VOLUME = 100;
export const DEFAULT_REGISTRY_VOLUME = 200;

export const DEFAULT_REGISTRY_IMAGE = imageReference("registry");

/** Minimum size of the installer host: oc-mirror holds catalogs in memory. */
export const MIN_HOST_SIZE = { vcpus: 2, memoryGib: 8, example: INSTALLER_HOST_TYPE.amd64 };

/** Checks a full pull specification of one specific version. */
export function registryImageProblem(image: string): ValueProblem | undefined {
  const problem = releaseImageProblem(image);
  if (problem !== undefined) return problem;
  if (!image.includes("@sha256:") && !/:v?\d{1,5}\.\d{1,5}\.\d{1,5}(?!\d)[\w.-]{0,110}$/.test(image))
    return { wrong: "has a tag that does not name one specific version" };
  return undefined;
}
