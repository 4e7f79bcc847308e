import { capacityInWords, capacityOf, type Demand, podsPerNode, resourceRequests, totalOf } from "../../../../config/capacity/demand";

const demand = (more: Partial<Demand>): Demand => ({
  consumer: "a demo",
  pods: 1,
  cpuMillis: 1000,
  memoryMib: 1024,
  nodes: "worker",
  ...more,
});

test("a node's capacity is that of its instance type without the kubelet's reservation", () => {
  expect(capacityOf({ vcpus: 4, memoryGib: 16 })).toEqual({ cpuMillis: 3500, memoryMib: 15260 });
});

test.each([
  ["CPU", { cpuMillis: 1000, memoryMib: 1 }, 3],
  ["memory", { cpuMillis: 1, memoryMib: 8000 }, 1],
  ["memory alone", { cpuMillis: 0, memoryMib: 4000 }, 3],
  ["a pod that is larger than the node", { cpuMillis: 3501, memoryMib: 1 }, 0],
])("the number of pods that fit on a node is limited by %s", (_, more, pods) => {
  expect(podsPerNode(demand(more), capacityOf({ vcpus: 4, memoryGib: 16 }))).toBe(pods);
});

test("the total is the sum of the requests of all pods", () => {
  expect(totalOf([demand({ pods: 2 }), demand({ pods: 3, cpuMillis: 100 })])).toEqual({ cpuMillis: 2300, memoryMib: 5120 });
});

test("a capacity is shown in vCPU and GiB", () => {
  expect(capacityInWords({ cpuMillis: 3500, memoryMib: 15260 })).toBe("3.5 vCPU and 14.9 GiB");
});

test("requests are written as Kubernetes quantities", () => {
  expect(resourceRequests({ cpuMillis: 500, memoryMib: 128 })).toEqual({ cpu: "500m", memory: "128Mi" });
});
