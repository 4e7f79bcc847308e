import type { Inventory } from "@okd-aws/sandbox/aws";
import { type ExistingVpc, makeExistingVpc } from "../engine/existing-vpc";
import { describeWithTools } from "../engine/requirements";
import { Topology } from "../engine/topology";
import { region } from "../region";

/** Creates the infrastructure of two clusters in one company's network. */
describeWithTools("two clusters in one existing VPC", () => {
  let east: Topology;
  let west: Topology;
  let corp: ExistingVpc;
  let [empty, withEast, withBoth]: (Inventory | undefined)[] = [];
  const figures: string[] = [];

  const configurationOf = (clusterName: string) => ({
    "aws:region": region,
    installerHost: false,
    clusterName,
    baseDomain: "okd.example.com",
    release: "4.19.0-okd-scos.1",
    releaseImage: "quay.io/okd/scos-release:4.19.0-okd-scos.1",
    vpcId: corp.vpcId,
    machineCidr: corp.machineCidr,
    privateSubnetIds: corp.privateSubnetIds,
    publicSubnetIds: corp.publicSubnetIds,
    masterCount: 3,
    protectMasters: false,
    workerCount: 2,
    adminCidrs: ["198.51.100.0/24"],
  });

  beforeAll(async () => {
    east = await Topology.open("east");
    west = await east.beside("west");
    corp = await makeExistingVpc(east, region);
    await east.configure(configurationOf("east"));
    await west.configure(configurationOf("west"));
    empty = await east.inventory();
    await timed("up of the first cluster", () => east.up());
    withEast = await east.inventory();
    await timed("up of the second cluster", () => west.up());
    withBoth = await east.inventory();
  });

  afterAll(async () => {
    console.log(figures.join("\n"));
    await east.close();
  }, 60_000);

  async function timed(what: string, work: () => Promise<unknown>): Promise<void> {
    const begin = performance.now();
    await work();
    figures.push(`${what}: ${((performance.now() - begin) / 1000).toFixed(0)} s`);
  }

  test("the first cluster is destroyed first, and the second stays unchanged", async () => {
    const infraId = String((await east.outputs()).infraId);
    await timed("destroy of the first cluster", () => east.destroy());
    const left = await east.inventory();
    expect(JSON.stringify(left)).not.toContain(infraId);
    const [before, first, both, now] = [empty, withEast, withBoth, left].map((inventory) =>
      linesOf(withoutClusterReferences(inventory, [infraId, "east.okd.example.com"])),
    );
    const firstsOwn = new Set(first.filter((line) => !before.includes(line)));
    // These parameters record that the role tags of the subnets belong to a cluster. The second cluster needs these tags.
    const word = `${region} ssm/parameters {"`;
    const words = now.filter((line) => line.startsWith(word) && line.includes("/okd/role-tags/"));
    expect(words).toHaveLength(5); // one of the six subnets already had its owner's tag
    expect(now.filter((line) => !words.includes(line))).toEqual(both.filter((line) => !firstsOwn.has(line)));
  });

  test("after the destroy of the first cluster, the second has nothing to change and no drift", async () => {
    await west.expectNoChanges();
    await west.expectNoDrift();
  });

  test("the network is as it was before both clusters when the second cluster is destroyed, too", async () => {
    await timed("destroy of the second cluster", () => west.destroy());
    expect(await east.inventory()).toEqual(empty);
  });
});

/** One line for each resource, sorted, so that removed values do not affect the order. */
function linesOf(inventory: Inventory | undefined): string[] {
  const lines = Object.entries(inventory ?? {}).flatMap(([scope, kinds]) =>
    Object.entries(kinds).flatMap(([kind, items]) => items.map((item) => `${scope} ${kind} ${JSON.stringify(item)}`)),
  );
  return lines.sort();
}

/**
 * The inventory without the changes that a cluster makes to shared subnets and hosted zones: tags and records that contain one of `names` are
 * removed. The counts of free addresses and of records are set to 0.
 */
function withoutClusterReferences(inventory: Inventory | undefined, names: readonly string[]): Inventory {
  const isReference = (value: unknown) => names.some((name) => JSON.stringify(value).includes(name));
  const clean = (item: unknown) => {
    const entries = Object.entries(item as Record<string, unknown>);
    const left = entries.map(([key, value]) => [key, Array.isArray(value) ? value.filter((each) => !isReference(each)) : value]);
    return { ...(Object.fromEntries(left) as object), AvailableIpAddressCount: 0, ResourceRecordSetCount: 0 };
  };
  const kindsOf = (kinds: Record<string, unknown[]>) =>
    Object.entries(kinds).map(
      ([kind, items]) => [kind, ["ec2/subnets", "route53/zones"].includes(kind) ? items.map(clean) : items] as const,
    );
  return Object.fromEntries(Object.entries(inventory ?? {}).map(([scope, kinds]) => [scope, Object.fromEntries(kindsOf(kinds))]));
}
