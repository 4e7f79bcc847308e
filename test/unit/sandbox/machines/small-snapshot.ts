import type { Instance, Listening, LoadBalancer, Permission, SecurityGroup, TargetGroup, AwsSnapshot } from "../../../../sandbox/machines";

/** A snapshot of AWS in which a test can break one thing. */
type Mutable<T> = T extends (...args: never[]) => unknown ? T : T extends object ? { -readonly [K in keyof T]: Mutable<T[K]> } : T;
export type BreakableSnapshot = Mutable<AwsSnapshot>;

export const domain = "demo.example.com";
export const vpcId = "vpc-1";
export const bucket = "demo-1-bootstrap-ignition";
const region = "us-east-1";
const profile = (machine: string) => `arn:aws:iam::123456789012:instance-profile/demo-1-${machine}-profile`;

const machine = (id: string, subnetId: string, privateIp: string, groupIds: string[], more: Partial<Instance> = {}): Instance => ({
  id,
  state: "running",
  imageId: "ami-1",
  architecture: "x86_64",
  subnetId,
  vpcId,
  privateIp,
  privateDnsName: `ip-${privateIp.replaceAll(".", "-")}.ec2.internal`,
  localHostname: `ip-${privateIp.replaceAll(".", "-")}.ec2.internal`,
  groupIds,
  profileArn: profile("master"),
  metadataService: true,
  zone: "us-east-1a",
  instanceType: "m6i.xlarge",
  cpus: 4,
  memoryMib: 16384,
  launched: new Date("2026-01-01T00:00:00Z"),
  tags: {},
  ...more,
});

export const tcpPermission = (first: number, last: number, cidrs: string[], groupIds: string[] = []): Permission => ({
  protocol: "tcp",
  ports: [first, last],
  cidrs,
  groupIds,
  prefixListIds: [],
});
const everything: Permission = { protocol: "-1", cidrs: ["0.0.0.0/0"], groupIds: [], prefixListIds: [] };
const group = (id: string, name: string, ingress: Permission[]): SecurityGroup => ({
  id,
  name,
  vpcId,
  ingress,
  egress: [everything],
  tags: { Name: `demo-1-${name}` },
});

const targets = (port: number) => ["10.0.0.5", "10.0.16.10"].map((id) => ({ id, port }));
const targetGroup = (key: string, balancer: string, port: number, path: string): TargetGroup => ({
  id: `arn:tg/demo-1-${key}`,
  name: `demo-1-${key}`,
  vpcId,
  protocol: "TCP",
  port,
  targetType: "ip",
  preservesClientIp: false,
  healthCheck: { protocol: "HTTPS", port, path, codes: "200-399" },
  targets: targets(port),
  loadBalancerIds: [`arn:lb/demo-1-${balancer}`],
});
const balancer = (key: string, subnetId: string, address: string, listeners: LoadBalancer["listeners"]): LoadBalancer => ({
  id: `arn:lb/demo-1-${key}`,
  name: `demo-1-${key}`,
  kind: "network",
  internal: key === "int",
  dnsName: `demo-1-${key}-0123.elb.us-east-1.amazonaws.com`,
  vpcId,
  subnetIds: [subnetId],
  addresses: [{ subnetId, address }],
  groupIds: [],
  listeners,
});
const listener = (port: number, key: string) => ({ protocol: "TCP", port, targetGroupIds: [`arn:tg/demo-1-${key}`] });
const alias = (host: string, key: string) => ({
  name: `${host}.${domain}`,
  type: "A",
  values: [],
  alias: `demo-1-${key}-0123.elb.us-east-1.amazonaws.com`,
});

