/** The real Velero and its node agent copy the files of a volume to the bucket, and restore them. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ensureToolchain } from "@okd-aws/sandbox/toolchain";
import { describeWithTools } from "../engine/requirements";
import { singleNode } from "../engine/single-node";
import { type StackConfiguration, Topology } from "../engine/topology";
import { until } from "../engine/until";
import { shopObjects, VeleroCluster, type VeleroObject } from "../engine/velero-cluster";
import { CONTAINER_NAMESPACES, type KubeletPod, VolumeKubelet } from "./velero-kubelet";

const configuration: StackConfiguration = {
  ...singleNode,
  clusterName: "files",
  release: "4.19.0-okd-scos.1",
  releaseImage: "quay.io/okd/scos-release:4.19.0-okd-scos.1",
  bootstrapTimeout: 8,
  installTimeout: 8,
};
const daily = { name: "daily", includedNamespaces: ["default"] };
const shop = { name: "shop", includedNamespaces: ["shop"], fileSystemBackup: true };
const password = "only-in-this-test-file";
const ORDERS = "apple 3\npear 5\n";

const volume = (name: string, claim: string) => ({
  apiVersion: "v1",
  kind: "PersistentVolume",
  metadata: { name },
  spec: {
    capacity: { storage: "1Gi" },
    accessModes: ["ReadWriteOnce"],
    persistentVolumeReclaimPolicy: "Delete",
    storageClassName: "",
    csi: { driver: "other.example.com", volumeHandle: name },
    claimRef: { namespace: "shop", name: claim },
  },
});
const claim = {
  apiVersion: "v1",
  kind: "PersistentVolumeClaim",
  metadata: { name: "orders", namespace: "shop" },
  spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } }, storageClassName: "" },
};
const database = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "database", namespace: "shop" },
  spec: {
    selector: { matchLabels: { app: "database" } },
    template: {
      metadata: { labels: { app: "database" } },
      spec: {
        containers: [
          {
            name: "database",
            image: "registry.example.com/database:1",
            volumeMounts: [
              { name: "orders", mountPath: "/data" },
              { name: "scratch", mountPath: "/scratch" },
            ],
          },
        ],
        volumes: [
          { name: "orders", persistentVolumeClaim: { claimName: "orders" } },
          { name: "scratch", emptyDir: {} },
        ],
      },
    },
  },
};

const readKeys = `
s3 = boto3.client("s3")
print(json.dumps([each["Key"] for each in s3.list_objects_v2(Bucket=sys.argv[1]).get("Contents", [])]))
`;
const search = `
s3 = boto3.client("s3")
bodies = [s3.get_object(Bucket=sys.argv[1], Key=each["Key"])["Body"].read() for each in s3.list_objects_v2(Bucket=sys.argv[1], Prefix="kopia/")["Contents"]]
print(json.dumps([len(bodies), any(sys.argv[2].encode() in body for body in bodies)]))
`;

/** Some kernels let only root make namespaces (Ubuntu's `apparmor_restrict_unprivileged_userns`). CI must run the test. */
const canRun = process.env.CI === "true" || spawnSync("unshare", [...CONTAINER_NAMESPACES, "true"]).status === 0;

function skipped(): jest.Describe {
  console.warn(`skipped: "unshare ${CONTAINER_NAMESPACES.join(" ")}" is not allowed here`);
  return describe.skip;
}

