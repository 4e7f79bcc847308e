import { connect, isFailure, type Listening, type Origin, resolve, egressTo } from "../../../../sandbox/machines";
import { bootstrapServes, type BreakableSnapshot, domain, smallSnapshot, mustFind } from "./small-snapshot";

const apiInt = `api-int.${domain}`;

describe("a node's config from the machine config server", () => {
  const fetch = (snapshot: BreakableSnapshot, listening: Listening = bootstrapServes) =>
    connect(snapshot, listening, mustFind(snapshot.instances, "i-master"), apiInt, 22623);

  it("is served by the bootstrap instance, the only instance with a machine config server", () => {
    expect(fetch(smallSnapshot())).toEqual({ reached: "i-bootstrap" });
  });

  const breaks: [what: string, change: (snapshot: BreakableSnapshot) => unknown, sentence: string][] = [
    [
      "the record",
      (snapshot) => mustFind(snapshot.zones, "ZPRIVATE").records.splice(1, 1),
      "the private zone demo.example.com (ZPRIVATE) has no record api-int.demo.example.com",
    ],
    [
      "the zone's association",
      (snapshot) => (mustFind(snapshot.zones, "ZPRIVATE").vpcIds = ["vpc-other"]),
      "the public zone example.com (ZPUBLIC) has no record api-int.demo.example.com; the private zone demo.example.com (ZPRIVATE) is not associated with vpc-1",
    ],
    [
      "enableDnsSupport",
      (snapshot) => (mustFind(snapshot.vpcs, "vpc-1").dnsSupport = false),
      "vpc-1 has enableDnsSupport=false, so its instances can't resolve any name, including api-int.demo.example.com",
    ],
    [
      "enableDnsHostnames",
      (snapshot) => (mustFind(snapshot.vpcs, "vpc-1").dnsHostnames = false),
      "vpc-1 has enableDnsHostnames=false, so its instances get no answer from the private zone demo.example.com (ZPRIVATE)",
    ],
    [
      "the load balancer",
      (snapshot) => snapshot.loadBalancers.pop(),
      "the record api-int.demo.example.com in the private zone ZPRIVATE is an alias of demo-1-int-0123.elb.us-east-1.amazonaws.com, which is not the DNS name of any load balancer",
    ],
    [
      "the listener",
      (snapshot) => mustFind(snapshot.loadBalancers, "demo-1-int").listeners.pop(),
      "load balancer demo-1-int has no listener on port 22623 (it listens on 6443)",
    ],
    [
      "the target group",
      (snapshot) => snapshot.targetGroups.pop(),
      "the listener on port 22623 of load balancer demo-1-int forwards to no target group",
    ],
    [
      "the targets",
      (snapshot) => (mustFind(snapshot.targetGroups, "demo-1-sint").targets = []),
      "target group demo-1-sint of load balancer demo-1-int has no target",
    ],
    [
      "the registration of the instance that serves",
      (snapshot) => mustFind(snapshot.targetGroups, "demo-1-sint").targets.shift(),
      "target group demo-1-sint of load balancer demo-1-int has no healthy target: 10.0.16.10:22623: nothing listens on port 22623 of i-master",
    ],
    [
      "the health check's path",
      (snapshot) => (mustFind(snapshot.targetGroups, "demo-1-sint").healthCheck.path = "/health"),
      "10.0.0.5:22623: the health check of /health on port 22623 of i-bootstrap is answered with 404 instead of 200-399",
    ],
    [
      "the health check's protocol",
      (snapshot) => (mustFind(snapshot.targetGroups, "demo-1-sint").healthCheck.protocol = "HTTP"),
      "10.0.0.5:22623: the health check uses HTTP, but port 22623 of i-bootstrap uses https",
    ],
    [
      "the health check's port",
      (snapshot) => (mustFind(snapshot.targetGroups, "demo-1-sint").healthCheck.port = 80),
      "10.0.0.5:22623: i-bootstrap: no ingress rule of security group sg-master (demo-1-master-sg) or sg-bootstrap (demo-1-bootstrap-sg) allows tcp 80 from 10.0.16.9 (load balancer demo-1-int)",
    ],
    [
      "the rule that admits the load balancer",
      (snapshot) => mustFind(snapshot.securityGroups, "sg-master").ingress.pop(),
      "10.0.0.5:22623: i-bootstrap: no ingress rule of security group sg-master (demo-1-master-sg) or sg-bootstrap (demo-1-bootstrap-sg) allows tcp 22623 from 10.0.16.9 (load balancer demo-1-int)",
    ],
    [
      "the CIDR block of the rule",
      (snapshot) => (mustFind(snapshot.securityGroups, "sg-master").ingress[1].cidrs = ["10.0.0.0/20"]),
      "allows tcp 22623 from 10.0.16.9 (load balancer demo-1-int)",
    ],
    [
      "the protocol of the rule",
      (snapshot) => (mustFind(snapshot.securityGroups, "sg-master").ingress[1].protocol = "udp"),
      "allows tcp 22623 from 10.0.16.9 (load balancer demo-1-int)",
    ],
    [
      "the egress rule of the instance",
      (snapshot) => (mustFind(snapshot.securityGroups, "sg-master").egress = []),
      "i-master: no egress rule of security group sg-master (demo-1-master-sg) allows tcp 22623 to 10.0.16.9 (load balancer demo-1-int)",
    ],
    [
      "the instance that serves",
      (snapshot) => (mustFind(snapshot.instances, "i-bootstrap").state = "stopped"),
      "10.0.0.5:22623: i-bootstrap is stopped",
    ],
    [
      "the address that is registered",
      (snapshot) => (mustFind(snapshot.instances, "i-bootstrap").privateIp = "10.0.0.6"),
      "10.0.0.5:22623: no instance in vpc-1 has the address 10.0.0.5",
    ],
    [
      "the VPC of the instance",
      (snapshot) => (mustFind(snapshot.instances, "i-master").vpcId = "vpc-other"),
      "the private zone demo.example.com (ZPRIVATE) is not associated with vpc-other",
    ],
  ];
  it.each(breaks)("does not arrive without %s, and the reason is reported", (_, change, sentence) => {
    const snapshot = smallSnapshot();
    change(snapshot);
    expect(fetch(snapshot)).toEqual({ reason: expect.stringContaining(sentence) as string });
  });

  it("does not arrive while no instance runs a machine config server", () => {
    expect(fetch(smallSnapshot(), () => undefined)).toEqual({
      reason:
        "target group demo-1-sint of load balancer demo-1-int has no healthy target: 10.0.0.5:22623: nothing listens on port 22623 of i-bootstrap; " +
        "10.0.16.10:22623: nothing listens on port 22623 of i-master",
    });
  });

  it("needs a rule for the client's address if the load balancer preserves it, and a target that is not the client", () => {
    const snapshot = smallSnapshot();
    mustFind(snapshot.targetGroups, "demo-1-sint").preservesClientIp = true;
    expect(fetch(snapshot)).toEqual({ reached: "i-bootstrap" });
    const itself = connect(snapshot, bootstrapServes, mustFind(snapshot.instances, "i-bootstrap"), apiInt, 22623);
    expect(itself).toEqual({ reason: expect.stringContaining("(hairpin)") as string });
  });
});

