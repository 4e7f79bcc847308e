import { setCommand } from "../finding";
import { rule } from "../rule";

/** A cluster has three control plane nodes, or one. The schema allows 1 to 3, so this rule refuses 2. */
export const controlPlaneIsThreeOrOne = rule(["masterCount"], ({ masterCount }) => {
  if (masterCount !== 2) return [];
  return [
    {
      key: "masterCount",
      wrong: "is 2, but etcd needs a majority, so the loss of either node would stop the cluster",
      allowed: "3, or 1 for a single-node cluster",
      fix: setCommand("masterCount", 3),
    },
  ];
});

/** A single node is the whole cluster. */
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
