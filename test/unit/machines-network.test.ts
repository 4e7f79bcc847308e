import { connect, isRefusal, type Listening, type Origin, resolve, wayOut } from "../../sandbox/machines";
import { bootstrapServes, type BreakableWorld, domain, smallWorld, the } from "./machines-world";

const apiInt = `api-int.${domain}`;

describe("what a machine fetches from the machine config server", () => {
  const fetch = (world: BreakableWorld, listening: Listening = bootstrapServes) =>
    connect(world, listening, the(world.instances, "i-master"), apiInt, 22623);

  it("comes from the one machine that serves it", () => {
    expect(fetch(smallWorld())).toEqual({ reached: "i-bootstrap" });
  });

  const breaks: [what: string, change: (world: BreakableWorld) => unknown, sentence: string][] = [
    [
      "the record",
      (world) => the(world.zones, "ZPRIVATE").records.splice(1, 1),
      "the private zone demo.example.com (ZPRIVATE) has no record api-int.demo.example.com",
    ],
    [
      "the zone's association",
      (world) => (the(world.zones, "ZPRIVATE").vpcIds = ["vpc-other"]),
      "the public zone example.com (ZPUBLIC) has no record api-int.demo.example.com; the private zone demo.example.com (ZPRIVATE) is not associated with vpc-1",
    ],
    [
      "enableDnsSupport",
      (world) => (the(world.vpcs, "vpc-1").dnsSupport = false),
      "vpc-1 has enableDnsSupport=false, so its instances can't resolve any name, including api-int.demo.example.com",
    ],
    [
      "enableDnsHostnames",
      (world) => (the(world.vpcs, "vpc-1").dnsHostnames = false),
      "vpc-1 has enableDnsHostnames=false, so its instances get no answer from the private zone demo.example.com (ZPRIVATE)",
    ],
    [
      "the balancer",
      (world) => world.loadBalancers.pop(),
      "the record api-int.demo.example.com in the private zone ZPRIVATE is an alias of demo-1-int-0123.elb.us-east-1.amazonaws.com, which is not the DNS name of any load balancer",
    ],
    [
      "the listener",
      (world) => the(world.loadBalancers, "demo-1-int").listeners.pop(),
      "load balancer demo-1-int has no listener on port 22623 (it listens on 6443)",
    ],
    [
      "the target group",
      (world) => world.targetGroups.pop(),
      "the listener on port 22623 of load balancer demo-1-int forwards to no target group",
    ],
    [
      "the targets",
      (world) => (the(world.targetGroups, "demo-1-sint").targets = []),
      "target group demo-1-sint of load balancer demo-1-int has no target",
    ],
    [
      "the registration of the machine that serves",
      (world) => the(world.targetGroups, "demo-1-sint").targets.shift(),
      "target group demo-1-sint of load balancer demo-1-int has no healthy target: 10.0.16.10:22623: nothing listens on port 22623 of i-master",
    ],
    [
      "the health check's path",
      (world) => (the(world.targetGroups, "demo-1-sint").healthCheck.path = "/health"),
      "10.0.0.5:22623: the health check of /health on port 22623 of i-bootstrap is answered with 404 instead of 200-399",
    ],
    [
      "the health check's protocol",
      (world) => (the(world.targetGroups, "demo-1-sint").healthCheck.protocol = "HTTP"),
      "10.0.0.5:22623: the health check uses HTTP, but port 22623 of i-bootstrap uses https",
    ],
    [
      "the health check's port",
      (world) => (the(world.targetGroups, "demo-1-sint").healthCheck.port = 80),
      "10.0.0.5:22623: i-bootstrap: no ingress rule of security group sg-master (demo-1-master-sg) or sg-bootstrap (demo-1-bootstrap-sg) allows tcp 80 from 10.0.16.9 (load balancer demo-1-int)",
    ],
    [
      "the rule that lets the balancer in",
      (world) => the(world.securityGroups, "sg-master").ingress.pop(),
      "10.0.0.5:22623: i-bootstrap: no ingress rule of security group sg-master (demo-1-master-sg) or sg-bootstrap (demo-1-bootstrap-sg) allows tcp 22623 from 10.0.16.9 (load balancer demo-1-int)",
    ],
    [
      "the range of the rule",
      (world) => (the(world.securityGroups, "sg-master").ingress[1].cidrs = ["10.0.0.0/20"]),
      "allows tcp 22623 from 10.0.16.9 (load balancer demo-1-int)",
    ],
    [
      "the protocol of the rule",
      (world) => (the(world.securityGroups, "sg-master").ingress[1].protocol = "udp"),
      "allows tcp 22623 from 10.0.16.9 (load balancer demo-1-int)",
    ],
    [
      "the way out of the machine",
      (world) => (the(world.securityGroups, "sg-master").egress = []),
      "i-master: no egress rule of security group sg-master (demo-1-master-sg) allows tcp 22623 to 10.0.16.9 (load balancer demo-1-int)",
    ],
    [
      "the machine that serves",
      (world) => (the(world.instances, "i-bootstrap").state = "stopped"),
      "10.0.0.5:22623: i-bootstrap is stopped",
    ],
    [
      "the address that is registered",
      (world) => (the(world.instances, "i-bootstrap").privateIp = "10.0.0.6"),
      "10.0.0.5:22623: no instance in vpc-1 has the address 10.0.0.5",
    ],
    [
      "the VPC of the machine",
      (world) => (the(world.instances, "i-master").vpcId = "vpc-other"),
      "the private zone demo.example.com (ZPRIVATE) is not associated with vpc-other",
    ],
  ];
  it.each(breaks)("doesn't come without %s, and why is told", (_, change, sentence) => {
    const world = smallWorld();
    change(world);
    expect(fetch(world)).toEqual({ refused: expect.stringContaining(sentence) as string });
  });

  it("doesn't come while nothing serves it", () => {
    expect(fetch(smallWorld(), () => undefined)).toEqual({
      refused:
        "target group demo-1-sint of load balancer demo-1-int has no healthy target: 10.0.0.5:22623: nothing listens on port 22623 of i-bootstrap; " +
        "10.0.16.10:22623: nothing listens on port 22623 of i-master",
    });
  });

  it("needs the machine's own range in the rule where the balancer preserves its address, and another machine than itself", () => {
    const world = smallWorld();
    the(world.targetGroups, "demo-1-sint").preservesClientIp = true;
    expect(fetch(world)).toEqual({ reached: "i-bootstrap" });
    const itself = connect(world, bootstrapServes, the(world.instances, "i-bootstrap"), apiInt, 22623);
    expect(itself).toEqual({ refused: expect.stringContaining("(hairpin)") as string });
  });
});