describe("a connection from outside the VPC", () => {
  const api = (snapshot: BreakableSnapshot, origin: Origin = "internet") =>
    connect(snapshot, bootstrapServes, origin, `api.${domain}`, 6443);

  it("reaches the API through the external load balancer, although the instances' security group admits only the VPC", () => {
    expect(api(smallSnapshot())).toEqual({ reached: "i-bootstrap" });
    expect(api(smallSnapshot(), { cidr: "203.0.113.0/24" })).toEqual({ reached: "i-bootstrap" });
  });

  it("does not reach the API without the public record, the route or the internet gateway, or with an internal load balancer", () => {
    const reason = (change: (snapshot: BreakableSnapshot) => unknown) => {
      const snapshot = smallSnapshot();
      change(snapshot);
      const connection = api(snapshot);
      return isFailure(connection) ? connection.reason : `reached ${connection.reached}`;
    };
    expect(reason((snapshot) => mustFind(snapshot.zones, "ZPUBLIC").records.shift())).toBe(
      "the public zone example.com (ZPUBLIC) has no record api.demo.example.com",
    );
    expect(reason((snapshot) => (mustFind(snapshot.routeTables, "rtb-public").routes = []))).toBe(
      "load balancer demo-1-ext can't be reached from the internet: rtb-public, the route table of subnet-public, has no route to 0.0.0.0/0",
    );
    expect(reason((snapshot) => (snapshot.internetGateways[0].vpcIds = []))).toBe(
      "load balancer demo-1-ext can't be reached from the internet: the default route of rtb-public, the route table of subnet-public, leads to igw-1, which is not attached to vpc-1",
    );
    expect(reason((snapshot) => (mustFind(snapshot.loadBalancers, "demo-1-ext").internal = true))).toBe(
      "load balancer demo-1-ext is internal to vpc-1: its addresses are private, so the internet can't reach them",
    );
  });

  it("never reaches the machine config server", () => {
    expect(connect(smallSnapshot(), bootstrapServes, "internet", `api.${domain}`, 22623)).toEqual({
      reason: "load balancer demo-1-ext has no listener on port 22623 (it listens on 6443)",
    });
    expect(connect(smallSnapshot(), bootstrapServes, "internet", "198.51.100.5", 22623)).toEqual({
      reason: expect.stringContaining("allows tcp 22623 from 0.0.0.0/0 (the internet)") as string,
    });
  });

  it("reaches the bootstrap instance over SSH only from the administrators' CIDR block", () => {
    const ssh = (origin: Origin) => connect(smallSnapshot(), bootstrapServes, origin, "198.51.100.5", 22);
    expect(ssh({ cidr: "203.0.113.0/24" })).toEqual({ reached: "i-bootstrap" });
    expect(ssh({ cidr: "203.0.0.0/16" })).toHaveProperty("reason");
    expect(ssh("internet")).toHaveProperty("reason");
  });
});

