import { type KeyProblem, setCommand } from "../problem";
import { type InstanceType, parseInstanceType } from "../instance-type";
import { rule } from "../rule";
import { MASTER_NEEDS, SINGLE_NODE_NEEDS, tooSmall, WORKER_NEEDS } from "./fields";

const POOL_KEYS = [
  "masterCount",
  "workerCount",
  "infraCount",
  "masterInstanceType",
  "workerInstanceType",
  "infraInstanceType",
  "bootstrapInstanceType",
] as const;

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
        wrong: `is ${typeInWords(type)}, but masterInstanceType (${masters.name}) is ${typeInWords(masters)}`,
        allowed: "one architecture for all instances, because the release, the AMI and the ignition configs are for one architecture",
        fix:
          key === "bootstrapInstanceType"
            ? "pulumi config rm bootstrapInstanceType (then masterInstanceType is used)"
            : setCommand(key, masters.name),
      },
    ];
  });
});

function typeInWords(type: InstanceType): string {
  return type.architecture === "arm64" ? "arm64" : "x86_64";
}

/** A cluster has three control plane nodes, or one. The schema allows 1 to 3, so this rule refuses 2. */
export const controlPlaneIsThreeOrOne = rule(["masterCount"], ({ masterCount }) => {
  if (masterCount !== 2) return [];
  return [
    {
      key: "masterCount",
      wrong: "is 2, but etcd needs a majority, so the loss of one of the two nodes would stop the cluster",
      allowed: "3, or 1 for a single-node cluster",
      fix: setCommand("masterCount", 3),
    },
  ];
});

/** A single-node cluster has no workers. */
export const singleNodeHasNoWorkers = rule(["masterCount", "workerCount"], ({ masterCount, workerCount }) => {
  if (masterCount !== 1 || workerCount === 0) return [];
  return [
    {
      key: "workerCount",
      wrong: "is not 0, but masterCount is 1, which makes a single-node cluster without workers",
      allowed: "0 with masterCount 1; any number with masterCount 3",
      fix: `${setCommand("workerCount", 0)}, or ${setCommand("masterCount", 3)}`,
    },
  ];
});

/** Infra nodes take over platform workloads from workers, so without workers they make no sense. */
export const infraNodesNeedWorkers = rule(["infraCount", "workerCount"], ({ infraCount, workerCount }) => {
  if (infraCount === 0 || workerCount > 0) return [];
  return [
    {
      key: "infraCount",
      wrong: "is not 0, but there are no workers: infra nodes are tainted, so applications could only run on the control plane",
      allowed: "0 in a compact or single-node cluster",
      fix: `${setCommand("infraCount", 0)}, or ${setCommand("workerCount", 2)}`,
    },
  ];
});
