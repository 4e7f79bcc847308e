import { newIn } from "../engine/kinds";
import { describeWithTools } from "../engine/requirements";
import { region } from "../region";
import { InstalledCluster } from "./installed-cluster";

/** Fills the bucket that the user provides in the cluster's region with images, tools and oc-mirror's archive. */
const fillArchive = `
s3 = boto3.client("s3")
s3.create_bucket(Bucket="okd-archive")
for key in ["images/aws-cli.tar", "images/registry.tar", "images/node.tar", "archive/mirror_000001.tar"]:
    s3.put_object(Bucket="okd-archive", Key="4.19/" + key, Body=key.encode())
print("{}")
`;

/** Installs and destroys a cluster without workers, in a network without any route to or from the internet. */
describeWithTools("an air-gapped cluster", () => {
  let cluster: InstalledCluster;

  beforeAll(async () => {
    cluster = await InstalledCluster.open("air-gapped", {
      clusterName: "vault",
      baseDomain: "intranet.example.com",
      mirror: "air-gapped",
      credentialsMode: "passthrough",
      mirrorArchive: "s3://okd-archive/4.19",
      publish: "Internal",
      workerCount: 0,
    });
  });

  afterAll(async () => {
    await cluster.topology.close();
  }, 60_000);

  test("is installed from the objects in S3", async () => {
    await cluster.topology.boto(fillArchive);
    await cluster.install();
  });

  test("has neither a NAT gateway nor a public address", () => {
    const { stack } = cluster;
    expect([...stack.made(region, "ec2/nat-gateways"), ...stack.made(region, "ec2/addresses")]).toEqual([]);
    expect(stack.made(region, "ec2/instances").filter(({ PublicIpAddress }) => PublicIpAddress !== undefined)).toEqual([]);
    expect(stack.made(region, "ec2/subnets")).toHaveLength(2);
  });

  test("has the VPC endpoints through which its nodes and the installer host reach AWS, and no others", () => {
    const services = cluster.stack
      .made(region, "ec2/vpc-endpoints")
      .map(({ ServiceName }) => (ServiceName ?? "").replace(`com.amazonaws.${region}.`, ""));
    expect(services.sort()).toEqual(["ec2", "elasticloadbalancing", "s3", "secretsmanager", "ssm", "sts"]);
  });

  test("is destroyed, and leaves the account and the archive as they were", async () => {
    const { before } = cluster.stack;
    await cluster.topology.destroy();
    expect(newIn(before, await cluster.topology.inventory())).toEqual({});
  });
});
