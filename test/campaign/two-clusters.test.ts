import type { Inventory } from "../../sandbox/aws";
import { type ExistingVpc, makeExistingVpc } from "../engine/existing-vpc";
import { describeWithTools } from "../engine/requirements";
import { Topology } from "../engine/topology";
import { region } from "./account";

/** The infrastructure of two clusters in one network that belongs to somebody else. */
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
    await timed("up of the first", () => east.up());
    withEast = await east.inventory();
    await timed("up of the second", () => west.up());
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

  test("the first to come goes first, and leaves the second as it is", async () => {
    const infraId = String((await east.outputs()).infraId);
    await timed("destroy of the first", () => east.destroy());
    const left = await east.inventory();
    expect(JSON.stringify(left)).not.toContain(infraId);
    const [before, first, both, now] = [empty, withEast, withBoth, left].map((inventory) =>
      linesOf(withoutTraces(inventory, [infraId, "east.okd.example.com"])),
    );
    const firstsOwn = new Set(first.filter((line) => !before.includes(line)));
    // The word that the subnets' role tags, which the second needs, were a cluster's.
    const word = `${region} ssm/parameters {"`;
    const words = now.filter((line) => line.startsWith(word) && line.includes("/okd/role-tags/"));
    expect(words).toHaveLength(5); // of six subnets one had its owner's
    expect(now.filter((line) => !words.includes(line))).toEqual(both.filter((line) => !firstsOwn.has(line)));
  });

  test("finds nothing to change or to mend in the second afterwards", async () => {
    await west.expectNoChanges();
    await west.expectNoDrift();
  });

  test("leaves the network as it was when the second goes, too", async () => {
    await timed("destroy of the second", () => west.destroy());
    expect(await east.inventory()).toEqual(empty);
  });
});

/** A line for everything that there is, in an order that what was left out has no part in. */
function linesOf(inventory: Inventory | undefined): string[] {
  const lines = Object.entries(inventory ?? {}).flatMap(([scope, kinds]) =>
    Object.entries(kinds).flatMap(([kind, items]) => items.map((item) => `${scope} ${kind} ${JSON.stringify(item)}`)),
  );
  return lines.sort();
}

/** What the clusters share without what there names one of them: subnets' tags, the public zone's records, and the counts that follow. */
function withoutTraces(inventory: Inventory | undefined, names: readonly string[]): Inventory {
  const isTrace = (value: unknown) => names.some((name) => JSON.stringify(value).includes(name));
  const clean = (item: unknown) => {
    const entries = Object.entries(item as Record<string, unknown>);
    const left = entries.map(([key, value]) => [key, Array.isArray(value) ? value.filter((each) => !isTrace(each)) : value]);
    return { ...(Object.fromEntries(left) as object), AvailableIpAddressCount: 0, ResourceRecordSetCount: 0 };
  };
  const kindsOf = (kinds: Record<string, unknown[]>) =>
    Object.entries(kinds).map(
      ([kind, items]) => [kind, ["ec2/subnets", "route53/zones"].includes(kind) ? items.map(clean) : items] as const,
    );
  return Object.fromEntries(Object.entries(inventory ?? {}).map(([scope, kinds]) => [scope, Object.fromEntries(kindsOf(kinds))]));
}
