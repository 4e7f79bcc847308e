/** The control plane's backup script works as root in directories that pods can write to. The tests run the real script, with attacks of a tenant's pod. */
import { spawnSync } from "node:child_process";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MasterRoot } from "@okd-aws/sandbox/cluster/hosts";
import type { BootedIgnitionConfig } from "@okd-aws/sandbox/machines";
import { etcdBackupContent } from "../../../../ignition/etcd-backup/set-up";
import { machineConfigSpec } from "../../../../ignition/machine-config";

const content = etcdBackupContent({
  backup: { schedule: "*-*-* 02:30", retentionCount: 2 },
  region: "us-east-1",
  snapshotBucket: "snapshots",
  resourcesBucket: "resources",
});
const { config } = machineConfigSpec(content) as { config: BootedIgnitionConfig };
const known = "okd_etcd_backup_failed 0\nokd_etcd_backup_slot_timestamp_seconds 1764383400\n";

// Bash, curl and gpg are started many times, which takes long on a busy machine.
jest.setTimeout(60_000);

let root: string;
let master: MasterRoot;
/** A file of the node that only root may change. The attacks try to make the script change it. */
let victim: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "metrics-"));
  master = new MasterRoot({ directory: root, tools: { etcdctl: "", etcdutl: "/bin/true", moto: "" }, etcd: { url: "http://127.0.0.1:1" } });
  master.apply(config);
  mkdirSync(master.path("/var/lib/okd-etcd-backup"), { recursive: true });
  writeFileSync(master.path("/var/lib/okd-etcd-backup/okd_etcd_backup.prom"), known);
  victim = master.path("/etc/kubernetes/manifests/etcd-pod.yaml");
  mkdirSync(join(victim, ".."), { recursive: true });
  writeFileSync(victim, "kind: Pod\n", { mode: 0o600 });
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

/** A pod's volume, to which every user may write, as kubelet makes it. Also makes the pod's log directory. */
function volumeOf(pod: string, uid: string): string {
  mkdirSync(master.path(`/var/log/pods/${pod}_${uid}`), { recursive: true });
  const volume = master.path(`/var/lib/kubelet/pods/${uid}/volumes/kubernetes.io~empty-dir/node-exporter-textfile`);
  mkdirSync(volume, { recursive: true });
  spawnSync("chmod", ["0777", volume]);
  return volume;
}

const nodeExporter = () => volumeOf("openshift-monitoring_node-exporter-x7k2q", "0f3c8a52-54d6-4b9e-9a76-1f1f6c1f4f0e");

/** Runs the script as its unit does, for half a minute at most. */
function publish(): { readonly status: number | null; readonly stderr: string } {
  const path = `${master.path("/usr/local/bin")}:${master.path("/usr/bin")}:/usr/bin:/bin`;
  const env = { PATH: path, OKD_ETCD_BACKUP_ENV: master.path("/etc/okd/etcd-backup.env") };
  const { status, stderr } = spawnSync("bash", [master.path("/usr/local/bin/okd-etcd-backup"), "publish"], {
    env,
    encoding: "utf8",
    timeout: 30_000,
  });
  return { status, stderr };
}

const shown = (volume: string) => readFileSync(join(volume, "okd_etcd_backup.prom"), "utf8");

test("node-exporter's volume gets the backup's metrics in a file that node-exporter's user can read", () => {
  const volume = nodeExporter();
  expect(publish()).toEqual({ status: 0, stderr: "" });
  expect([shown(volume), readdirSync(volume)]).toEqual([known, ["okd_etcd_backup.prom"]]);
  expect(statSync(join(volume, "okd_etcd_backup.prom")).mode & 0o777).toBe(0o644);
});

