import { normalized } from "../../../campaign/normalized";

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

  it("is the same for two clusters of one configuration, in any order of their resources", () => {
    const other = account("dev-fghij", "vpc-0fedcba9876543210", "subnet-0000000000000000f", "subnet-0000000000000000a");
    other["us-east-1"]["ec2/subnets"].reverse();
    other["us-east-1"]["ec2/nat-gateways"][0].PublicIp = "198.51.100.9";
    expect(normalized(other, "dev-fghij")).toEqual(normalized(one, "dev-abcde"));
  });

  it("differs if a resource belongs to another one or has another CIDR block", () => {
    const elsewhere = account("dev-abcde", "vpc-0123456789abcdef0", "subnet-00000000000000001", "subnet-00000000000000002");
    elsewhere["us-east-1"]["ec2/nat-gateways"][0].SubnetId = "subnet-00000000000000002";
    expect(normalized(elsewhere, "dev-abcde")).not.toEqual(normalized(one, "dev-abcde"));
    const wider = account("dev-abcde", "vpc-0123456789abcdef0", "subnet-00000000000000001", "subnet-00000000000000002");
    wider["us-east-1"]["ec2/subnets"][0].CidrBlock = "10.0.0.0/19";
    expect(normalized(wider, "dev-abcde")).not.toEqual(normalized(one, "dev-abcde"));
  });

  const texts = (infraId: string, text: string) => normalized({ "us-east-1": { things: [{ Text: text }] } }, infraId)["us-east-1 things"];

  it.each([
    ["an object's ETag, whatever it begins with", '"a3f5e8d0c1b2a3f4e5d6c7b8a9f0e1d2"', '"93f5e8d0c1b2a3f4e5d6c7b8a9f0e1d2"'],
    ["the name of the router's load balancer", "a3f5e8d0c1b2a3f4e5d6c7b8a9f0e1d2", "a0000000000000000000000000000001"],
    [
      "the address of the router's load balancer",
      "a3f5e8d0c1b2a3f4e5d6c7b8a9f0e1d2-1234.us-east-1.elb.amazonaws.com",
      "a0000000000000000000000000000001-99.us-east-1.elb.amazonaws.com",
    ],
    ["the node port of the load balancer's health check", "HTTP:31522/healthz", "HTTP:30001/healthz"],
    ["a hosted zone", "/hostedzone/A1B2C3D4E5", "/hostedzone/Z9Y8X7W6V5U4T3"],
    ["a role's id", "AROAQWERTYUIOPASDFGHJ", "AROA01234567890ABCDEF"],
    [
      "a secret's ARN",
      "arn:aws:secretsmanager:us-east-1:123456789012:secret:<infraID>-registry-AbCdEf",
      "arn:aws:secretsmanager:us-east-1:123456789012:secret:<infraID>-registry-x9Y8z7",
    ],
    ["a security group that the Pulumi engine named", "installer-host-group-1a2b3c4", "installer-host-group-fffffff"],
    ["the security group of a load balancer", "load-balancers-int-group-dc2dcac", "load-balancers-int-group-859fd30"],
    ["an attachment", "eni-attach-0123456789abcdef0", "eni-attach-0a1b2c3d"],
    ["the interface of a load balancer", "ELB net/dev-abcde-int/0123456789abcdef", "ELB net/dev-fghij-int/fedcba9876543210"],
    ["a time", "2026-11-26T13:37:00.123Z", "2026-11-27T01:02:03+00:00"],
    ["the hash in the name of a router's target group", "k8s-openshif-routerde-0123456789", "k8s-openshif-routerde-abcdef0123"],
    [
      "the hash in the ARN of a router's target group",
      "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/k8s-openshif-routerde-0123456789/0123456789abcdef",
      "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/k8s-openshif-routerde-abcdef0123/fedcba9876543210",
    ],
    ["the slot of a snapshot of etcd", "snapshots/2026-11-26T02-30-00Z.db", "snapshots/2026-11-27T02-30-00Z.db"],
    [
      "the hash of the content in the name of etcd's static resources",
      "static-resources/2026-11-26T02-30-00Z-0123456789abcdef.tar.gz",
      "static-resources/2026-11-26T02-30-00Z-fedcba9876543210.tar.gz",
    ],
  ])("leaves out %s", (_, one, other) => {
    expect(texts("dev-fghij", other)).toEqual(texts("dev-abcde", one));
  });

  it.each([
    ["ranges", "10.0.0.0/20", "10.0.16.0/20"],
    ["names", "dev-abcde-ext", "dev-abcde-int"],
    ["ports", "HTTP:31522/healthz", "HTTPS:31522/readyz"],
    ["secrets", "secret:dev-abcde-registry-AbCdEf", "secret:dev-abcde-approver-AbCdEf"],
    ["target groups", "k8s-openshif-routerde-0123456789", "k8s-openshif-routerpu-0123456789"],
    ["kinds of backups", "snapshots/2026-11-26T02-30-00Z.db", "static-resources/2026-11-26T02-30-00Z.db"],
  ])("differs for different %s", (_, one, other) => {
    expect(texts("dev-abcde", other)).not.toEqual(texts("dev-abcde", one));
  });

  const thing = (item: object) => normalized({ "us-east-1": { things: [item] } }, "dev-abcde");

  it.each([
    ["a target group", { Port: 31522, HealthCheckPort: "32100" }, { Port: 30001, HealthCheckPort: "30002" }],
    ["a target", { Targets: [{ Id: "i", Port: 31522 }] }, { Targets: [{ Id: "i", Port: 32001 }] }],
    ["a classic load balancer's listener", { LoadBalancerPort: 443, InstancePort: 31522 }, { LoadBalancerPort: 443, InstancePort: 30001 }],
    ["a rule of a security group", { FromPort: 31522, ToPort: 31522 }, { FromPort: 30001, ToPort: 30001 }],
  ])("leaves out the node port of %s", (_, one, other) => {
    expect(thing(other)).toEqual(thing(one));
  });

  it.each([
    ["the range of all node ports", { FromPort: 30000, ToPort: 32767 }, { FromPort: 30000, ToPort: 32000 }],
    ["a port that is not a node port", { Port: 6443 }, { Port: 22623 }],
    ["whether a port is a node port", { InstancePort: 31522 }, { InstancePort: 443 }],
  ])("does not leave out %s", (_, one, other) => {
    expect(thing(other)).not.toEqual(thing(one));
  });

  it("has the objects of a backup, but not how many control plane nodes stored them", () => {
    const bucket = (...keys: string[]) =>
      normalized({ global: { "s3/buckets": [{ Objects: keys.map((Key) => ({ Key })) }] } }, "dev-abcde");
    const [one, other] = [
      "static-resources/2026-11-26T02-30-00Z-0123456789abcdef.tar.gz",
      "static-resources/2026-11-26T02-30-00Z-fedcba9876543210.tar.gz",
    ];
    expect(bucket(one, other)).toEqual(bucket(one));
    expect(bucket()).not.toEqual(bucket(one));
  });

  it("leaves out attributes with their default value", () => {
    const balancer = (...Attributes: object[]) => normalized({ "us-east-1": { balancers: [{ Attributes }] } }, "dev-abcde");
    expect(balancer({ Key: "access_logs.s3.enabled", Value: "false" })).toEqual(balancer());
    expect(balancer({ Key: "access_logs.s3.enabled", Value: "true" })).not.toEqual(balancer());
  });
});