/** The AWS resources of a cluster as `components/` creates them, but in one zone and with one instance of each kind. */
export function smallSnapshot(): BreakableSnapshot {
  const snapshot: AwsSnapshot = {
    region,
    instances: [
      machine("i-bootstrap", "subnet-public", "10.0.0.5", ["sg-master", "sg-bootstrap"], {
        publicIp: "198.51.100.5",
        profileArn: profile("bootstrap"),
      }),
      machine("i-master", "subnet-private", "10.0.16.10", ["sg-master"]),
      machine("i-worker", "subnet-private", "10.0.16.20", ["sg-worker"], { profileArn: profile("worker") }),
    ],
    images: [{ id: "ami-1", name: "scos", state: "available", architecture: "x86_64", ownerId: "1" }],
    vpcs: [
      { id: vpcId, cidrs: ["10.0.0.0/16"], dnsSupport: true, dnsHostnames: true },
      { id: "vpc-other", cidrs: ["10.1.0.0/16"], dnsSupport: true, dnsHostnames: true },
    ],
    subnets: [
      { id: "subnet-public", vpcId, cidr: "10.0.0.0/20", zone: "us-east-1a", zoneType: "availability-zone", tags: {} },
      { id: "subnet-private", vpcId, cidr: "10.0.16.0/20", zone: "us-east-1a", zoneType: "availability-zone", tags: {} },
    ],
    routeTables: [
      { id: "rtb-main", vpcId, main: true, subnetIds: [], routes: [] },
      {
        id: "rtb-public",
        vpcId,
        main: false,
        subnetIds: ["subnet-public"],
        routes: [{ destination: "0.0.0.0/0", target: "igw-1", state: "active" }],
      },
      {
        id: "rtb-private",
        vpcId,
        main: false,
        subnetIds: ["subnet-private"],
        routes: [{ destination: "0.0.0.0/0", target: "nat-1", state: "active" }],
      },
    ],
    natGateways: [{ id: "nat-1", subnetId: "subnet-public", state: "available", publicIps: ["203.0.113.10"] }],
    internetGateways: [{ id: "igw-1", vpcIds: [vpcId] }],
    endpoints: [
      {
        id: "vpce-s3",
        vpcId,
        kind: "Gateway",
        service: "com.amazonaws.us-east-1.s3",
        state: "available",
        routeTableIds: ["rtb-public", "rtb-private"],
        subnetIds: [],
        groupIds: [],
        privateDns: false,
      },
    ],
    securityGroups: [
      group("sg-master", "master-sg", [tcpPermission(6443, 6443, ["10.0.0.0/16"]), tcpPermission(22623, 22623, ["10.0.0.0/16"])]),
      group("sg-worker", "worker-sg", [tcpPermission(10250, 10250, [], ["sg-master"])]),
      group("sg-bootstrap", "bootstrap-sg", [tcpPermission(22, 22, ["203.0.113.0/24"])]),
    ],
    loadBalancers: [
      balancer("ext", "subnet-public", "10.0.0.9", [listener(6443, "aext")]),
      balancer("int", "subnet-private", "10.0.16.9", [listener(6443, "aint"), listener(22623, "sint")]),
    ],
    targetGroups: [
      targetGroup("aext", "ext", 6443, "/readyz"),
      targetGroup("aint", "int", 6443, "/readyz"),
      targetGroup("sint", "int", 22623, "/healthz"),
    ],
    zones: [
      { id: "ZPRIVATE", name: domain, private: true, vpcIds: [vpcId], records: [alias("api", "int"), alias("api-int", "int")] },
      {
        id: "ZPUBLIC",
        name: "example.com",
        private: false,
        vpcIds: [],
        records: [alias("api", "ext"), { ...alias("www", "ext"), name: "www.example.com" }],
      },
    ],
    userDataOf: () => Promise.resolve(undefined),
    permissionsOf: () => Promise.resolve(undefined),
    bucketPolicyOf: () => Promise.resolve(undefined),
  };
  return snapshot as BreakableSnapshot;
}

/** The bootstrap instance serves the API and machine configs; nothing else runs yet. */
export const bootstrapServes: Listening = (instanceId, port) =>
  instanceId === "i-bootstrap" && [22, 6443, 22623].includes(port)
    ? {
        protocol: port === 22 ? "tcp" : "https",
        statusOf: (path) => (["/readyz", "/healthz", "/config/master"].includes(path) ? 200 : 404),
      }
    : undefined;

/** A resource by its id or name. @throws Error if it does not exist: a test that breaks nothing proves nothing. */
export function mustFind<T extends { id?: string; name?: string }>(things: T[], key: string): T {
  const found = things.find(({ id, name }) => id === key || name === key);
  if (found === undefined) throw new Error(`no ${key} in the test's snapshot`);
  return found;
}
