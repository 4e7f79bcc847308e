import { setCommand } from "../finding";
import { rule } from "../rule";

/** A cluster has three masters, or one with no one to agree with; the schema lets through 1 to 3. */
export const mastersAreThreeOrOne = rule(["masterCount"], ({ masterCount }) => {
  if (masterCount !== 2) return [];
  return [
    {
      key: "masterCount",
      wrong: "is 2: etcd needs a majority, so the loss of either master would stop the cluster",
      allowed: "3, or 1 for a single-node cluster",
      fix: setCommand("masterCount", 3),
    },
  ];
});

/** A single node is the whole cluster. */
export const singleNodeStandsAlone = rule(["masterCount", "workerCount"], ({ masterCount, workerCount }) => {
  if (masterCount !== 1 || workerCount === 0) return [];
  return [
    {
      key: "workerCount",
      wrong: "is not 0, but a cluster with one master is a single node",
      allowed: "0 with one master; any number with three",
      fix: `${setCommand("workerCount", 0)}, or ${setCommand("masterCount", 3)}`,
    },
  ];
});

/** Infra nodes take the platform's own workloads away from workers; without workers there is nobody to relieve. */
export const infraNodesNeedWorkers = rule(["infraCount", "workerCount"], ({ infraCount, workerCount }) => {
  if (infraCount === 0 || workerCount > 0) return [];
  return [
    {
      key: "infraCount",
      wrong: "is not 0, but there are no workers: with tainted infra nodes only, no application could be scheduled but on masters",
      allowed: "0 in a compact or single-node cluster",
      fix: `${setCommand("infraCount", 0)}, or ${setCommand("workerCount", 2)}`,
    },
  ];
});
