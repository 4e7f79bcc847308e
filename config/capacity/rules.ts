import { exampleDemands } from "../example-application/settings";
import { grafanaDemands } from "../grafana/settings";
import { parseInstanceType } from "../instance-type";
import { LOGGING_DEMAND_KEYS, loggingDemands } from "../logging/settings";
import { type KeyProblem, setCommand } from "../problem";
import { type Rule, rule } from "../rule";
import type { Settings } from "../schema";
import { ELASTIC_DEMAND_KEYS, elasticDemands } from "../elastic/settings";
import { VELERO_DEMAND_KEYS, veleroDemands } from "../velero/settings";
import { capacityInWords, capacityOf, type Demand, type NodeCapacity, podsPerNode, totalOf } from "./demand";

/** For each service, the function that computes its demands, and the keys that this function reads. */
const SERVICES = [
  { reads: VELERO_DEMAND_KEYS, demands: veleroDemands },
  { reads: ["exampleApplication"], demands: exampleDemands },
  { reads: ELASTIC_DEMAND_KEYS, demands: elasticDemands },
  { reads: ["grafana", "grafanaOnInfraNodes", "infraCount"], demands: grafanaDemands },
  { reads: LOGGING_DEMAND_KEYS, demands: loggingDemands },
] as const;

const POOL_KEYS = ["masterCount", "masterInstanceType", "workerCount", "workerInstanceType", "infraCount", "infraInstanceType"] as const;

type PoolFacts = Pick<Settings, (typeof POOL_KEYS)[number]>;

/** The nodes on which services run, and the keys that set their number and instance type. */
interface Nodes {
  readonly count: number;
  readonly instanceType: string;
  readonly countKey: string;
  readonly typeKey: string;
}

/**
 * The services must fit on the nodes on which they run. The rule compares the services' requests with the full capacity of the nodes. It does not
 * count the platform's pods and the users' pods, so it refuses only services that can never fit.
 */
export const servicesFitOnTheirNodes: Rule = rule([...POOL_KEYS, ...SERVICES.flatMap(({ reads }) => reads)], (facts) =>
  capacityProblems(
    facts,
    SERVICES.flatMap((service) => service.demands(facts)),
  ),
);

/** Problems of demands that do not fit on the nodes of their kind. */
export function capacityProblems(facts: PoolFacts, demands: readonly Demand[]): KeyProblem[] {
  return (["worker", "infra"] as const).flatMap((kind) => {
    const nodes = nodesOf(kind, facts);
    return nodes
      ? problemsOn(
          nodes,
          demands.filter((demand) => demand.nodes === kind),
        )
      : [];
  });
}

/** The nodes of a kind; undefined if there are none. Without workers, the control plane nodes run the pods. */
function nodesOf(kind: Demand["nodes"], facts: PoolFacts): Nodes | undefined {
  if (kind === "infra")
    return facts.infraCount > 0
      ? { count: facts.infraCount, instanceType: facts.infraInstanceType, countKey: "infraCount", typeKey: "infraInstanceType" }
      : undefined;
  return facts.workerCount > 0
    ? { count: facts.workerCount, instanceType: facts.workerInstanceType, countKey: "workerCount", typeKey: "workerInstanceType" }
    : { count: facts.masterCount, instanceType: facts.masterInstanceType, countKey: "workerCount", typeKey: "masterInstanceType" };
}

function problemsOn(nodes: Nodes, demands: readonly Demand[]): KeyProblem[] {
  const { vcpus, memoryGib } = parseInstanceType(nodes.instanceType) ?? {};
  if (vcpus === undefined || memoryGib === undefined) return [];
  const capacity = capacityOf({ vcpus, memoryGib });
  const large = demands.filter((demand) => podsPerNode(demand, capacity) < 1);
  if (large.length > 0) return large.map((demand) => tooLarge(demand, nodes, capacity));
  const many = demands.filter((demand) => podsPerNode(demand, capacity) * nodes.count < demand.pods);
  const total = totalOf(demands);
  const all = { cpuMillis: capacity.cpuMillis * nodes.count, memoryMib: capacity.memoryMib * nodes.count };
  return many.length > 0 || total.cpuMillis > all.cpuMillis || total.memoryMib > all.memoryMib
    ? [tooMany(many.length > 0 ? many : demands, nodes, capacity)]
    : [];
}

function tooLarge(demand: Demand, { instanceType, typeKey }: Nodes, capacity: NodeCapacity): KeyProblem {
  return {
    key: typeKey,
    wrong: `is ${instanceType}, on which pods can request ${capacityInWords(capacity)}, but a pod of ${demand.consumer} requests ${capacityInWords(demand)}`,
    allowed: "a type on which each pod of the configured services fits",
    fix: `set ${typeKey} to a larger type, or reduce the requests of the service`,
  };
}

function tooMany(demands: readonly Demand[], { count, instanceType, countKey, typeKey }: Nodes, capacity: NodeCapacity): KeyProblem {
  const list = demands.map((demand) => `${demand.consumer} ${demand.pods} × (${capacityInWords(demand)})`).join(", ");
  const needed = nodesFor(demands, capacity);
  return {
    key: countKey,
    wrong: `gives ${count} nodes of type ${instanceType} with ${capacityInWords(capacity)} each, but the services request ${capacityInWords(totalOf(demands))}: ${list}`,
    allowed: `at least ${needed} such nodes, and more for the platform's pods and yours`,
    fix: `${setCommand(countKey, needed)}, or set ${typeKey} to a larger type`,
  };
}

/** The smallest number of nodes on which the pods may fit. */
function nodesFor(demands: readonly Demand[], capacity: NodeCapacity): number {
  const total = totalOf(demands);
  return Math.max(
    Math.ceil(total.cpuMillis / capacity.cpuMillis),
    Math.ceil(total.memoryMib / capacity.memoryMib),
    ...demands.map((demand) => Math.ceil(demand.pods / podsPerNode(demand, capacity))),
  );
}
