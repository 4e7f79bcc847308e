/** The name, labels, taints and size of a simulated instance's node. */
import { kubeletName, nodeObject, nodeResources, nodeStatus, roleLabels } from "../../../../sandbox/cluster/node";
import type { Instance } from "../../../../sandbox/machines";

test.each([
  ["ip-10-0-0-1.ec2.internal", "ip-10-0-0-1.ec2.internal"],
  ["ip-10-0-0-1.corp.example.com corp.internal", "ip-10-0-0-1.corp.example.com"],
  ["ip-10-0-0-1.corp.example.com.", "ip-10-0-0-1.corp.example.com"],
  ["ip-10-0-0-1.Corp.Example.COM", "ip-10-0-0-1.corp.example.com"],
  ["ip-10-0-0-1", "ip-10-0-0-1"],
  ["i-0123456789abcdef0.corp.example.com", "i-0123456789abcdef0.corp.example.com"],
])("a kubelet's node name is the first host name, without its dot, in lower case: %s", (localHostname, name) => {
  expect(kubeletName({ localHostname })).toBe(name);
});

test("a new node has a taint until the cloud controller has given the node its addresses and the labels of zone and instance type", () => {
  const instance = { id: "i-1", zone: "us-east-1a", instanceType: "m6i.large", privateIp: "10.0.0.1", launched: new Date() } as Instance;
  const { metadata, spec } = nodeObject("ip-10-0-0-1.corp.example.com", instance, "master", false);
  expect(metadata.name).toBe("ip-10-0-0-1.corp.example.com");
  expect(Object.keys(metadata.labels ?? {}).filter((label) => /topology|instance-type/.test(label))).toEqual([]);
  expect(spec).toEqual({
    providerID: "aws:///us-east-1a/i-1",
    taints: [
      { key: "node.cloudprovider.kubernetes.io/uninitialized", value: "true", effect: "NoSchedule" },
      { key: "node-role.kubernetes.io/master", effect: "NoSchedule" },
    ],
  });
  expect(nodeStatus(instance)).not.toHaveProperty("addresses");
});

test.each([
  ["master", false, ["control-plane", "master"]],
  ["master", true, ["control-plane", "master", "worker"]],
  ["worker", true, ["worker"]],
])("a node of the pool %s, with schedulable control plane nodes %s, has the roles %s", (role, schedulable, roles) => {
  const labels = Object.keys(roleLabels(role, schedulable));
  expect(labels.map((label) => label.replace("node-role.kubernetes.io/", "")).sort()).toEqual(roles);
});

test.each([
  ["m6i.large", 2, 8, { cpu: "2", memory: "7577Mi" }, { cpu: "1500m", memory: "6453Mi" }],
  ["m6i.xlarge", 4, 16, { cpu: "4", memory: "15155Mi" }, { cpu: "3500m", memory: "14031Mi" }],
  ["m6i.2xlarge", 8, 32, { cpu: "8", memory: "30310Mi" }, { cpu: "7500m", memory: "29186Mi" }],
])("on a node of type %s, pods can use the capacity without the kubelet's reservation", (_type, cpus, gib, capacity, allocatable) => {
  const resources = nodeResources({ cpus, memoryMib: gib * 1024 });
  expect(resources.capacity).toEqual({ ...capacity, pods: "250", "ephemeral-storage": "120Gi" });
  expect(resources.allocatable).toEqual({ ...allocatable, pods: "250", "ephemeral-storage": "107Gi" });
});
