/** Velero, installed by the operator OADP: the real Velero in a simulated OpenShift cluster, with stand-ins for OLM and OADP. */
import { describeWithTools } from "../engine/requirements";
import { singleNode } from "../engine/single-node";
import { type StackConfiguration, Topology } from "../engine/topology";
import { until } from "../engine/until";
import { shopObjects, VeleroCluster } from "../engine/velero-cluster";

const namespace = "openshift-adp";
const cluster: StackConfiguration = {
  ...singleNode,
  clusterName: "oadp",
  distribution: "openshift",
  release: "4.22.9",
  bootstrapTimeout: 8,
  installTimeout: 8,
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
};
const backups: StackConfiguration = {
  ...cluster,
  veleroSchedules: [{ name: "daily" }],
  veleroReadOnlyLocations: [{ name: "archive", bucket: "oadp-archive" }],
};
const pullSecret = JSON.stringify({
  auths: Object.fromEntries(["cloud.openshift.com", "quay.io", "registry.redhat.io"].map((host) => [host, { auth: "dXNlcjpwYXNz" }])),
});

const makeBucket = `
boto3.client("s3").create_bucket(Bucket="oadp-archive")
print(json.dumps(None))
`;
const readUsers = `
iam = boto3.client("iam")
found = {}
for user in iam.list_users()["Users"]:
    name = user["UserName"]
    found[name] = iam.get_user_policy(UserName=name, PolicyName=name + "-policy")["PolicyDocument"]["Statement"]
print(json.dumps(found))
`;

describeWithTools("backups of the objects of an OpenShift cluster", () => {
  let topology: Topology;
  let velero: VeleroCluster;

  beforeAll(async () => {
    topology = await Topology.open("velero-oadp", { machines: true });
    velero = new VeleroCluster(topology, namespace);
    await topology.boto(makeBucket);
    await topology.configure(backups, { pullSecret });
  });

  afterAll(async () => {
    await (topology as Topology | undefined)?.close();
  });

  it("are configured by the update that installs the cluster and the operator, which makes the first backup", async () => {
    await topology.up();
    await topology.up();
    await velero.connect();
    const [application] = await velero.list("dataprotectionapplications.oadp.openshift.io");
    expect(application.status?.conditions).toEqual([expect.objectContaining({ type: "Reconciled", status: "True" })]);
    expect((await velero.backupsOf("daily")).map(({ status }) => status?.phase)).toEqual(["Completed"]);
    await topology.expectNoChanges();
  });

  it("have a read-only location with credentials that may use no other bucket", async () => {
    const { spec, status } = await velero.get("backupstoragelocation", "archive", "--namespace", namespace);
    expect([spec?.accessMode, status?.phase]).toEqual(["ReadOnly", "Available"]);
    const users = Object.entries((await topology.boto(readUsers)) as Record<string, { Action: string[]; Resource: string }[]>);
    const rights = users
      .filter(([name]) => name.includes("okd-aws-velero"))
      .map(([, statements]) => statements.map(({ Resource }) => Resource).filter((resource) => resource.startsWith("arn:aws:s3")));
    const { infraId } = await topology.outputs();
    const own = `arn:aws:s3:::${String(infraId)}-velero`;
    expect(rights.sort()).toEqual(
      [
        [`${own}/*`, own],
        ["arn:aws:s3:::oadp-archive/*", "arn:aws:s3:::oadp-archive/restores/*", "arn:aws:s3:::oadp-archive"],
      ].sort(),
    );
  });

  it("restore a deleted namespace with its content", async () => {
    await velero.apply(...shopObjects);
    const before = await velero.content();
    const spec = { includedNamespaces: ["shop"], storageLocation: "default" };
    await velero.apply({ apiVersion: "velero.io/v1", kind: "Backup", metadata: { name: "by-hand", namespace }, spec });
    const isComplete = async () =>
      (await velero.get("backup.velero.io", "by-hand", "--namespace", namespace)).status?.phase === "Completed";
    await until("the backup is complete", isComplete);
    await velero.kubectl("delete", "namespace", "shop");
    const restored = await velero.restoreResources("--backup", "by-hand", "--namespace", "shop");
    expect([restored.code, restored.stdout, restored.stderr]).toEqual([
      0,
      expect.stringContaining("the namespace shop is restored"),
      expect.anything(),
    ]);
    expect(await velero.content()).toEqual(before);
  });

  it("are deleted when the configuration has no schedules any more; the operator, its namespace and its CRDs stay", async () => {
    await topology.configure(cluster, { pullSecret });
    await topology.up();
    expect(await velero.kubectl("get", "deployments", "--namespace", namespace, "--output", "name")).toBe(
      "deployment.apps/openshift-adp-controller-manager\n",
    );
    const left = ["backups", "restores", "schedules", "backupstoragelocations"].map((plural) => velero.list(`${plural}.velero.io`));
    expect((await Promise.all(left)).flat().map(({ metadata }) => metadata.name)).toEqual([]);
    const { labels } = (await velero.get("namespace", namespace)).metadata;
    expect(labels).not.toHaveProperty(["openshift.io/cluster-monitoring"]);
    await topology.expectNoChanges();
  });
});
