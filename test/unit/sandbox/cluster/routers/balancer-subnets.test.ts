import { type SubnetRequest, subnetsFor } from "../../../../../sandbox/cluster/routers/balancer-subnets";
import type { Subnet } from "../../../../../sandbox/machines";
import { smallSnapshot, vpcId } from "../../machines/small-snapshot";

const cluster = "kubernetes.io/cluster/dev-x7k2q";
const role = (kind: "elb" | "internal-elb") => `kubernetes.io/role/${kind}`;
const subnet = (id: string, zone: string, tags: readonly string[] = [], changes: Partial<Subnet> = {}): Subnet => ({
  id,
  vpcId,
  cidr: "10.0.0.0/24",
  zone: `us-east-1${zone}`,
  zoneType: "availability-zone",
  tags: Object.fromEntries(tags.map((tag) => [tag, "1"])),
  ...changes,
});
const own = [
  subnet("subnet-pub-a", "a", [cluster, role("elb")]),
  subnet("subnet-prv-a", "a", [cluster, role("internal-elb")]),
  subnet("subnet-pub-b", "b", [cluster, role("elb")]),
  subnet("subnet-prv-b", "b", [cluster, role("internal-elb")]),
];

/** The subnets of a load balancer, in a VPC whose public subnets have `pub` in their ids. */
function chosen(subnets: readonly Subnet[], changes: Partial<SubnetRequest> = {}): string[] {
  const snapshot = smallSnapshot();
  const publicIds = subnets.filter(({ id }) => id.includes("pub")).map(({ id }) => id);
  const routes = [{ destination: "0.0.0.0/0", target: "igw-1", state: "active" }];
  const routeTables = [
    { id: "rtb-main", vpcId, main: true, subnetIds: [], routes: [] },
    { id: "rtb-public", vpcId, main: false, subnetIds: publicIds, routes },
  ];
  const instances = snapshot.instances.filter(({ id }) => id === "i-worker").map((instance) => ({ ...instance, subnetId: subnets[0].id }));
  const request = {
    snapshot: { ...snapshot, subnets, routeTables },
    instances,
    infraId: "dev-x7k2q",
    internal: false,
    subnetIds: [],
    ...changes,
  };
  return subnetsFor(request).map(({ id }) => id);
}

test("a Service's load balancer uses the cluster's public or private subnets, one in each zone", () => {
  expect(chosen(own)).toEqual(["subnet-pub-a", "subnet-pub-b"]);
  expect(chosen(own, { internal: true })).toEqual(["subnet-prv-a", "subnet-prv-b"]);
});

test("a Service's load balancer also uses subnets of other zones that have no cluster's tag", () => {
  const others = [subnet("subnet-pub-c", "c"), subnet("subnet-prv-d", "d")];
  expect(chosen([...own, ...others])).toEqual(["subnet-pub-a", "subnet-pub-b", "subnet-pub-c"]);
  expect(chosen([...own, ...others], { internal: true })).toEqual(["subnet-prv-a", "subnet-prv-b", "subnet-pub-c", "subnet-prv-d"]);
  const unmanaged = others.map((other) => ({ ...other, tags: { "kubernetes.io/cluster/unmanaged": "true" } }));
  expect(chosen([...own, ...unmanaged], { internal: true })).toEqual(["subnet-prv-a", "subnet-prv-b"]);
});

test("within a zone, the role tag decides first, then the cluster's tag, then the ID", () => {
  const foreign = (id: string, ...tags: string[]) => chosen([subnet("subnet-pub-5", "a", [cluster]), subnet(id, "a", tags)]);
  expect(foreign("subnet-pub-1", role("elb"))).toEqual(["subnet-pub-1"]);
  expect(foreign("subnet-pub-1")).toEqual(["subnet-pub-5"]);
  expect(chosen([subnet("subnet-pub-5", "a"), subnet("subnet-pub-1", "a")])).toEqual(["subnet-pub-1"]);
});

test("subnets in local zones are not used; without another one, the controller's error says so", () => {
  const local = subnet("subnet-pub-nyc", "-nyc-1a", [cluster], { zoneType: "local-zone" });
  expect(chosen([...own, local])).toEqual(["subnet-pub-a", "subnet-pub-b"]);
  expect(() => chosen([local])).toThrow("could not find any suitable subnets for creating the ELB");
  expect(() => chosen([own[1], own[3]])).toThrow("could not find any suitable subnets for creating the ELB");
});

test("if each subnet has another cluster's tag, the load balancer uses the node's subnet", () => {
  const others = [
    subnet("subnet-prv-a", "a", ["kubernetes.io/cluster/other"]),
    subnet("subnet-prv-b", "b", ["kubernetes.io/cluster/other"]),
  ];
  expect(chosen(others, { internal: true })).toEqual(["subnet-prv-a"]);
});

test("the subnets that the Service's annotation names are used", () => {
  expect(chosen(own, { subnetIds: ["subnet-pub-b"] })).toEqual(["subnet-pub-b"]);
  expect(() => chosen(own, { subnetIds: ["subnet-pub-x"] })).toThrow("could not find the subnets subnet-pub-x");
});
