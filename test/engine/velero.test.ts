/** The real Velero in a simulated cluster: schedules, first backups, restores, and its removal. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { veleroAlerts } from "../../cluster-objects/velero/alerts";
import { describeWithTools } from "./requirements";
import { singleNode } from "./single-node";
import { type StackConfiguration, Topology } from "./topology";
import { until } from "./until";
import { shopObjects, VeleroCluster, type VeleroObject } from "./velero-cluster";

const configuration: StackConfiguration = {
  ...singleNode,
  clusterName: "objects",
  release: "4.19.0-okd-scos.1",
  releaseImage: "quay.io/okd/scos-release:4.19.0-okd-scos.1",
  bootstrapTimeout: 8,
  installTimeout: 8,
};
const daily = { name: "daily" };
const shop = { name: "shop", schedule: "0 */6 * * *", retentionDays: 7, includedNamespaces: ["shop"], volumes: true };

const claim = (name: string, spec: object) => ({
  apiVersion: "v1",
  kind: "PersistentVolumeClaim",
  metadata: { name, namespace: "shop" },
  spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } }, ...spec },
});

/** The shop with volumes. */
const application = [
  ...shopObjects,
  // No driver makes this claim's volume: without the volume policy, the backup would be PartiallyFailed.
  claim("pending", { storageClassName: "none" }),
  claim("data", { storageClassName: "", volumeName: "shop-data" }),
  {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name: "shop-data" },
    spec: {
      capacity: { storage: "1Gi" },
      accessModes: ["ReadWriteOnce"],
      persistentVolumeReclaimPolicy: "Delete",
      storageClassName: "",
      csi: { driver: "other.example.com", volumeHandle: "data" },
      claimRef: { namespace: "shop", name: "data" },
    },
  },
];

const readUsers = `
iam = boto3.client("iam")
found = {}
for user in iam.list_users()["Users"]:
    name = user["UserName"]
    found[name] = iam.get_user_policy(UserName=name, PolicyName=name + "-policy")["PolicyDocument"]["Statement"]
print(json.dumps(found))
`;
const readKeys = `
s3 = boto3.client("s3")
print(json.dumps([each["Key"] for each in s3.list_objects_v2(Bucket=sys.argv[1]).get("Contents", [])]))
`;
const readList = `
import gzip
body = boto3.client("s3").get_object(Bucket=sys.argv[1], Key=sys.argv[2])["Body"].read()
print(gzip.decompress(body).decode())
`;

