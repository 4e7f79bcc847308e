import { capacityProblems } from "../../../../config/capacity/rules";
import type { Demand } from "../../../../config/capacity/demand";

const POOLS = {
  masterCount: 3,
  masterInstanceType: "m6i.xlarge",
  workerCount: 3,
  workerInstanceType: "m6i.xlarge",
  infraCount: 0,
  infraInstanceType: "m6i.large",
};

const demand = (more: Partial<Demand>): Demand => ({
  consumer: "the demo",
  pods: 3,
  cpuMillis: 3000,
  memoryMib: 1024,
  nodes: "worker",
  ...more,
});

test("pods that fit on the nodes are accepted", () => {
  expect(capacityProblems(POOLS, [demand({})])).toEqual([]);
});

test("a pod that is larger than a node is refused with both sizes", () => {
  expect(capacityProblems(POOLS, [demand({ memoryMib: 20_480 })])).toEqual([
    {
      key: "workerInstanceType",
      wrong: "is m6i.xlarge, on which pods can request 3.5 vCPU and 14.9 GiB, but a pod of the demo requests 3 vCPU and 20 GiB",
      allowed: "a type on which each pod of the configured services fits",
      fix: "set workerInstanceType to a larger type, or reduce the requests of the service",
    },
  ]);
});

test("pods of which only one fits on a node need a node each, even if the nodes have enough CPU and memory in total", () => {
  expect(capacityProblems({ ...POOLS, workerCount: 4 }, [demand({ pods: 5, cpuMillis: 1800 })])).toEqual([
    {
      key: "workerCount",
      wrong:
        "gives 4 nodes of type m6i.xlarge with 3.5 vCPU and 14.9 GiB each, but the services request 9 vCPU and 5 GiB: the demo 5 × (1.8 vCPU and 1 GiB)",
      allowed: "at least 5 such nodes, and more for the platform's pods and yours",
      fix: "pulumi config set workerCount 5, or set workerInstanceType to a larger type",
    },
  ]);
});

test("services that fit alone but not together are refused, and the problem names all of them", () => {
  const [problem] = capacityProblems(POOLS, [
    demand({ consumer: "one", pods: 3, cpuMillis: 2000 }),
    demand({ consumer: "two", pods: 3, cpuMillis: 2000 }),
  ]);
  expect(problem.key).toBe("workerCount");
  expect(problem.wrong).toContain("the services request 12 vCPU and 6 GiB: one 3 × (2 vCPU and 1 GiB), two 3 × (2 vCPU and 1 GiB)");
  expect(problem.fix).toContain("pulumi config set workerCount 4");
});

test("pods on infra nodes are compared with the infra nodes", () => {
  const problems = capacityProblems({ ...POOLS, infraCount: 3 }, [demand({ nodes: "infra" })]);
  expect(problems.map(({ key }) => key)).toEqual(["infraInstanceType"]);
});

test("without workers the pods are compared with the control plane nodes", () => {
  const compact = { ...POOLS, workerCount: 0 };
  expect(capacityProblems(compact, [demand({})])).toEqual([]);
  expect(capacityProblems(compact, [demand({ cpuMillis: 4000 })]).map(({ key }) => key)).toEqual(["masterInstanceType"]);
});

test("an instance type of unknown size is not compared with the requests", () => {
  expect(capacityProblems({ ...POOLS, workerInstanceType: "m9z.metal" }, [demand({ cpuMillis: 400_000 })])).toEqual([]);
});