(canRun ? describeWithTools : skipped())("copies of files", () => {
  let topology: Topology;
  let velero: VeleroCluster;
  let kubelet: VolumeKubelet | undefined;
  let bucket: string;

  beforeAll(async () => {
    topology = await Topology.open("velero-files", { machines: true });
    velero = new VeleroCluster(topology, "velero");
    await topology.configure({ ...configuration, veleroSchedules: [daily] });
    await topology.up();
    await topology.up();
    bucket = `${String((await velero.connect()).infraId)}-velero`;
    const directory = join(topology.sandbox.directory, "node");
    mkdirSync(directory, { recursive: true });
    const { velero: program, moto: python } = (await ensureToolchain(["velero", "moto"])).tools;
    kubelet = new VolumeKubelet({
      velero,
      namespace: "velero",
      directory,
      program,
      python,
      kubeconfig: velero.kubeconfig,
      environment: topology.sandbox.processEnvironment,
    });
  });

  afterAll(async () => {
    await kubelet?.stop();
    await (topology as Topology | undefined)?.close();
  });

  const podOf = async (app: string): Promise<KubeletPod | undefined> => {
    const text = await velero.kubectl("get", "pods", "--namespace", "shop", "--selector", `app=${app}`, "--output", "json");
    return (JSON.parse(text) as { items: KubeletPod[] }).items.find(({ status }) => status?.phase === "Running");
  };
  /** Creates a volume for the claim, as a driver does. The cluster's own controller binds it. */
  const provision = async (name: string) => {
    await velero.apply(volume(name, "orders"));
    const isBound = async () => (await velero.get("persistentvolumeclaim", "orders", "--namespace", "shop")).status?.phase === "Bound";
    await until("the claim has its volume", isBound);
  };
  const running = async (): Promise<KubeletPod> => {
    let pod: KubeletPod | undefined;
    await until("the pod with the volume runs", async () => (pod = await podOf("database")) !== undefined);
    return pod as KubeletPod;
  };
  const backup = async (): Promise<VeleroObject> => (await velero.backupsOf("shop"))[0];

  const readPassword = async (): Promise<string> => {
    const { data = {} } = await velero.get("secret", "velero-repo-credentials", "--namespace", "velero");
    return Buffer.from(data["repository-password"], "base64").toString();
  };

  it("are made by the first backup of a schedule, with the password that replaces Velero's own", async () => {
    expect(await readPassword()).toBe("static-passw0rd");
    await velero.apply(...shopObjects, claim, database);
    await provision("orders-1");
    writeFileSync(join((await kubelet?.directoryOf(await running(), "orders")) ?? "", "orders.txt"), ORDERS);
    await topology.configure({ ...configuration, veleroSchedules: [daily, shop] }, { veleroRepositoryPassword: password });
    await topology.up();
    expect(await readPassword()).toBe(password);
    expect((await backup()).status?.phase).toBe("Completed");
    const copies = await velero.list("podvolumebackups.velero.io");
    expect(copies.map(({ spec, status }) => [spec?.volume, spec?.uploaderType, status?.phase])).toEqual([["orders", "kopia", "Completed"]]);
    await topology.expectNoChanges();
  });

  it("are encrypted in the bucket, in a repository of the namespace", async () => {
    expect(await topology.boto(readKeys, bucket)).toContain("kopia/shop/kopia.repository");
    expect(await topology.boto(search, bucket, ORDERS)).toEqual([expect.any(Number), false]);
  });

  it("come back with the namespace", async () => {
    const { metadata } = await backup();
    await velero.kubectl("delete", "namespace", "shop");
    await velero.kubectl("delete", "persistentvolume", "orders-1");
    const restored = velero.restoreResources("--backup", metadata.name, "--namespace", "shop", "--json");
    await until("Velero creates the claim", async () =>
      velero.kubectl("get", "persistentvolumeclaim", "orders", "--namespace", "shop").then(
        () => true,
        () => false,
      ),
    );
    await provision("orders-2");
    const { code, stdout } = await restored;
    expect([code, JSON.parse(stdout)]).toEqual([0, expect.objectContaining({ phase: "Completed", complete: true, emptyVolumes: [] })]);
    const directory = (await kubelet?.directoryOf(await running(), "orders")) ?? "";
    expect(readFileSync(join(directory, "orders.txt"), "utf8")).toBe(ORDERS);
  });

  it("stay in the bucket when the schedules and the password are removed, and the node agent is deleted", async () => {
    await topology.configure(configuration);
    await topology.up();
    expect(await velero.kubectl("get", "namespaces", "--output", "name")).not.toContain("namespace/velero");
    expect(await topology.boto(readKeys, bucket)).toContain("kopia/shop/kopia.repository");
    await topology.expectNoChanges();
  });
});
