import { connect, type Origin, type SecurityGroup } from "../../../../sandbox/machines";
import { anywhere, blockedBy } from "../../../../sandbox/machines/firewall";
import { bootstrapServes, type BreakableSnapshot, domain, smallSnapshot, tcpPermission, mustFind, vpcId } from "./small-snapshot";

const apiInt = `api-int.${domain}`;

describe("an internal load balancer with a security group", () => {
  /** A snapshot whose internal load balancer admits everyone to the API, and only the VPC to the machine config server. */
  const guarded = (change: (group: SecurityGroup) => unknown = () => undefined) => {
    const snapshot = smallSnapshot();
    const group: SecurityGroup = {
      id: "sg-int",
      name: "int-sg",
      vpcId,
      ingress: [tcpPermission(6443, 6443, ["0.0.0.0/0"]), tcpPermission(22623, 22623, ["10.0.0.0/16"])],
      egress: [{ protocol: "-1", cidrs: ["0.0.0.0/0"], groupIds: [], prefixListIds: [] }],
      tags: {},
    };
    change(group);
    snapshot.securityGroups.push(group as BreakableSnapshot["securityGroups"][number]);
    mustFind(snapshot.loadBalancers, "demo-1-int").groupIds = ["sg-int"];
    return snapshot;
  };
  /** A client whose network is connected to the VPC. */
  const connected: Origin = { cidr: "192.168.7.0/24", vpcId };

  it("admits only instances to the machine config server", () => {
    const { reached, reason } = answerTo(guarded(), mustFind(smallSnapshot().instances, "i-master"), 22623);
    expect([reached, reason]).toEqual(["i-bootstrap", undefined]);
    expect(answerTo(guarded(), connected, 22623).reason).toBe(
      "load balancer demo-1-int: no ingress rule of security group sg-int (int-sg) allows tcp 22623 from 192.168.7.0/24 (vpc-1)",
    );
    expect(answerTo(guarded(), connected, 6443).reached).toBe("i-bootstrap");
    expect(answerTo(smallSnapshot(), connected, 22623).reached).toBe("i-bootstrap");
  });

  it("does not reach a target if its security group has no egress rule for the target", () => {
    const { reason } = answerTo(
      guarded((group) => Object.assign(group, { egress: [] })),
      mustFind(smallSnapshot().instances, "i-master"),
      22623,
    );
    expect(reason).toContain("load balancer demo-1-int can't reach it: no egress rule of security group sg-int (int-sg) allows tcp 22623");
  });

  const answerTo = (snapshot: BreakableSnapshot, origin: Origin, port: number): { reached?: string; reason?: string } =>
    connect(snapshot, bootstrapServes, origin, apiInt, port);
});

test("an instance in a private subnet reaches a public load balancer with its NAT gateway's address", () => {
  const answerTo = (allowed: string) => {
    const snapshot = smallSnapshot();
    const group: SecurityGroup = {
      id: "sg-ext",
      name: "ext",
      vpcId,
      ingress: [tcpPermission(6443, 6443, [allowed])],
      egress: [],
      tags: {},
    };
    const egress = [{ protocol: "-1", cidrs: ["0.0.0.0/0"], groupIds: [], prefixListIds: [] }];
    snapshot.securityGroups.push({ ...group, egress } as unknown as BreakableSnapshot["securityGroups"][number]);
    mustFind(snapshot.loadBalancers, "demo-1-ext").groupIds = ["sg-ext"];
    const { dnsName } = mustFind(snapshot.loadBalancers, "demo-1-ext");
    return connect(snapshot, bootstrapServes, mustFind(snapshot.instances, "i-worker"), dnsName, 6443);
  };
  expect(answerTo("203.0.113.10/32")).toEqual({ reached: "i-bootstrap" });
  expect(answerTo("198.51.100.0/24")).toEqual({
    reason: "load balancer demo-1-ext: no ingress rule of security group sg-ext (ext) allows tcp 6443 from 203.0.113.10 (i-worker)",
  });
});

test.each<[allowed: string, peer: string, passes: boolean]>([
  ["0.0.0.0/0", "203.0.113.7/32", true],
  ["0.0.0.0/0", "0.0.0.0/0", true],
  ["10.0.0.0/16", "10.0.255.255/32", true],
  ["10.0.0.0/16", "10.1.0.0/32", false],
  ["10.0.16.0/20", "10.0.0.0/16", false],
  ["203.0.113.7/32", "203.0.113.7/32", true],
])("a rule for %s and a peer in %s: the connection passes: %s", (allowed, cidr, passes) => {
  const group: SecurityGroup = { id: "sg-1", name: "one", vpcId, ingress: [tcpPermission(6443, 6443, [allowed])], egress: [], tags: {} };
  const snapshot = { ...smallSnapshot(), securityGroups: [group] };
  const reason = blockedBy(snapshot, ["sg-1"], "ingress", 6443, { ...anywhere, cidr });
  expect(reason === undefined).toBe(passes);
});