describe("a connection from outside", () => {
  const api = (world: BreakableWorld, origin: Origin = "internet") => connect(world, bootstrapServes, origin, `api.${domain}`, 6443);

  it("reaches the API through the external balancer, though the machines' group lets nobody in but the VPC", () => {
    expect(api(smallWorld())).toEqual({ reached: "i-bootstrap" });
    expect(api(smallWorld(), { cidr: "203.0.113.0/24" })).toEqual({ reached: "i-bootstrap" });
  });

  it("does not reach it without the public record, the route, the gateway, or with the balancer in the VPC only", () => {
    const reason = (change: (world: BreakableWorld) => unknown) => {
      const world = smallWorld();
      change(world);
      const connection = api(world);
      return isRefusal(connection) ? connection.refused : `reached ${connection.reached}`;
    };
    expect(reason((world) => the(world.zones, "ZPUBLIC").records.shift())).toBe(
      "the public zone example.com (ZPUBLIC) has no record api.demo.example.com",
    );
    expect(reason((world) => (the(world.routeTables, "rtb-public").routes = []))).toBe(
      "load balancer demo-1-ext can't be reached from the internet: rtb-public, the route table of subnet-public, has no route to 0.0.0.0/0",
    );
    expect(reason((world) => (world.internetGateways[0].vpcIds = []))).toBe(
      "load balancer demo-1-ext can't be reached from the internet: the default route of rtb-public, the route table of subnet-public, leads to igw-1, which is not attached to vpc-1",
    );
    expect(reason((world) => (the(world.loadBalancers, "demo-1-ext").internal = true))).toBe(
      "load balancer demo-1-ext is internal to vpc-1: its addresses are private, so the internet can't reach them",
    );
  });

  it("reaches the machine config server never", () => {
    expect(connect(smallWorld(), bootstrapServes, "internet", `api.${domain}`, 22623)).toEqual({
      refused: "load balancer demo-1-ext has no listener on port 22623 (it listens on 6443)",
    });
    expect(connect(smallWorld(), bootstrapServes, "internet", "198.51.100.5", 22623)).toEqual({
      refused: expect.stringContaining("allows tcp 22623 from 0.0.0.0/0 (the internet)") as string,
    });
  });

  it("reaches the bootstrap machine over SSH from the admins' range, and from nowhere else", () => {
    const ssh = (origin: Origin) => connect(smallWorld(), bootstrapServes, origin, "198.51.100.5", 22);
    expect(ssh({ cidr: "203.0.113.0/24" })).toEqual({ reached: "i-bootstrap" });
    expect(ssh({ cidr: "203.0.0.0/16" })).toHaveProperty("refused");
    expect(ssh("internet")).toHaveProperty("refused");
  });
});

