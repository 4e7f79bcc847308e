/**
 * A disaster drill: an OKD cluster is lost, and an OpenShift cluster with OADP restores a namespace of the lost cluster from the kept bucket.
 */
import { describeWithTools } from "../engine/requirements";
import { singleNode } from "../engine/single-node";
import { Topology } from "../engine/topology";
import { shopObjects, VeleroCluster } from "../engine/velero-cluster";

const namespace = "openshift-adp";
const timeouts = { bootstrapTimeout: 10, installTimeout: 10 };
const lost = {
  ...singleNode,
  ...timeouts,
  clusterName: "lost",
  release: "4.19.0-okd-scos.1",
  releaseImage: "quay.io/okd/scos-release:4.19.0-okd-scos.1",
  veleroSchedules: [{ name: "daily" }],
};
const shopOnly = { name: "shop", includedNamespaces: ["shop"] };
const spare = {
  ...singleNode,
  ...timeouts,
  clusterName: "spare",
  distribution: "openshift",
  release: "4.22.9",
  operators: [
    {
      name: "redhat-oadp-operator",
      namespace,
      source: "redhat-operators",
      channel: "stable",
      startingCSV: "oadp-operator.v1.6.0",
      targetNamespaces: [namespace],
    },
  ],
  veleroSchedules: [{ name: "nightly" }],
};
const pullSecret = JSON.stringify({
  auths: Object.fromEntries(["cloud.openshift.com", "quay.io", "registry.redhat.io"].map((host) => [host, { auth: "dXNlcjpwYXNz" }])),
});

const readKeys = `
s3 = boto3.client("s3")
print(json.dumps(sorted(each["Key"] for each in s3.list_objects_v2(Bucket=sys.argv[1]).get("Contents", []))))
`;

describeWithTools("a cluster that is lost", () => {
  let first: Topology;
  let second: Topology;
  let velero: VeleroCluster;
  let bucket = "";
  let backup = "";
  let content: object;
  const figures: string[] = [];

  async function timed(what: string, work: () => Promise<unknown>): Promise<void> {
    const begin = performance.now();
    await work();
    figures.push(`${what}: ${((performance.now() - begin) / 1000).toFixed(0)} s`);
  }

  beforeAll(async () => {
    first = await Topology.open("velero-drill", { machines: true });
    second = await first.beside("velero-spare");
    velero = new VeleroCluster(second, namespace);
  });

  afterAll(async () => {
    console.log(figures.join("\n"));
    await (first as Topology | undefined)?.close();
  });

  it("leaves its bucket with the backups when it is destroyed", async () => {
    await first.configure(lost);
    await first.up();
    const cluster = new VeleroCluster(first, "velero");
    bucket = `${String((await cluster.connect()).infraId)}-velero`;
    await cluster.apply(...shopObjects);
    content = await cluster.content();
    await first.configure({ ...lost, veleroSchedules: [...lost.veleroSchedules, shopOnly] });
    await first.up();
    [backup] = (await cluster.backupsOf("shop")).map(({ metadata }) => metadata.name);
    await first.destroy();
    expect(await first.boto(readKeys, bucket)).toContain(`backups/${backup}/${backup}.tar.gz`);
  });

  it("has its namespace restored in a second cluster, by read-only access to the bucket", async () => {
    await second.configure(spare, { pullSecret });
    await timed("installation of the second cluster, with Velero", () => second.up());
    await velero.connect();
    const before = (await second.boto(readKeys, bucket)) as string[];
    await second.configure({ ...spare, veleroReadOnlyLocations: [{ name: "lost", bucket }] }, { pullSecret });
    await timed("access to the bucket", () => second.up());
    const listed = await velero.restoreResources("--location", "lost", "--json");
    const names = (JSON.parse(listed.stdout) as { backups: { name: string }[] }).backups.map(({ name }) => name);
    expect(names).toContain(backup);
    await timed("restore of the namespace", async () => {
      const restored = await velero.restoreResources("--location", "lost", "--backup", backup, "--namespace", "shop");
      expect([restored.code, restored.stdout, restored.stderr]).toEqual([
        0,
        expect.stringContaining("the namespace shop is restored"),
        expect.anything(),
      ]);
    });
    expect(await velero.content()).toEqual(content);
    const after = (await second.boto(readKeys, bucket)) as string[];
    expect(after.filter((key) => !key.startsWith("restores/"))).toEqual(before.filter((key) => !key.startsWith("restores/")));
  });

  it("has backups in the bucket, but no longer in the second cluster, once the location is removed", async () => {
    await second.configure(spare, { pullSecret });
    await second.up();
    expect((await velero.list("backups.velero.io")).map(({ metadata }) => metadata.name)).not.toContain(backup);
    expect(await second.boto(readKeys, bucket)).toContain(`backups/${backup}/${backup}.tar.gz`);
    await second.expectNoChanges();
  });
});
