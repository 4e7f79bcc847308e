import { newIn } from "../engine/kinds";
import { describeWithTools } from "../engine/requirements";
import { region } from "./account";
import { InstalledCluster } from "./installed-cluster";

/** What the user brings: a bucket in the cluster's region with images, tools and oc-mirror's archive. */
const fillArchive = `
s3 = boto3.client("s3")
s3.create_bucket(Bucket="okd-archive")
for key in ["images/aws-cli.tar", "images/registry.tar", "images/node.tar", "archive/mirror_000001.tar"]:
    s3.put_object(Bucket="okd-archive", Key="4.19/" + key, Body=key.encode())
print("{}")
`;

/** A cluster in a network without any way in or out, of masters alone, from nothing to installed, and away again. */
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

  test("comes up out of what lies in S3", async () => {
    await cluster.topology.boto(fillArchive);
    await cluster.install();
  });

  test("has neither a gateway to the internet nor an address there", () => {
    const { stack } = cluster;
    expect([...stack.made(region, "ec2/nat-gateways"), ...stack.made(region, "ec2/addresses")]).toEqual([]);
    expect(stack.made(region, "ec2/instances").filter(({ PublicIpAddress }) => PublicIpAddress !== undefined)).toEqual([]);
    expect(stack.made(region, "ec2/subnets")).toHaveLength(2);
  });

  test("reaches AWS through endpoints alone, the installer host among the machines", () => {
    const services = cluster.stack
      .made(region, "ec2/vpc-endpoints")
      .map(({ ServiceName }) => (ServiceName ?? "").replace(`com.amazonaws.${region}.`, ""));
    expect(services.sort()).toEqual(["ec2", "elasticloadbalancing", "s3", "secretsmanager", "ssm", "sts"]);
  });

  test("goes, and leaves the account and the archive as they were", async () => {
    const { before } = cluster.stack;
    await cluster.topology.destroy();
    expect(newIn(before, await cluster.topology.inventory())).toEqual({});
  });
});