test("a machine reaches another through a rule that names its group", () => {
  const world = smallWorld();
  const kubelet: Listening = (id, port) => (id === "i-worker" && port === 10250 ? { protocol: "https", statusOf: () => 200 } : undefined);
  expect(connect(world, kubelet, the(world.instances, "i-master"), "10.0.16.20", 10250)).toEqual({ reached: "i-worker" });
  expect(connect(world, kubelet, the(world.instances, "i-worker"), "10.0.16.20", 10250)).toEqual({
    refused: "i-worker: no ingress rule of security group sg-worker (demo-1-worker-sg) allows tcp 10250 from 10.0.16.20 (i-worker)",
  });
});

describe("a name", () => {
  it("is what the private zone says in the VPC, and what the public zone says outside", () => {
    const world = smallWorld();
    expect(resolve(world, "vpc-1", `API.${domain}.`)).toMatchObject({ balancer: { name: "demo-1-int" } });
    expect(resolve(world, "internet", `api.${domain}`)).toMatchObject({ balancer: { name: "demo-1-ext" } });
    expect(resolve(world, "vpc-1", "www.example.com")).toMatchObject({ balancer: { name: "demo-1-ext" } });
  });

  it("that the private zone lacks doesn't exist in the VPC, even where the public zone has it", () => {
    const world = smallWorld();
    the(world.zones, "ZPRIVATE").records.shift();
    expect(resolve(world, "vpc-1", `api.${domain}`)).toEqual({
      refused: `the private zone ${domain} (ZPRIVATE) has no record api.${domain}`,
    });
  });

  it("may be a wildcard's, an address's, another name's, a machine's", () => {
    const world = smallWorld();
    const zone = the(world.zones, "ZPRIVATE");
    zone.records.push({ name: `*.apps.${domain}`, type: "A", values: ["10.0.16.20"] });
    zone.records.push({ name: `cname.${domain}`, type: "CNAME", values: [`demo-1-int-0123.elb.us-east-1.amazonaws.com`] });
    zone.records.push({ name: `loop.${domain}`, type: "CNAME", values: [`loop.${domain}`] });
    zone.records.push({ name: `text.${domain}`, type: "TXT", values: ['"hello"'] });
    expect(resolve(world, "vpc-1", `a.b.apps.${domain}`)).toEqual({ addresses: ["10.0.16.20"] });
    expect(resolve(world, "vpc-1", `apps.${domain}`)).toHaveProperty("refused");
    expect(resolve(world, "vpc-1", `cname.${domain}`)).toMatchObject({ balancer: { name: "demo-1-int" } });
    expect(resolve(world, "vpc-1", `loop.${domain}`)).toHaveProperty("refused");
    expect(resolve(world, "vpc-1", `text.${domain}`)).toEqual({
      refused: `the private zone ${domain} (ZPRIVATE) has no address for text.${domain}, only TXT`,
    });
    expect(resolve(world, "vpc-1", "ip-10-0-16-10.ec2.internal")).toEqual({ addresses: ["10.0.16.10"] });
    expect(resolve(world, "internet", "ip-10-0-16-10.ec2.internal")).toHaveProperty("refused");
  });
});