test.each(["tenant_node-exporter-x7k2q", "openshift-monitoring2_node-exporter-x", "tenant_openshift-monitoring"])(
  "a pod %s, which is not node-exporter's in openshift-monitoring, gets nothing in its volume",
  (pod) => {
    const volume = volumeOf(pod, "6b8a4f2e-1111-2222-3333-444455556666");
    expect(publish()).toEqual({ status: 0, stderr: "" });
    expect(readdirSync(volume)).toEqual([]);
  },
);

describe.each([
  ["node-exporter's pod", nodeExporter],
  ["a tenant's pod", () => volumeOf("tenant_evil", "6b8a4f2e-1111-2222-3333-444455556666")],
])("the volume of %s cannot make the script change files elsewhere", (_, make) => {
  const names = ["okd_etcd_backup.prom", ".okd_etcd_backup"];

  test("with a symbolic link to a file", () => {
    const volume = make();
    for (const name of names) symlinkSync(victim, join(volume, name));
    publish();
    expect([readFileSync(victim, "utf8"), statSync(victim).mode & 0o777]).toEqual(["kind: Pod\n", 0o600]);
  });

  test("with a symbolic link to a directory", () => {
    const volume = make();
    for (const name of names) symlinkSync(join(victim, ".."), join(volume, name));
    publish();
    expect(readdirSync(join(victim, ".."))).toEqual(["etcd-pod.yaml"]);
  });

  test("with a FIFO", () => {
    const volume = make();
    for (const name of names) spawnSync("mkfifo", [join(volume, name)]);
    const { status } = publish();
    expect(status).toBe(0);
  });

  test("with a directory", () => {
    const volume = make();
    for (const name of names) mkdirSync(join(volume, name));
    expect(publish().status).toBe(0);
    for (const name of names) expect(readdirSync(join(volume, name))).toEqual([]);
    expect(readdirSync(master.path("/var/lib/okd-etcd-backup"))).toEqual(expect.not.arrayContaining([expect.stringContaining("shown")]));
  });
});

test("a symbolic link in node-exporter's volume is replaced by the metrics, and the link's target does not change", () => {
  const volume = nodeExporter();
  symlinkSync(victim, join(volume, "okd_etcd_backup.prom"));
  expect(publish().status).toBe(0);
  expect([lstatSync(join(volume, "okd_etcd_backup.prom")).isFile(), shown(volume)]).toEqual([true, known]);
});

test("if the script cannot write into a volume, the next volume still gets the metrics", () => {
  const stuck = volumeOf("openshift-monitoring_node-exporter-aaaaa", "00000000-0000-0000-0000-000000000001");
  mkdirSync(join(stuck, "okd_etcd_backup.prom"));
  const volume = nodeExporter();
  expect(publish()).toEqual({ status: 0, stderr: expect.stringContaining("pod 00000000-0000-0000-0000-000000000001") as string });
  expect(shown(volume)).toBe(known);
});

test("if a volume's directory is a symbolic link, the script writes nothing through the link", () => {
  const volume = nodeExporter();
  rmSync(volume, { recursive: true });
  symlinkSync(join(victim, ".."), volume);
  expect(publish().stderr).toContain("is a link, or is not owned by root");
  expect(existsSync(join(victim, "..", "okd_etcd_backup.prom"))).toBe(false);
});

test("if the schedule's next time is unknown, the metric of this time is left out", () => {
  rmSync(master.path("/var/lib/okd-etcd-backup/okd_etcd_backup.prom"));
  master.apply(config, { SCHEDULE: "*-*-* */6:00 UTC" });
  const volume = nodeExporter();
  expect(publish().status).toBe(0);
  expect(shown(volume).match(/^okd_etcd_backup_\w+.*$/gm)).toEqual([
    "okd_etcd_backup_failed 0",
    "okd_etcd_backup_slot_timestamp_seconds 0",
  ]);
});

test("the service that publishes the metrics has a time limit", () => {
  const unit = content.units?.find(({ name }) => name === "okd-etcd-backup-metrics.service")?.contents;
  expect(unit).toMatch(/^TimeoutStartSec=\d+$/m);
});
