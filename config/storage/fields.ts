import { isIP } from "node:net";
import type { ValueProblem } from "../problem";
import { isDnsLabel } from "../object-name";

/** The storage classes that OpenShift's EBS operator creates, and resets when they are changed. */
const CLUSTERS_OWN = ["gp3-csi", "gp2-csi"];

export function objectNameProblem(name: string): ValueProblem | undefined {
  if (CLUSTERS_OWN.includes(name)) return { wrong: "is a built-in class of the cluster" };
  return isDnsLabel(name) ? undefined : { wrong: "is not a name of lower-case letters, digits and hyphens" };
}

export function fileSystemProblem(id: string): ValueProblem | undefined {
  return /^fs-([0-9a-f]{8}|[0-9a-f]{17})$/.test(id) ? undefined : { wrong: "is not the ID of an EFS file system" };
}

export function nfsServerProblem(server: string): ValueProblem | undefined {
  return isIP(server) !== 0 || /^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$/i.test(server)
    ? undefined
    : { wrong: "is neither a host name nor an IP address" };
}

export function shareProblem(path: string): ValueProblem | undefined {
  return /^\/[^\s]*$/.test(path) ? undefined : { wrong: "is not a path that starts with /" };
}

/** Largest user and group ID of an access point (EFS API reference, PosixUser). */
export const MAX_GROUP_ID = 4_294_967_295;

/** Checks the mode of a directory: three or four octal digits. */
export function directoryPermissionsProblem(text: string): ValueProblem | undefined {
  return /^[0-7]{3,4}$/.test(text)
    ? undefined
    : { wrong: "is not the mode of a directory", allowed: "three or four octal digits such as 700 or 2770" };
}