test("an instance reaches another through a rule that names its security group", () => {
  const snapshot = smallSnapshot();
  const kubelet: Listening = (id, port) => (id === "i-worker" && port === 10250 ? { protocol: "https", statusOf: () => 200 } : undefined);
  expect(connect(snapshot, kubelet, mustFind(snapshot.instances, "i-master"), "10.0.16.20", 10250)).toEqual({ reached: "i-worker" });
  expect(connect(snapshot, kubelet, mustFind(snapshot.instances, "i-worker"), "10.0.16.20", 10250)).toEqual({
    reason: "i-worker: no ingress rule of security group sg-worker (demo-1-worker-sg) allows tcp 10250 from 10.0.16.20 (i-worker)",
  });
});

describe("a DNS name", () => {
  it("resolves by the private zone in the VPC, and by the public zone outside", () => {
    const snapshot = smallSnapshot();
    expect(resolve(snapshot, "vpc-1", `API.${domain}.`)).toMatchObject({ balancer: { name: "demo-1-int" } });
    expect(resolve(snapshot, "internet", `api.${domain}`)).toMatchObject({ balancer: { name: "demo-1-ext" } });
    expect(resolve(snapshot, "vpc-1", "www.example.com")).toMatchObject({ balancer: { name: "demo-1-ext" } });
  });

  it("that only the public zone has does not exist in the VPC if a private zone has its domain", () => {
    const snapshot = smallSnapshot();
    mustFind(snapshot.zones, "ZPRIVATE").records.shift();
    expect(resolve(snapshot, "vpc-1", `api.${domain}`)).toEqual({
      reason: `the private zone ${domain} (ZPRIVATE) has no record api.${domain}`,
    });
  });

  it("resolves through a wildcard, an address record, a CNAME, or the private name of an instance", () => {
    const snapshot = smallSnapshot();
    const zone = mustFind(snapshot.zones, "ZPRIVATE");
    zone.records.push({ name: `*.apps.${domain}`, type: "A", values: ["10.0.16.20"] });
    zone.records.push({ name: `cname.${domain}`, type: "CNAME", values: [`demo-1-int-0123.elb.us-east-1.amazonaws.com`] });
    zone.records.push({ name: `loop.${domain}`, type: "CNAME", values: [`loop.${domain}`] });
    zone.records.push({ name: `text.${domain}`, type: "TXT", values: ['"hello"'] });
    expect(resolve(snapshot, "vpc-1", `a.b.apps.${domain}`)).toEqual({ addresses: ["10.0.16.20"] });
    expect(resolve(snapshot, "vpc-1", `apps.${domain}`)).toHaveProperty("reason");
    expect(resolve(snapshot, "vpc-1", `cname.${domain}`)).toMatchObject({ balancer: { name: "demo-1-int" } });
    expect(resolve(snapshot, "vpc-1", `loop.${domain}`)).toHaveProperty("reason");
    expect(resolve(snapshot, "vpc-1", `text.${domain}`)).toEqual({
      reason: `the private zone ${domain} (ZPRIVATE) has no address for text.${domain}, only TXT`,
    });
    expect(resolve(snapshot, "vpc-1", "ip-10-0-16-10.ec2.internal")).toEqual({ addresses: ["10.0.16.10"] });
    expect(resolve(snapshot, "internet", "ip-10-0-16-10.ec2.internal")).toHaveProperty("reason");
  });
});

