/** The real Velero in a simulated cluster: schedules, first backups, restores, and its removal. */
import { execFile } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { projectDirectory } from "@okd-aws/sandbox";
import { veleroAlerts } from "../../cluster-objects/velero/alerts";
import { describeWithTools } from "./requirements";
import { singleNode } from "./single-node";
import { type StackConfiguration, Topology } from "./topology";
import { until } from "./until";

const run = promisify(execFile);

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

/** The content of a namespace with an application. */
const application = [
  { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop", labels: { team: "shop" } } },
  { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "prices", namespace: "shop" }, data: { apple: "3" } },
  { apiVersion: "v1", kind: "Secret", metadata: { name: "database", namespace: "shop" }, stringData: { password: "correct horse" } },
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
  {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", namespace: "shop" },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: "web" } },
      template: { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "web", image: "registry.example.com/web:1" }] } },
    },
  },
];

interface Item {
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  readonly status?: { readonly phase?: string; readonly message?: string; readonly expiration?: string; readonly startTimestamp?: string };
}

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
  let bucket: string;

  beforeAll(async () => {
    topology = await Topology.open("velero", { machines: true });
    await topology.configure({ ...configuration, veleroSchedules: [daily] });
  });

  afterAll(async () => {
    await (topology as Topology | undefined)?.close();
  });

  const kubectl = async (...args: readonly string[]): Promise<string> =>
    (await run("kubectl", [...args], { env: topology.sandbox.processEnvironment, maxBuffer: 64 * 1024 * 1024 })).stdout;
  const list = async (kind: string): Promise<readonly Item[]> =>
    (JSON.parse(await kubectl("get", kind, "--namespace", "velero", "--output", "json")) as { items: Item[] }).items;
  const get = async (...args: readonly string[]) =>
    JSON.parse(await kubectl("get", ...args, "--output", "json")) as Record<string, unknown>;
  const apply = async (...objects: readonly object[]): Promise<void> => {
    const file = join(topology.sandbox.directory, "objects.json");
    writeFileSync(file, JSON.stringify({ apiVersion: "v1", kind: "List", items: objects }));
    await kubectl("apply", "--server-side", "--filename", file);
  };
  const backupOf = async (schedule: string): Promise<Item> => {
    const found = (await list("backups.velero.io")).filter(({ metadata }) => metadata.labels?.["velero.io/schedule-name"] === schedule);
    expect(found).toHaveLength(1);
    return found[0];
  };
  /** Runs the tool as make does. */
  const restoreResources = async (...args: readonly string[]) => {
    const tool = join(projectDirectory, "tools", "restore-resources", "cli.ts");
    const options = { cwd: topology.sandbox.directory, env: topology.sandbox.processEnvironment };
    const all = ["--require", require.resolve("tsx/cjs"), tool, "--stack", topology.name, ...args];
    return run(process.execPath, all, options).then(
      ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
      (error: unknown) => error as { code: number; stdout: string; stderr: string },
    );
  };
  const content = async (namespace: string) => ({
    prices: (await get("configmap", "prices", "--namespace", namespace)).data,
    password: (await get("secret", "database", "--namespace", namespace)).data,
    replicas: ((await get("deployment", "web", "--namespace", namespace)).spec as { replicas: number }).replicas,
  });

  it("are configured by the update that installs the cluster, which makes the first backup", async () => {
    await topology.up();
    await topology.up();
    const { kubeconfig, infraId } = await topology.outputs();
    writeFileSync(topology.sandbox.kubeconfig, String(kubeconfig), { mode: 0o600 });
    bucket = `${String(infraId)}-velero`;
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

  it("are made with a user that the cloud credential operator creates, which may use only the bucket", async () => {
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
    const names = [...JSON.stringify(veleroAlerts([])).matchAll(/velero_[a-z_]+/g)].map(([name]) => name);
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
    await apply(...application);
    // No controller for volumes runs here.
    for (const name of ["data", "pending"])
      await kubectl("patch", "persistentvolumeclaim", name, "--namespace", "shop", "--patch", '{"metadata":{"finalizers":null}}');
    const bound = '{"status":{"phase":"Bound"}}';
    await kubectl("patch", "persistentvolumeclaim", "data", "--namespace", "shop", "--subresource=status", "--patch", bound);
    await topology.configure({ ...configuration, veleroSchedules: [daily, shop] });
    await topology.up();
    expect((await backupOf("shop")).status?.phase).toBe("Completed");
    await topology.expectNoChanges();
  });

  it("are listed, and an unknown backup is refused with their names", async () => {
    const listed = await restoreResources("--json");
    const { backups } = JSON.parse(listed.stdout) as { backups: { name: string; phase: string; schedule: string }[] };
    expect(backups.map(({ phase, schedule }) => [schedule, phase]).sort()).toEqual([
      ["daily", "Completed"],
      ["shop", "Completed"],
    ]);
    const refused = await restoreResources("--backup", "shop-1", "--namespace", "shop");
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining("there is no backup shop-1. These exist:")]);
    expect(refused.stderr).toContain(backups[0].name);
  });

  it("restore a deleted namespace with its content", async () => {
    const before = await content("shop");
    await kubectl("delete", "namespace", "shop");
    const { metadata } = await backupOf("shop");
    const refused = await restoreResources("--backup", metadata.name, "--namespace", "shop");
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining("which come back empty: data.")]);
    const dry = await restoreResources("--backup", metadata.name, "--namespace", "shop", "--empty-volumes", "--dry-run");
    expect([dry.code, dry.stdout]).toEqual([0, expect.stringContaining("Nothing was changed")]);
    const restored = await restoreResources("--backup", metadata.name, "--namespace", "shop", "--empty-volumes");
    expect([restored.code, restored.stdout, restored.stderr]).toEqual([
      0,
      expect.stringContaining("the namespace shop is restored"),
      expect.anything(),
    ]);
    expect(restored.stdout).not.toContain("can't be read");
    expect(await content("shop")).toEqual(before);
    expect((await get("namespace", "shop")).metadata).toMatchObject({ labels: { team: "shop" } });
    await kubectl("rollout", "status", "deployment/web", "--namespace", "shop", "--timeout", "60s");
  });

  it("restore a namespace under another name", async () => {
    const { metadata } = await backupOf("shop");
    const restored = await restoreResources(
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
    expect(await content("shop-copy")).toEqual(await content("shop"));
  });

  it("cannot be stored in a bucket that does not exist, and Velero says why", async () => {
    const spec = { provider: "aws", objectStorage: { bucket: "no-such-bucket" }, config: { region: "us-east-1" } };
    await apply({ apiVersion: "velero.io/v1", kind: "BackupStorageLocation", metadata: { name: "missing", namespace: "velero" }, spec });
    let status: Item["status"];
    for (const deadline = Date.now() + 120_000; status?.phase === undefined && Date.now() < deadline;) {
      status = (await list("backupstoragelocations.velero.io")).find(({ metadata }) => metadata.name === "missing")?.status;
      await sleep(1000);
    }
    expect(status?.phase).toBe("Unavailable");
    expect(status?.message).toContain("NoSuchBucket");
    await kubectl("delete", "backupstoragelocation", "missing", "--namespace", "velero");
  });

  it("are refused in the preview if the schedule is not a cron expression", async () => {
    await topology.configure({ ...configuration, veleroSchedules: [{ name: "daily", schedule: "61 * * * *" }] });
    const { code, stdout, stderr } = await topology.run(["preview"]);
    expect(code).not.toBe(0);
    expect(stdout + stderr).toContain('item 1 (daily): schedule has \\"61\\" for the minute'.replaceAll("\\", ""));
  });

  it("end with the schedules; only the bucket stays, with the backups", async () => {
    await topology.configure(configuration);
    await topology.up();
    expect(await kubectl("get", "namespaces", "--output", "name")).not.toContain("namespace/velero");
    expect(await kubectl("get", "customresourcedefinitions", "--output", "name")).not.toContain("velero.io");
    expect(Object.keys((await topology.boto(readUsers)) as object).filter((name) => name.includes("okd-aws-velero"))).toEqual([]);
    expect(await topology.boto(readKeys, bucket)).not.toEqual([]);
    expect((await content("shop-copy")).prices).toEqual({ apple: "3" });
    await topology.expectNoChanges();
    // A preview must also work while the cluster does not know Velero's kinds.
    await topology.configure({ ...configuration, veleroSchedules: [daily] });
    expect((await topology.preview()).map(({ urn }) => urn.split("::").at(-1))).toEqual(expect.arrayContaining(["velero-schedule-daily"]));
  });
});
