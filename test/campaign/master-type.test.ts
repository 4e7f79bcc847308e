import { readFileSync } from "node:fs";
import { join } from "node:path";
import { makeExistingVpc } from "../engine/existing-vpc";
import { newIn } from "../engine/kinds";
import { describeWithTools } from "../engine/requirements";
import { region } from "../region";
import { InstalledCluster, type Named } from "./installed-cluster";

const MINUTE_MS = 60_000;

interface Node extends Named {
  readonly metadata: Named["metadata"] & { readonly labels: Readonly<Record<string, string>> };
}

/** Deregisters all instances from a target group. Returns their number. */
const deregisterAllTargets = `
elb = boto3.client("elbv2")
[group] = elb.describe_target_groups(Names=[sys.argv[1]])["TargetGroups"]
targets = [each["Target"] for each in elb.describe_target_health(TargetGroupArn=group["TargetGroupArn"])["TargetHealthDescriptions"]]
elb.deregister_targets(TargetGroupArn=group["TargetGroupArn"], Targets=targets)
print(len(targets))
`;

const linesOf = (file: string) =>
  readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "");

/**
 * Changes the instance type of a running cluster's control plane, which must not lose more than one node at a time. The cluster is in a
 * company's VPC whose DHCP options name the company's domain. So the names of nodes differ from EC2's names of their instances.
 */
describeWithTools("a cluster whose control plane gets another instance type", () => {
  let cluster: InstalledCluster;

  beforeAll(async () => {
    cluster = await InstalledCluster.open("masters", {
      clusterName: "masters",
      baseDomain: "okd.example.com",
      workerCount: 2,
      infraCount: 1,
      adminCidrs: ["198.51.100.0/24"],
    });
    const { vpcId, machineCidr, privateSubnetIds, publicSubnetIds } = await makeExistingVpc(cluster.topology, region);
    cluster.set({ vpcId, machineCidr, privateSubnetIds, publicSubnetIds, zones: undefined });
    await cluster.install();
  });

  afterAll(async () => {
    await cluster.topology.close();
  }, MINUTE_MS);

  /**
   * Returns the times of stops and starts, from the emulated AWS's record of calls, and the times at which the nodes had booted again, from the
   * simulator's log.
   */
  const happened = () => {
    const { sandbox } = cluster.topology;
    const calls = linesOf(sandbox.aws.callsFile)
      .map((line) => JSON.parse(line) as { action: string; status: number; time: string })
      .filter(({ action, status }) => status < 400 && /^ec2:(Stop|Start)Instances$/.test(action))
      .map(({ action, time }) => ({ what: action, time: Date.parse(time) }));
    const boots = linesOf(join(sandbox.directory, "cluster", "simulator.log"))
      .filter((line) => line.endsWith("has booted again"))
      .map((line) => ({ what: "booted", time: Date.parse(line.split(" ")[0]) }));
    return [...calls, ...boots].sort((one, other) => one.time - other.time);
  };
  const types = async () =>
    cluster.topology.boto(`
ec2 = boto3.client("ec2")
found = [each for page in ec2.describe_instances()["Reservations"] for each in page["Instances"] if each["State"]["Name"] == "running"]
names = {each["InstanceId"]: [tag["Value"] for tag in each["Tags"] if tag["Key"] == "Name"][0] for each in found}
print(json.dumps(sorted(each["InstanceType"] for each in found if "-master-" in names[each["InstanceId"]])))`);

  test("has nodes whose names have the VPC's own domain, and the program matches each node to its instance", async () => {
    const nodes = await cluster.objects<Node>("nodes");
    expect(nodes.map(({ metadata }) => metadata.name.replace(/^ip-[\d-]+\./, ""))).toEqual(Array(6).fill("corp.example.com"));
    expect(nodes.filter(({ metadata }) => "node-role.kubernetes.io/infra" in metadata.labels)).toHaveLength(1);
    expect(await cluster.isAvailable()).toBe(true);
  });

  test("stops and starts one node after the other, each after the previous node has been up for a minute", async () => {
    await cluster.change({ masterInstanceType: "m6i.2xlarge" });
    const events = happened();
    expect(events.map(({ what }) => what)).toEqual([1, 2, 3].flatMap(() => ["ec2:StopInstances", "ec2:StartInstances", "booted"]));
    for (const later of [3, 6]) expect(events[later].time - events[later - 1].time).toBeGreaterThan(60_000);
    expect(await types()).toEqual(["m6i.2xlarge", "m6i.2xlarge", "m6i.2xlarge"]);
    await cluster.topology.expectNoChanges();
  });

  test("stops no node, and fails, if the API runs but cannot be reached", async () => {
    const before = happened().length;
    expect(await cluster.topology.boto(deregisterAllTargets, `${cluster.stack.infraId}-aext`)).toBe(3);
    await expect(cluster.change({ masterInstanceType: "m6i.xlarge" })).rejects.toThrow(
      /exit code \d+:[^]*master-0 was not stopped, because the cluster's API can't be reached from this machine/,
    );
    expect(happened()).toHaveLength(before);
    expect(await types()).toEqual(["m6i.2xlarge", "m6i.2xlarge", "m6i.2xlarge"]);
  });

  test("is destroyed, and leaves the account as it was", async () => {
    const { before } = cluster.stack;
    await cluster.topology.destroy();
    expect(newIn(before, await cluster.topology.inventory())).toEqual({});
    expect(cluster.stack.made(region, "ec2/instances").length).toBeGreaterThan(0);
  });
});