describe("egress of an instance", () => {
  it("goes through the NAT gateway, the internet gateway, and the endpoint of S3", () => {
    const snapshot = smallSnapshot();
    const [bootstrap, master] = snapshot.instances;
    expect(egressTo(snapshot, master, "internet")).toEqual({ through: "nat-1" });
    expect(egressTo(snapshot, bootstrap, "internet")).toEqual({ through: "igw-1" });
    expect(egressTo(snapshot, master, "s3")).toEqual({ through: "vpce-s3" });
  });

  const breaks: [what: string, destination: "internet" | "s3", change: (snapshot: BreakableSnapshot) => unknown, sentence: string][] = [
    [
      "without a route",
      "internet",
      (snapshot) => (mustFind(snapshot.routeTables, "rtb-private").routes = []),
      "i-master can't reach the internet: rtb-private, the route table of subnet-private, has no route to 0.0.0.0/0",
    ],
    [
      "without an association",
      "internet",
      (snapshot) => (mustFind(snapshot.routeTables, "rtb-private").subnetIds = []),
      "i-master can't reach the internet: rtb-main, the route table of subnet-private, has no route to 0.0.0.0/0",
    ],
    [
      "without the NAT gateway",
      "internet",
      (snapshot) => snapshot.natGateways.pop(),
      "the default route of rtb-private, the route table of subnet-private, leads to nat-1, which is gone",
    ],
    [
      "while the NAT gateway is being created",
      "internet",
      (snapshot) => (snapshot.natGateways[0].state = "pending"),
      "leads to nat-1, which is pending",
    ],
    [
      "with the NAT gateway in a private subnet",
      "internet",
      (snapshot) => (snapshot.natGateways[0].subnetId = "subnet-private"),
      "leads to nat-1, which can't reach the internet itself: the default route of rtb-private, the route table of subnet-private, leads to nat-1 instead of an internet gateway",
    ],
    [
      "without a public address behind the internet gateway",
      "internet",
      (snapshot) => (mustFind(snapshot.routeTables, "rtb-private").routes[0].target = "igw-1"),
      "leads to igw-1, but i-master has no public address, so answers can't reach it",
    ],
    [
      "without an egress rule",
      "internet",
      (snapshot) => (mustFind(snapshot.securityGroups, "sg-master").egress = []),
      "i-master can't reach the internet: no egress rule of security group sg-master (demo-1-master-sg) allows tcp 443 to 0.0.0.0/0 (the internet)",
    ],
    [
      "with an egress rule for S3's prefix list only",
      "internet",
      (snapshot) =>
        (mustFind(snapshot.securityGroups, "sg-master").egress = [
          { protocol: "-1", cidrs: [], groupIds: [], prefixListIds: ["pl-63a5400a"] },
        ]),
      "allows tcp 443 to 0.0.0.0/0 (the internet)",
    ],
    [
      "to S3 without endpoint and route",
      "s3",
      (snapshot) => {
        mustFind(snapshot.endpoints, "vpce-s3").routeTableIds = ["rtb-public"];
        mustFind(snapshot.routeTables, "rtb-private").routes = [];
      },
      "rtb-private of subnet-private has no VPC endpoint of com.amazonaws.us-east-1.s3, and i-master can't reach the internet: rtb-private, the route table of subnet-private, has no route to 0.0.0.0/0",
    ],
    [
      "to S3 without an egress rule",
      "s3",
      (snapshot) => (mustFind(snapshot.securityGroups, "sg-master").egress = []),
      "i-master can't reach S3: no egress rule of security group sg-master (demo-1-master-sg) allows tcp 443 to 0.0.0.0/0 (S3)",
    ],
  ];
  it.each(breaks)("is blocked %s, and the reason is reported", (_, destination, change, sentence) => {
    const snapshot = smallSnapshot();
    change(snapshot);
    expect(egressTo(snapshot, mustFind(snapshot.instances, "i-master"), destination)).toEqual({
      reason: expect.stringContaining(sentence) as string,
    });
  });

  it("to S3 uses the NAT gateway if there is no endpoint, and the endpoint if there is no other egress", () => {
    const snapshot = smallSnapshot();
    mustFind(snapshot.routeTables, "rtb-private").routes = [];
    expect(egressTo(snapshot, mustFind(snapshot.instances, "i-master"), "s3")).toEqual({ through: "vpce-s3" });
    const other = smallSnapshot();
    other.endpoints = [];
    expect(egressTo(other, mustFind(other.instances, "i-master"), "s3")).toEqual({ through: "nat-1" });
  });
});
