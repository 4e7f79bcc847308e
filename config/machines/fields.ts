import { type KeyProblem, setCommand, type ValueProblem } from "../problem";
import { type InstanceType, parseInstanceType } from "../instance-type";

/** Minimum size of an instance by role (openshift/installer, pkg/asset/installconfig/aws/validation.go: controlPlaneReq and computeReq). */
export const MASTER_NEEDS = { vcpus: 4, memoryGib: 16, example: "m6i.xlarge" };
export const WORKER_NEEDS = { vcpus: 2, memoryGib: 8, example: "m6i.large" };
/**
 * Minimum size of a single node, which runs the whole platform (OpenShift documentation, "Requirements for installing OpenShift on a single
 * node").
 */
export const SINGLE_NODE_NEEDS = { vcpus: 8, memoryGib: 16, example: "m6i.2xlarge" };

/** Checks the name of an EC2 instance type that can run the cluster's operating system. */
export function instanceTypeProblem(name: string): ValueProblem | undefined {
  if (parseInstanceType(name)) return undefined;
  if (name.startsWith("mac")) return { wrong: "is a Mac, which can't run the cluster's operating system" };
  const lower = name.trim().toLowerCase();
  if (lower !== name && parseInstanceType(lower)) return { wrong: "is not spelled as AWS spells it", instead: lower };
  return { wrong: "is not a valid name of an EC2 instance type" };
}

/** Checks the name of an instance type, or of a family followed by `.*`. */
export function approvedTypeProblem(name: string): ValueProblem | undefined {
  return instanceTypeProblem(name.endsWith(".*") ? name.replace(/\*$/, "xlarge") : name);
}

/** The problem of an instance type that is too small for a role; empty if the type is large enough. */
export function tooSmall(
  key: string,
  type: Pick<InstanceType, "architecture" | "vcpus" | "memoryGib">,
  needs: typeof MASTER_NEEDS,
  role: string,
): Required<Omit<KeyProblem, "instead">>[] {
  const lacks = [
    ...(type.vcpus !== undefined && type.vcpus < needs.vcpus ? [`${type.vcpus} vCPU`] : []),
    ...(type.memoryGib !== undefined && type.memoryGib < needs.memoryGib ? [`${type.memoryGib} GiB of memory`] : []),
  ];
  if (lacks.length === 0) return [];
  const example = type.architecture === "arm64" ? needs.example.replace("m6i", "m6g") : needs.example;
  return [
    {
      key,
      wrong: `is too small for ${role}: it has only ${lacks.join(" and ")}`,
      allowed: `a type with at least ${needs.vcpus} vCPU and ${needs.memoryGib} GiB of memory`,
      fix: setCommand(key, example),
    },
  ];
}

/** Default throughput in MiB/s and default IOPS of a gp3 volume. Other volume types have no throughput setting. */
export const BASE_THROUGHPUT = 125;
export const BASE_IOPS = 3_000;

/** Minimum GiB of a node's disk (OpenShift documentation, "Minimum resource requirements for cluster installation"). */
export const MIN_NODE_DISK = 100;
/** Maximum GiB of a gp3 volume (EBS user guide). */
export const MAX_DISK_GIB = 65_536;

export const MAX_GP3_IOPS = 80_000;

export const MAX_IOPS = 256_000;
export const MAX_THROUGHPUT = 2_000;