describeWithTools("backups of a cluster's objects", () => {
  let topology: Topology;
  let velero: VeleroCluster;
  let bucket: string;

  beforeAll(async () => {
    topology = await Topology.open("velero", { machines: true });
    velero = new VeleroCluster(topology, "velero");
    await topology.configure({ ...configuration, veleroSchedules: [daily] });
  });

  afterAll(async () => {
    await (topology as Topology | undefined)?.close();
  });

  const backupOf = async (schedule: string): Promise<VeleroObject> => {
    const found = await velero.backupsOf(schedule);
    expect(found).toHaveLength(1);
    return found[0];
  };

  it("are configured by the update that installs the cluster, and this update makes the first backup", async () => {
    await topology.up();
    await topology.up();
    bucket = `${String((await velero.connect()).infraId)}-velero`;
    const { metadata, status } = await backupOf("daily");
    expect(status?.phase).toBe("Completed");
    expect(metadata.name).toMatch(/^daily-\d{14}$/);
    const days = (Date.parse(status?.expiration ?? "") - Date.parse(status?.startTimestamp ?? "")) / 86_400_000;
    expect(Math.round(days)).toBe(30);
    expect(await topology.boto(readKeys, bucket)).toContain(`backups/${metadata.name}/${metadata.name}.tar.gz`);
    await topology.expectNoChanges();
  });

  it("contain cluster-wide objects, but nothing of the platform's namespaces", async () => {
    const { metadata } = await backupOf("daily");
    const key = `backups/${metadata.name}/${metadata.name}-resource-list.json.gz`;
    const listed = (await topology.boto(readList, bucket, key)) as Record<string, string[]>;
    const namespaces = listed["v1/Namespace"];
    expect(namespaces).toContain("default");
    expect(namespaces.filter((name) => /^(openshift|kube|velero)/.test(name))).toEqual([]);
    const objects = Object.values(listed).flat();
    expect(objects.filter((name) => /^(openshift(-[a-z0-9-]+)?|kube-[a-z0-9-]+|velero)\//.test(name))).toEqual([]);
    expect(listed["rbac.authorization.k8s.io/v1/ClusterRole"]).toContain("cluster-admin");
  });

  it("are made with a user that the cloud credential operator creates, which may use only the bucket and read itself", async () => {
    const users = (await topology.boto(readUsers)) as Record<string, { Action: string[]; Resource: string }[]>;
    const [own, ...others] = Object.entries(users).filter(([name]) => name.includes("okd-aws-velero"));
    expect(others).toEqual([]);
    expect(own[1].map(({ Action, Resource }) => [Resource, ...Action])).toEqual([
      [
        `arn:aws:s3:::${bucket}/*`,
        ...["s3:GetObject", "s3:DeleteObject", "s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"],
      ],
      [`arn:aws:s3:::${bucket}`, "s3:ListBucket"],
      [expect.stringContaining(":user/"), "iam:GetUser"],
    ]);
  });

  it("have metrics with the names in the alerts", async () => {
    const directory = join(topology.sandbox.directory, "cluster");
    const infraId = readdirSync(directory, { withFileTypes: true }).find((entry) => entry.isDirectory())?.name ?? "";
    const { port } = JSON.parse(readFileSync(join(directory, infraId, "velero", "metrics.json"), "utf8")) as { port: number };
    const names = [
      ...JSON.stringify(veleroAlerts({ namespace: "velero", schedules: [], readOnlyLocations: [], locationMetric: true })).matchAll(
        /velero_[a-z_]+/g,
      ),
    ].map(([name]) => name);
    expect(names.length).toBeGreaterThan(4);
    let text = "";
    // After its start the server reports the state of the location only when it has checked it, which it does every minute.
    const isComplete = async () => {
      text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
      return names.every((name) => text.includes(`\n${name}{`));
    };
    await until("the server has all metrics of the alerts", isComplete, 2, 120);
    expect(text).toMatch(/^velero_backup_last_successful_timestamp\{schedule="daily"\} 1\.\d+e\+09$/m);
  });

  it("are made at once when a schedule is added", async () => {
    await velero.apply(...application);
    // No controller for volumes runs here.
    for (const name of ["data", "pending"])
      await velero.kubectl("patch", "persistentvolumeclaim", name, "--namespace", "shop", "--patch", '{"metadata":{"finalizers":null}}');
    const bound = '{"status":{"phase":"Bound"}}';
    await velero.kubectl("patch", "persistentvolumeclaim", "data", "--namespace", "shop", "--subresource=status", "--patch", bound);
    await topology.configure({ ...configuration, veleroSchedules: [daily, shop] });
    await topology.up();
    expect((await backupOf("shop")).status?.phase).toBe("Completed");
    await topology.expectNoChanges();
  });

  it("are listed, and an unknown backup is refused with their names", async () => {
    const listed = await velero.restoreResources("--json");
    const { backups } = JSON.parse(listed.stdout) as { backups: { name: string; phase: string; schedule: string }[] };
    expect(backups.map(({ phase, schedule }) => [schedule, phase]).sort()).toEqual([
      ["daily", "Completed"],
      ["shop", "Completed"],
    ]);
    const refused = await velero.restoreResources("--backup", "shop-1", "--namespace", "shop");
    expect([refused.code, refused.stderr]).toEqual([
      1,
      expect.stringContaining("there is no backup shop-1 in the location default. These exist:"),
    ]);
    expect(refused.stderr).toContain(backups[0].name);
  });

  it("restore a deleted namespace with its content", async () => {
    const before = await velero.content("shop");
    await velero.kubectl("delete", "namespace", "shop");
    const { metadata } = await backupOf("shop");
    const refused = await velero.restoreResources("--backup", metadata.name, "--namespace", "shop");
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining("which come back empty: data, pending.")]);
    const dry = await velero.restoreResources("--backup", metadata.name, "--namespace", "shop", "--empty-volumes", "--dry-run");
    expect([dry.code, dry.stdout]).toEqual([0, expect.stringContaining("Nothing was changed")]);
    const restored = await velero.restoreResources("--backup", metadata.name, "--namespace", "shop", "--empty-volumes");
    expect([restored.code, restored.stdout, restored.stderr]).toEqual([
      0,
      expect.stringContaining("the namespace shop is restored"),
      expect.anything(),
    ]);
    expect(restored.stdout).not.toContain("can't be read");
    expect(await velero.content("shop")).toEqual(before);
    await velero.kubectl("rollout", "status", "deployment/web", "--namespace", "shop", "--timeout", "60s");
  });

  it("restore a namespace under another name", async () => {
    const { metadata } = await backupOf("shop");
    const restored = await velero.restoreResources(
      "--backup",
      metadata.name,
      "--namespace",
      "shop",
      "--to",
      "shop-copy",
      "--empty-volumes",
      "--json",
    );
    expect([restored.code, JSON.parse(restored.stdout)]).toEqual([0, expect.objectContaining({ phase: "Completed", complete: true })]);
    expect(await velero.content("shop-copy")).toEqual(await velero.content("shop"));
  });

  it("cannot be stored in a bucket that does not exist, and Velero says why", async () => {
    const spec = { provider: "aws", objectStorage: { bucket: "no-such-bucket" }, config: { region: "us-east-1" } };
    await velero.apply({
      apiVersion: "velero.io/v1",
      kind: "BackupStorageLocation",
      metadata: { name: "missing", namespace: "velero" },
      spec,
    });
    let status: VeleroObject["status"];
    for (const deadline = Date.now() + 120_000; status?.phase === undefined && Date.now() < deadline;) {
      status = (await velero.list("backupstoragelocations.velero.io")).find(({ metadata }) => metadata.name === "missing")?.status;
      await sleep(1000);
    }
    expect(status?.phase).toBe("Unavailable");
    expect(status?.message).toContain("NoSuchBucket");
    await velero.kubectl("delete", "backupstoragelocation", "missing", "--namespace", "velero");
  });

  it("are refused in the preview if the schedule is not a cron expression", async () => {
    await topology.configure({ ...configuration, veleroSchedules: [{ name: "daily", schedule: "61 * * * *" }] });
    const { code, stdout, stderr } = await topology.run(["preview"]);
    expect(code).not.toBe(0);
    expect(stdout + stderr).toContain('item 1 (daily): schedule has \\"61\\" for the minute'.replaceAll("\\", ""));
  });

  it("stay in the bucket when the schedules are removed, and nothing else of Velero stays", async () => {
    await topology.configure(configuration);
    await topology.up();
    expect(await velero.kubectl("get", "namespaces", "--output", "name")).not.toContain("namespace/velero");
    expect(await velero.kubectl("get", "customresourcedefinitions", "--output", "name")).not.toContain("velero.io");
    expect(Object.keys((await topology.boto(readUsers)) as object).filter((name) => name.includes("okd-aws-velero"))).toEqual([]);
    expect(await topology.boto(readKeys, bucket)).not.toEqual([]);
    expect(await velero.content("shop-copy")).toMatchObject({ prices: { apple: "3" } });
    await topology.expectNoChanges();
    // A preview must also work while the cluster does not know Velero's kinds.
    await topology.configure({ ...configuration, veleroSchedules: [daily] });
    expect((await topology.preview()).map(({ urn }) => urn.split("::").at(-1))).toEqual(expect.arrayContaining(["velero-schedule-daily"]));
  });
});
