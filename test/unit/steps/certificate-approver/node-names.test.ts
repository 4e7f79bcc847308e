import type { Instance } from "@aws-sdk/client-ec2";
import { decideOnRequest, type DecisionParameters } from "../../../../steps/certificate-approver/decision";
import { clusterInstanceOf } from "../../../../steps/certificate-approver/inventory";
import { domainsOf } from "../../../../steps/certificate-approver/node-names";
import type { CertificateRequest } from "../../../../steps/certificate-approver/request";
import { clientRequest, servingRequest } from "./certificate-requests";

// Making keys and signatures takes seconds on a busy machine.
jest.setTimeout(60_000);

const now = new Date("2026-03-01T12:00:00Z");
const parameters: DecisionParameters = { infraId: "demo-x7k2p", vpcId: "vpc-0a1", oldestMachineSeconds: 7200, notNodes: [] };
const one = "ip-10-0-0-1.ec2.internal";

describe("an instance in a VPC with its own domain", () => {
  const options = (...values: string[]) => ({ DhcpConfigurations: [{ Key: "domain-name", Values: values.map((Value) => ({ Value })) }] });
  const instance = (PrivateDnsName: string) =>
    ({
      InstanceId: "i-1",
      State: { Name: "running" },
      VpcId: "vpc-0a1",
      PrivateDnsName,
      PrivateIpAddress: "10.0.0.1",
      LaunchTime: new Date(now.getTime() - 600_000),
      Tags: [{ Key: "kubernetes.io/cluster/demo-x7k2p", Value: "shared" }],
    }) as Instance;
  const decideIn = async (domains: string[], name: string, request: CertificateRequest, nodes: string[] = []) =>
    decideOnRequest(request, [clusterInstanceOf(instance(name), domains)], new Set(nodes), now, parameters);

  test.each([
    ["a domain", options("corp.example.com"), one, "ip-10-0-0-1.corp.example.com"],
    ["two domains, and a kubelet that takes the first", options("corp.example.com corp.internal"), one, "ip-10-0-0-1.corp.example.com"],
    ["two domains, and a kubelet that takes either", options("corp.example.com  corp.internal"), one, "ip-10-0-0-1.corp.internal"],
    ["two domains as two values", options("corp.example.com", "corp.internal"), one, "ip-10-0-0-1.corp.internal"],
    ["no domain", options(), one, "ip-10-0-0-1"],
    ["no DHCP options at all", undefined, one, "ip-10-0-0-1"],
    ["a domain with a dot at its end", options("corp.example.com."), one, "ip-10-0-0-1.corp.example.com"],
    ["a domain with capital letters", options("Corp.Example.COM"), one, "ip-10-0-0-1.corp.example.com"],
    [
      "a domain that EC2 reports with a final dot",
      options("corp.example.com."),
      "ip-10-0-0-1.Corp.example.com.",
      "ip-10-0-0-1.corp.example.com",
    ],
    ["AWS's own domain", options("ec2.internal"), one, one],
    ["a resource-based name", options("corp.example.com"), "i-0123456789abcdef0.ec2.internal", "i-0123456789abcdef0.corp.example.com"],
    ["a domain, and a kubelet that keeps AWS's own domain", options("corp.example.com"), one, one],
  ])("is known by its name: %s", async (_, dhcp, privateDnsName, node) => {
    const domains = domainsOf(dhcp);
    expect(await decideIn(domains, privateDnsName, await clientRequest(node))).toMatchObject({ approved: true, node });
    // The kubelet first requests a serving certificate for its own name, and one for EC2's name after the cloud provider has reported it.
    for (const name of [node, privateDnsName])
      expect(await decideIn(domains, privateDnsName, await servingRequest(node, [{ type: "dns", value: name }]), [node])).toMatchObject({
        approved: true,
      });
  });

  test.each([
    ["a name in another domain", "ip-10-0-0-1.corp.example.org", "NoSuchMachine"],
    ["its short name, which it has only without a domain", "ip-10-0-0-1", "NoSuchMachine"],
    ["a name with capital letters, which no node has", "ip-10-0-0-1.Corp.example.com", "NoSuchMachine"],
    ["another host name", "ip-10-0-0-2.corp.example.com", "NoSuchMachine"],
  ])("gets no certificate for a name: %s", async (_, node, reason) => {
    expect(await decideIn(["corp.example.com"], one, await clientRequest(node))).toMatchObject({ approved: false, reason });
  });

  test("gets only one client certificate for a new node, whichever of its names the request has", async () => {
    const [first, second] = ["ip-10-0-0-1.corp.example.com", one];
    for (const [asks, exists] of [
      [first, second],
      [second, first],
    ])
      expect(await decideIn(["corp.example.com"], one, await clientRequest(asks), [exists])).toMatchObject({ reason: "NodeExists" });
  });

  test("has no name after it was terminated", async () => {
    expect(clusterInstanceOf(instance(""), ["corp.example.com"])).toMatchObject({ nodeNames: [], names: [] });
    expect(await decideIn(["corp.example.com"], "", await clientRequest(".corp.example.com"))).toMatchObject({ reason: "NoSuchMachine" });
  });
});
