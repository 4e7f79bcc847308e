import { endpointProblems } from "../../../../components/network/endpoint-problems";
import type { FoundEndpoint } from "../../../../components/network/found-endpoints";
import type { FoundNetwork, FoundSubnet } from "../../../../components/network/found-network";

const subnet = (id: string, routeTableId: string, leavesVpc = false): FoundSubnet => ({
  ...{ id, routeTableId, leavesVpc, zone: `zone of ${id}`, cidrBlock: "10.20.0.0/24", freeAddresses: 200, hostnames: "ip-name" },
  ...{ hasRoleTag: false, reachesInternetGateway: false },
});
const network: FoundNetwork = {
  ...{ vpcId: "vpc-1", ownerId: "123456789012", vpcCidrs: ["10.20.0.0/16"], dnsSupport: true, dnsHostnames: true, domain: "" },
  ...{ publicSubnets: [], foreignSubnets: [] },
  privateSubnets: [subnet("subnet-a", "rtb-a"), subnet("subnet-b", "rtb-b")],
};
const needs = { region: "us-east-1", machineCidrs: ["10.20.0.0/16"], services: ["ec2", "elasticloadbalancing", "sts"] };
const toS3: FoundEndpoint = { id: "vpce-s3", service: "s3", kind: "Gateway", privateDns: true, routeTableIds: ["rtb-a", "rtb-b"] };
const to = (service: string, privateDns = true): FoundEndpoint => ({
  ...{ id: `vpce-${service}`, service, kind: "Interface", privateDns, routeTableIds: [] },
});
const complete = [toS3, ...needs.services.map((service) => to(service))];
const without = (service: string, ...instead: readonly FoundEndpoint[]) => [
  ...complete.filter((each) => each.service !== service),
  ...instead,
];

/** The problems, each with the command that corrects it. */
const problems = (endpoints: readonly FoundEndpoint[], changes: Partial<FoundNetwork> = {}) =>
  endpointProblems({ ...network, ...changes }, endpoints, needs).map(({ key, value, wrong, fix }) => {
    expect([key, value]).toEqual(["vpcId", "vpc-1"]);
    return `${wrong} | ${fix.replace(/, or set httpsProxy$/, "")}`;
  });

test("a network with all endpoints has no problem, with a gateway endpoint or an interface endpoint for S3", () => {
  expect(problems(complete)).toEqual([]);
  expect(problems(without("s3", to("s3")))).toEqual([]);
});

test("endpoints are not required if the private subnets have a default route out of the VPC", () => {
  expect(problems([], { privateSubnets: [subnet("subnet-a", "rtb-a", true)] })).toEqual([]);
});

test.each<[string, readonly FoundEndpoint[], string]>([
  [
    "no route to S3",
    without("s3"),
    "names a VPC without a gateway endpoint of com.amazonaws.us-east-1.s3, and its instances have no other route to S3 | aws ec2 create-vpc-endpoint --region us-east-1 --vpc-id vpc-1 --service-name com.amazonaws.us-east-1.s3 --route-table-ids rtb-a rtb-b",
  ],
  [
    "an S3 interface without private DNS",
    without("s3", to("s3", false)),
    "names a VPC without a gateway endpoint of com.amazonaws.us-east-1.s3, and its instances have no other route to S3 | aws ec2 create-vpc-endpoint --region us-east-1 --vpc-id vpc-1 --service-name com.amazonaws.us-east-1.s3 --route-table-ids rtb-a rtb-b",
  ],
  [
    "a route table without the gateway endpoint",
    without("s3", { ...toS3, routeTableIds: ["rtb-a", "rtb-public"] }),
    "names a VPC whose gateway endpoint vpce-s3 of com.amazonaws.us-east-1.s3 is not in rtb-b, and instances there have no other route to S3 | aws ec2 modify-vpc-endpoint --region us-east-1 --vpc-endpoint-id vpce-s3 --add-route-table-ids rtb-b",
  ],
  [
    "a service without an endpoint",
    without("elasticloadbalancing"),
    "names a VPC without an interface endpoint of com.amazonaws.us-east-1.elasticloadbalancing, and its instances have no other route to the service | aws ec2 create-vpc-endpoint --region us-east-1 --vpc-id vpc-1 --vpc-endpoint-type Interface --service-name com.amazonaws.us-east-1.elasticloadbalancing --private-dns-enabled --subnet-ids subnet-a subnet-b --security-group-ids <a security group that allows tcp 443 from 10.20.0.0/16>",
  ],
  [
    "an endpoint to which its DNS name does not lead",
    without("ec2", to("ec2", false)),
    "names a VPC whose interface endpoint vpce-ec2 of com.amazonaws.us-east-1.ec2 has no private DNS, so calls to ec2 do not reach it | aws ec2 modify-vpc-endpoint --region us-east-1 --vpc-endpoint-id vpce-ec2 --private-dns-enabled",
  ],
])("the problem of a VPC is reported with the command that fixes it: %s", (_, endpoints, expected) => {
  expect(problems(endpoints)).toEqual([expected]);
});

test("all missing endpoints are reported at once", () => {
  expect(problems([])).toHaveLength(4);
});

test("S3's gateway endpoint is required only in the route tables of private subnets without a default route", () => {
  const privateSubnets = [subnet("subnet-a", "rtb-a"), subnet("subnet-b", "rtb-b", true)];
  expect(problems(without("s3", { ...toS3, routeTableIds: ["rtb-a"] }), { privateSubnets })).toEqual([]);
});
