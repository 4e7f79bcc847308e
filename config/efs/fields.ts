import { tenantNamespaceProblem } from "../access-control/fields";
import { parseQuantity } from "../access-control/quantity";
import { isObjectName } from "../object-name";
import type { ValueProblem } from "../problem";

/** Days after which EFS can move a file to infrequent access (EFS API reference, LifecyclePolicy: TransitionToIA). 0: never. */
export const INFREQUENT_ACCESS_DAYS: readonly number[] = [0, 1, 7, 14, 30, 60, 90, 180, 270, 365];

/** Maximum MiB/s of provisioned throughput (EFS API reference, CreateFileSystem: ProvisionedThroughputInMibps). A region may allow less. */
export const MAX_PROVISIONED_MIBPS = 3414;

/** Checks the name of a PersistentVolume or a claim. */
export function volumeNameProblem(name: string): ValueProblem | undefined {
  return isObjectName(name)
    ? undefined
    : { wrong: "is not a valid name of an object", allowed: "lower-case letters, digits, hyphens and dots, at most 253 characters" };
}

/** Checks a path on a file system. Kubernetes refuses `..` (kubernetes/kubernetes, `pkg/apis/core/validation/validation.go`, release-1.32). */
export function volumePathProblem(path: string): ValueProblem | undefined {
  const allowed = "an absolute path such as /web, without spaces and ..";
  if (!/^\/[^\s]*$/.test(path)) return { wrong: "is not a path that starts with /", allowed };
  return path.split("/").includes("..") ? { wrong: "has the part ..", allowed } : undefined;
}

/** Checks the size of a volume: a quantity of at least one byte. A claim that the program creates requests this size. */
export function volumeSizeProblem(text: string): ValueProblem | undefined {
  const bytes = parseQuantity(text);
  return bytes !== undefined && bytes >= 1 && Number.isFinite(bytes)
    ? undefined
    : { wrong: "is not a size", allowed: "a Kubernetes quantity such as 100Gi" };
}

/** Checks the namespace of a claim. */
export const claimNamespaceProblem = tenantNamespaceProblem;
