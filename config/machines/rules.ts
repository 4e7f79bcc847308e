import { type KeyProblem, type ValueProblem, setCommand } from "../finding";
import { type InstanceType, parseInstanceType } from "../instance-type";
import { rule } from "../rule";

/** Minimum size of an instance by role (openshift/installer, pkg/asset/installconfig/aws/validation.go: controlPlaneReq and computeReq). */
export const MASTER_NEEDS = { vcpus: 4, memoryGib: 16, example: "m6i.xlarge" };
export const WORKER_NEEDS = { vcpus: 2, memoryGib: 8, example: "m6i.large" };
/** A single node runs the whole platform (OpenShift documentation, "Requirements for installing OpenShift on a single node"). */
export const SINGLE_NODE_NEEDS = { vcpus: 8, memoryGib: 16, example: "m6i.2xlarge" };

const POOL_KEYS = [
  "masterCount",
  "workerCount",
  "infraCount",
  "masterInstanceType",
  "workerInstanceType",
  "infraInstanceType",
  "bootstrapInstanceType",
] as const;

/** Checks the name of an EC2 instance type that can run the cluster's operating system. */
export function instanceTypeProblem(name: string): ValueProblem | undefined {
  if (parseInstanceType(name)) return undefined;
  if (name.startsWith("mac")) return { wrong: "is a Mac, which can't run the cluster's operating system" };
  const lower = name.trim().toLowerCase();
  if (lower !== name && parseInstanceType(lower)) return { wrong: "is not spelled as AWS spells it", instead: lower };
  return { wrong: "is not the name of an EC2 instance type" };
}

/** Checks the name of an instance type, or of a family followed by `.*`. */
export function approvedTypeProblem(name: string): ValueProblem | undefined {
  return instanceTypeProblem(name.endsWith(".*") ? name.replace(/\*$/, "xlarge") : name);
}

/** Problem of an instance type that is smaller than a role needs; empty if it is large enough. */
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

/** Every instance must be large enough for its role. */
export const machinesAreLargeEnough = rule(POOL_KEYS, (facts) => {
  const check = (key: (typeof POOL_KEYS)[number], needs: typeof MASTER_NEEDS, role: string): KeyProblem[] => {
    const type = parseInstanceType(String(facts[key]));
    return type ? tooSmall(key, type, needs, role) : [];
  };
  return [
    ...(facts.masterCount === 1
      ? check("masterInstanceType", SINGLE_NODE_NEEDS, "a single-node cluster")
      : check("masterInstanceType", MASTER_NEEDS, "a control plane node")),
    ...(facts.workerCount > 0 ? check("workerInstanceType", WORKER_NEEDS, "a worker") : []),
    ...(facts.infraCount > 0 ? check("infraInstanceType", WORKER_NEEDS, "an infra node") : []),
    ...check("bootstrapInstanceType", MASTER_NEEDS, "the bootstrap instance, which runs a temporary control plane"),
  ];
});

/** All instances must have the control plane's architecture: the release's images and the user data are for one architecture. */
export const machinesShareOneArchitecture = rule(POOL_KEYS, (facts) => {
  const masters = parseInstanceType(facts.masterInstanceType);
  if (!masters) return [];
  const others: readonly [key: (typeof POOL_KEYS)[number], used: boolean][] = [
    ["workerInstanceType", facts.workerCount > 0],
    ["infraInstanceType", facts.infraCount > 0],
    ["bootstrapInstanceType", facts.bootstrapInstanceType !== ""],
  ];
  return others.flatMap(([key, used]) => {
    const type = used ? parseInstanceType(String(facts[key])) : undefined;
    if (!type || type.architecture === masters.architecture) return [];
    return [
      {
        key,
        wrong: `is ${spoken(type)}, but masterInstanceType (${masters.name}) is ${spoken(masters)}`,
        allowed: "one architecture for all instances, because the release, the AMI and the ignition configs are for one",
        fix:
          key === "bootstrapInstanceType"
            ? "pulumi config rm bootstrapInstanceType (then masterInstanceType is used)"
            : setCommand(key, masters.name),
      },
    ];
  });
});

function spoken(type: InstanceType): string {
  return type.architecture === "arm64" ? "arm64" : "x86_64";
}
