import { readFileSync } from "node:fs";
import { newIn } from "../engine/kinds";
import { describeWithTools } from "../engine/requirements";
import { region } from "./account";
import { InstalledCluster, type Named } from "./installed-cluster";

const minutes = 60_000;

interface Node extends Named {
  readonly status: { readonly nodeInfo: { readonly bootID: string } };
}

/** Another type for the masters of a running cluster, which must not lose more than one of them at a time. */
describeWithTools("a cluster whose masters get another type", () => {
  let cluster: InstalledCluster;

  beforeAll(async () => {
    cluster = await InstalledCluster.open("masters", {
      clusterName: "masters",
      baseDomain: "okd.example.com",
      workerCount: 2,
      adminCidrs: ["198.51.100.0/24"],
    });
    await cluster.install();
  });

  afterAll(async () => {
    await cluster.topology.close();
  }, minutes);

  /** The emulated AWS's record of machines that were stopped and started. */
  const stopsAndStarts = () =>
    readFileSync(cluster.topology.sandbox.aws.callsFile, "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as { action: string; status: number })
      .filter(({ action, status }) => status < 400 && /^ec2:(Stop|Start)Instances$/.test(action))
      .map(({ action }) => action);
  const boots = async () =>
    (await cluster.objects<Node>("nodes", "--selector", "node-role.kubernetes.io/master")).map(({ status }) => status.nodeInfo.bootID);
  const types = async () =>
    cluster.topology.boto(`
ec2 = boto3.client("ec2")
found = [each for page in ec2.describe_instances()["Reservations"] for each in page["Instances"] if each["State"]["Name"] == "running"]
names = {each["InstanceId"]: [tag["Value"] for tag in each["Tags"] if tag["Key"] == "Name"][0] for each in found}
print(json.dumps(sorted(each["InstanceType"] for each in found if "-master-" in names[each["InstanceId"]])))`);

  test("stops and starts one after the other, each when the one before has booted anew", async () => {
    const before = await boots();
    expect(before).toHaveLength(3);
    await cluster.change({ masterInstanceType: "m6i.2xlarge" });
    expect(stopsAndStarts()).toEqual([1, 2, 3].flatMap(() => ["ec2:StopInstances", "ec2:StartInstances"]));
    expect(await types()).toEqual(["m6i.2xlarge", "m6i.2xlarge", "m6i.2xlarge"]);
    const after = await boots();
    expect(after).toHaveLength(3);
    expect(after.filter((boot) => before.includes(boot))).toEqual([]);
    await cluster.topology.expectNoChanges();
  });

  test("changes what stops none at once, without asking the cluster", async () => {
    const before = stopsAndStarts().length;
    await cluster.change({ masterInstanceType: "m6i.2xlarge", tags: { team: "platform" } });
    expect(stopsAndStarts()).toHaveLength(before);
  });

  test("is destroyed, and leaves the account as it was", async () => {
    const { before } = cluster.stack;
    await cluster.topology.destroy();
    expect(newIn(before, await cluster.topology.inventory())).toEqual({});
    expect(cluster.stack.made(region, "ec2/instances").length).toBeGreaterThan(0);
  });
});
