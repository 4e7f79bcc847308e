/** The name under which a simulated instance's kubelet registers. */
import { kubeletName, nodeObject, nodeResources, nodeStatus } from "../../../../sandbox/cluster/node";
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

test("a kubelet's node name is not EC2's name of the instance, which the node's status has", () => {
  const instance = {
    id: "i-1",
    zone: "us-east-1a",
    privateIp: "10.0.0.1",
    privateDnsName: "ip-10-0-0-1.ec2.internal",
    launched: new Date(),
  };
  const node = nodeObject("ip-10-0-0-1.corp.example.com", instance as Instance, "worker", false);
  expect(node).toMatchObject({
    metadata: { name: "ip-10-0-0-1.corp.example.com", labels: { "kubernetes.io/hostname": "ip-10-0-0-1.corp.example.com" } },
    spec: { providerID: "aws:///us-east-1a/i-1" },
  });
  expect(nodeStatus(instance as Instance)).toMatchObject({
    addresses: [
      { type: "InternalIP", address: "10.0.0.1" },
      { type: "InternalDNS", address: "ip-10-0-0-1.ec2.internal" },
      { type: "Hostname", address: "ip-10-0-0-1.ec2.internal" },
    ],
  });
});

test.each([
  ["m6i.large", 2, 8, { cpu: "2", memory: "7577Mi" }, { cpu: "1500m", memory: "6453Mi" }],
  ["m6i.xlarge", 4, 16, { cpu: "4", memory: "15155Mi" }, { cpu: "3500m", memory: "14031Mi" }],
  ["m6i.2xlarge", 8, 32, { cpu: "8", memory: "30310Mi" }, { cpu: "7500m", memory: "29186Mi" }],
])("pods can use the size of a node (%s) without the kubelet's reservation", (_type, cpus, gib, capacity, allocatable) => {
  const resources = nodeResources({ cpus, memoryMib: gib * 1024 });
  expect(resources.capacity).toEqual({ ...capacity, pods: "250", "ephemeral-storage": "120Gi" });
  expect(resources.allocatable).toEqual({ ...allocatable, pods: "250", "ephemeral-storage": "107Gi" });
});
