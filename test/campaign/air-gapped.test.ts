import { newIn } from "../engine/kinds";
import { describeWithTools } from "../engine/requirements";
import { StandingStack } from "../engine/standing-stack";
import { Topology } from "../engine/topology";

const region = "us-east-1";
const releaseImage = `quay.io/okd/scos-release@sha256:${"0123456789abcdef".repeat(4)}`;

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
  let topology: Topology | undefined;
  let stack: StandingStack;

  afterAll(async () => {
    await topology?.close();
  }, 60_000);

  test("comes up out of what lies in S3", async () => {
    topology = await Topology.open("air-gapped", { machines: true });
    await topology.boto(fillArchive);
    await topology.configure({
      "aws:region": region,
      clusterName: "vault",
      baseDomain: "intranet.example.com",
      release: "4.19.0-okd-scos.1",
      releaseImage,
      mirror: "air-gapped",
      credentialsMode: "passthrough",
      mirrorArchive: "s3://okd-archive/4.19",
      publish: "Internal",
      zones: ["us-east-1a", "us-east-1b"],
      masterCount: 3,
      protectMasters: false,
      workerCount: 0,
      executor: "local",
      bootstrapTimeout: 8,
      installTimeout: 8,
    });
    const before = await topology.inventory();
    await topology.up();
    const { infraId } = await topology.outputs();
    stack = new StandingStack(topology, String(infraId), before, await topology.inventory());
  });

  test("has neither a gateway to the internet nor an address there", () => {
    expect([...stack.made(region, "ec2/nat-gateways"), ...stack.made(region, "ec2/addresses")]).toEqual([]);
    expect(stack.made(region, "ec2/instances").filter(({ PublicIpAddress }) => PublicIpAddress !== undefined)).toEqual([]);
    expect(stack.made(region, "ec2/subnets")).toHaveLength(2);
  });

  test("reaches AWS through endpoints alone, the installer host among the machines", () => {
    const services = stack
      .made(region, "ec2/vpc-endpoints")
      .map(({ ServiceName }) => (ServiceName ?? "").replace(`com.amazonaws.${region}.`, ""));
    expect(services.sort()).toEqual(["ec2", "elasticloadbalancing", "s3", "secretsmanager", "ssm", "sts"]);
  });

  test("goes, and leaves the account and the archive as they were", async () => {
    await stack.topology.destroy();
    expect(newIn(stack.before, await stack.topology.inventory())).toEqual({});
  });
});