describe("the way out", () => {
  it("leads through the NAT gateway, the internet gateway, and the endpoint of S3", () => {
    const world = smallWorld();
    const [bootstrap, master] = world.instances;
    expect(wayOut(world, master, "internet")).toEqual({ through: "nat-1" });
    expect(wayOut(world, bootstrap, "internet")).toEqual({ through: "igw-1" });
    expect(wayOut(world, master, "s3")).toEqual({ through: "vpce-s3" });
  });

  const breaks: [what: string, destination: "internet" | "s3", change: (world: BreakableWorld) => unknown, sentence: string][] = [
    [
      "without a route",
      "internet",
      (world) => (the(world.routeTables, "rtb-private").routes = []),
      "i-master can't reach the internet: rtb-private, the route table of subnet-private, has no route to 0.0.0.0/0",
    ],
    [
      "without an association",
      "internet",
      (world) => (the(world.routeTables, "rtb-private").subnetIds = []),
      "i-master can't reach the internet: rtb-main, the route table of subnet-private, has no route to 0.0.0.0/0",
    ],
    [
      "without the NAT gateway",
      "internet",
      (world) => world.natGateways.pop(),
      "the default route of rtb-private, the route table of subnet-private, leads to nat-1, which is gone",
    ],
    [
      "while the NAT gateway is being made",
      "internet",
      (world) => (world.natGateways[0].state = "pending"),
      "leads to nat-1, which is pending",
    ],
    [
      "with the NAT gateway in a private subnet",
      "internet",
      (world) => (world.natGateways[0].subnetId = "subnet-private"),
      "leads to nat-1, which can't reach the internet itself: the default route of rtb-private, the route table of subnet-private, leads to nat-1 instead of an internet gateway",
    ],
    [
      "without a public address behind the internet gateway",
      "internet",
      (world) => (the(world.routeTables, "rtb-private").routes[0].target = "igw-1"),
      "leads to igw-1, but i-master has no public address, so answers can't reach it",
    ],
    [
      "without an egress rule",
      "internet",
      (world) => (the(world.securityGroups, "sg-master").egress = []),
      "i-master can't reach the internet: no egress rule of security group sg-master (demo-1-master-sg) allows tcp 443 to 0.0.0.0/0 (the internet)",
    ],
    [
      "with an egress rule for S3's prefix list only",
      "internet",
      (world) =>
        (the(world.securityGroups, "sg-master").egress = [{ protocol: "-1", cidrs: [], groupIds: [], prefixListIds: ["pl-63a5400a"] }]),
      "allows tcp 443 to 0.0.0.0/0 (the internet)",
    ],
    [
      "to S3 without endpoint and route",
      "s3",
      (world) => {
        the(world.endpoints, "vpce-s3").routeTableIds = ["rtb-public"];
        the(world.routeTables, "rtb-private").routes = [];
      },
      "rtb-private of subnet-private has no VPC endpoint of com.amazonaws.us-east-1.s3, and i-master can't reach the internet: rtb-private, the route table of subnet-private, has no route to 0.0.0.0/0",
    ],
    [
      "to S3 without an egress rule",
      "s3",
      (world) => (the(world.securityGroups, "sg-master").egress = []),
      "i-master can't reach S3: no egress rule of security group sg-master (demo-1-master-sg) allows tcp 443 to 0.0.0.0/0 (S3)",
    ],
  ];
  it.each(breaks)("is closed %s, and why is told", (_, destination, change, sentence) => {
    const world = smallWorld();
    change(world);
    expect(wayOut(world, the(world.instances, "i-master"), destination)).toEqual({ refused: expect.stringContaining(sentence) as string });
  });

  it("to S3 is the NAT gateway where there is no endpoint, and the endpoint where there is no other way", () => {
    const world = smallWorld();
    the(world.routeTables, "rtb-private").routes = [];
    expect(wayOut(world, the(world.instances, "i-master"), "s3")).toEqual({ through: "vpce-s3" });
    const other = smallWorld();
    other.endpoints = [];
    expect(wayOut(other, the(other.instances, "i-master"), "s3")).toEqual({ through: "nat-1" });
  });
});
