import { normalized } from "../campaign/normalized";

describe("a normalized inventory", () => {
  const account = (infraId: string, vpc: string, subnet: string, peer: string) => ({
    "us-east-1": {
      "ec2/subnets": [
        {
          SubnetId: subnet,
          VpcId: vpc,
          CidrBlock: "10.0.0.0/20",
          Tags: [
            { Key: "Name", Value: `${infraId}-a` },
            { Key: `kubernetes.io/cluster/${infraId}`, Value: "shared" },
          ],
        },
        { SubnetId: peer, VpcId: vpc, CidrBlock: "10.0.16.0/20", Tags: [{ Key: "Name", Value: `${infraId}-b` }] },
      ],
      "ec2/vpcs": [{ VpcId: vpc, Tags: [{ Key: "Name", Value: `${infraId}-vpc` }] }],
      "ec2/nat-gateways": [{ SubnetId: subnet, PublicIp: "203.0.113.7" }],
    },
  });
  const one = account("dev-abcde", "vpc-0123456789abcdef0", "subnet-00000000000000001", "subnet-00000000000000002");

  it("is the same for two clusters of one configuration, in whatever order chance puts them", () => {
    const other = account("dev-fghij", "vpc-0fedcba9876543210", "subnet-0000000000000000f", "subnet-0000000000000000a");
    other["us-east-1"]["ec2/subnets"].reverse();
    other["us-east-1"]["ec2/nat-gateways"][0].PublicIp = "198.51.100.9";
    expect(normalized(other, "dev-fghij")).toEqual(normalized(one, "dev-abcde"));
  });

  it("is another one where something belongs to something else, or has another range", () => {
    const elsewhere = account("dev-abcde", "vpc-0123456789abcdef0", "subnet-00000000000000001", "subnet-00000000000000002");
    elsewhere["us-east-1"]["ec2/nat-gateways"][0].SubnetId = "subnet-00000000000000002";
    expect(normalized(elsewhere, "dev-abcde")).not.toEqual(normalized(one, "dev-abcde"));
    const wider = account("dev-abcde", "vpc-0123456789abcdef0", "subnet-00000000000000001", "subnet-00000000000000002");
    wider["us-east-1"]["ec2/subnets"][0].CidrBlock = "10.0.0.0/19";
    expect(normalized(wider, "dev-abcde")).not.toEqual(normalized(one, "dev-abcde"));
  });
});
