/**
 * Backs up a real etcd of three members to the S3 of the emulated AWS, with the scripts of the control plane nodes. A stored snapshot is
 * then restored.
 */
import { execFile, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import {
  CreateBucketCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  S3Client,
  HeadObjectCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { type EmulatedAws, startAws } from "@okd-aws/sandbox/aws";
import { MasterRoot } from "@okd-aws/sandbox/cluster/hosts";
import type { BootedIgnitionConfig } from "@okd-aws/sandbox/machines";
import { ensureToolchain } from "@okd-aws/sandbox/toolchain";
import { etcdBackupContent } from "../../ignition/etcd-backup/set-up";
import { machineConfigSpec } from "../../ignition/machine-config";
import { clientConfiguration } from "../../lib/aws/client";
import { interruptingProxy } from "./etcd-backup/interrupting-proxy";
import { Etcd } from "./etcd-backup/members";
import { rehearsal } from "./etcd-backup/rehearsal";
import { describeWithTools } from "./requirements";

const snapshotBucket = "dev-x7k2q-etcd-backup";
const resourcesBucket = "dev-x7k2q-etcd-resources";
const content = etcdBackupContent({
  backup: { schedule: "*-01-01 00:00", retentionCount: 2 },
  region: "us-east-1",
  snapshotBucket,
  resourcesBucket,
});
const config = (
  machineConfigSpec(content) as { config: BootedIgnitionConfig & { systemd: { units: { name: string; contents: string }[] } } }
).config;
/**
 * The time of a slot: the first day of one of the last eight months. The slot's schedule names this day, so the slot is the schedule's
 * newest.
 */
const timeOf = (slot: number) => new Date(Date.UTC(new Date().getUTCFullYear(), new Date().getUTCMonth() - 8 + slot, 1)).toISOString();
const schedule = (slot: number) => `*-${timeOf(slot).slice(5, 7)}-01 00:00 UTC`;
const nameOf = (slot: number) => `${timeOf(slot).slice(0, 10)}T00-00-00Z`;
const soon = { RETRY_SECONDS: "1", TAKEOVER_SECONDS: "0" };
const leaderOnly = { RETRY_SECONDS: "1", TAKEOVER_SECONDS: "10000000000" };

const root = mkdtempSync(join(tmpdir(), "etcd-backup-"));
afterAll(() => {
  rmSync(root, { recursive: true });
});

describeWithTools("etcd's backup", () => {
  let aws: EmulatedAws;
  let etcd: Etcd;
  let tools: Awaited<ReturnType<typeof toolsOf>>;
  let masters: MasterRoot[];
  let leader: number;
  let s3: S3Client;
  /** Enough data that the snapshot is uploaded in several parts. */
  const data = new Map(Array.from({ length: 400 }, (_, index) => [`/kubernetes.io/configmaps/${index}`, `${index}-${"x".repeat(2000)}`]));

  const toolsOf = async () => (await ensureToolchain(["etcd", "etcdctl", "etcdutl", "moto", "ignition-validate"])).tools;
  const network = (changes: NodeJS.ProcessEnv = {}) => ({ HOME: root, ...aws.environment, AWS_MAX_ATTEMPTS: "1", ...changes });
  const stored = async (bucket = snapshotBucket) => (await s3.send(new ListObjectVersionsCommand({ Bucket: bucket }))).Versions ?? [];
  /** All stored versions of a slot's snapshot. */
  const storedOf = async (slot: number) => (await stored()).filter(({ Key }) => Key === `snapshots/${nameOf(slot)}.db`);
  const metrics = (master: MasterRoot) =>
    Object.fromEntries(
      [
        ...readFileSync(master.path("/var/lib/okd-etcd-backup/okd_etcd_backup.prom"), "utf8").matchAll(/^okd_etcd_backup_(\w+) (\d+)$/gm),
      ].map(([, name, value]) => [name, Number(value)]),
    );
  const local = (master: MasterRoot) => readdirSync(master.path("/var/lib/okd-etcd-backup/snapshots")).sort();
  const prepare = (changes: Readonly<Record<string, string>>, which = masters) => {
    for (const master of which) master.apply(config, changes);
  };
  /** Sets a script that the simulated cluster-backup.sh runs with two arguments: `before` or `after`, and the directory. */
  const hook = (master: MasterRoot, text: string) => {
    mkdirSync(master.path("/hooks"), { recursive: true });
    writeFileSync(master.path("/hooks/backup"), `#!/bin/bash\n${text}\n`, { mode: 0o700 });
  };
  const unhook = (master: MasterRoot) => {
    rmSync(master.path("/hooks"), { recursive: true, force: true });
  };
  const environmentBefore = { ...process.env };

  beforeAll(async () => {
    tools = await toolsOf();
    [aws, etcd] = await Promise.all([
      startAws({ directory: join(root, "aws"), python: tools.moto, seed: { images: {}, zones: [] } }),
      Etcd.start(tools.etcd, join(root, "etcd"), 3),
    ]);
    Object.assign(process.env, aws.environment);
    s3 = new S3Client(clientConfiguration("us-east-1"));
    for (const Bucket of [snapshotBucket, resourcesBucket]) {
      await s3.send(new CreateBucketCommand({ Bucket }));
      await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }));
    }
    await etcd.put(data);
    masters = etcd.urls.map((url, index) => new MasterRoot({ directory: join(root, `master-${index}`), tools, etcd: { url } }));
    leader = (await etcd.leader()) ?? -1;
  });
  afterAll(async () => {
    process.env = environmentBefore;
    await etcd.stop();
    await aws.stop();
  });

  test("the etcd leader stores a slot's snapshot, while the other nodes wait", async () => {
    prepare({ ...leaderOnly, SCHEDULE: schedule(1) });
    const others = masters.filter((_, index) => index !== leader).map((master) => master.start(network()));
    const { status, stderr } = await masters[leader].backUp(network());
    expect([status, stderr]).toEqual([0, expect.stringContaining(`stored s3://${snapshotBucket}/snapshots/`)]);
    expect(others.map(({ exitCode }) => exitCode)).toEqual([null, null]);
    for (const child of others) process.kill(-(child.pid ?? 0), "SIGTERM");

    const [snapshot, ...more] = await stored();
    expect(more).toEqual([]);
    expect(snapshot.Key).toBe(`snapshots/${nameOf(1)}.db`);
    const [resources, ...others2] = await stored(resourcesBucket);
    expect(others2).toEqual([]);
    const head = await s3.send(new HeadObjectCommand({ Bucket: snapshotBucket, Key: snapshot.Key, ChecksumMode: "ENABLED" }));
    expect(head.Metadata?.["static-resources"]).toBe(resources.Key);
    const kept = readFileSync(join(masters[leader].path("/var/lib/okd-etcd-backup/snapshots"), local(masters[leader])[0]));
    expect([head.ContentLength, head.ChecksumSHA256]).toEqual([kept.length, createHash("sha256").update(kept).digest("base64")]);
    const { failed, slot_timestamp_seconds: time, due_timestamp_seconds: due } = metrics(masters[leader]);
    expect([failed, new Date(time * 1000).toISOString()]).toEqual([0, timeOf(1)]);
    expect(due - time).toBeGreaterThanOrEqual(365 * 86400);
  });

  test("when the leader dies during its backup, another node takes over, and one snapshot is stored", async () => {
    prepare({ ...soon, SCHEDULE: schedule(2) });
    hook(masters[leader], `[ $1 = before ] || { touch "${root}/in-the-middle"; sleep 60; }`);
    const dying = masters[leader].start(network());
    const dead = new Promise((resolve) => dying.once("exit", resolve));
    while (!existsSync(join(root, "in-the-middle"))) await sleep(50);
    const others = masters.filter((_, index) => index !== leader).map((master) => master.backUp(network()));
    process.kill(-(dying.pid ?? 0), "SIGKILL");
    await dead;
    expect((await Promise.all(others)).map(({ status }) => status)).toEqual([0, 0]);
    expect(await storedOf(2)).toHaveLength(1);

    // The node that died returns: it removes its leftovers, and finds nothing to do.
    unhook(masters[leader]);
    const { status, stderr } = await masters[leader].backUp(network());
    expect([status, stderr]).toEqual([0, expect.stringContaining("is stored")]);
    expect(readdirSync(masters[leader].path("/var/lib/okd-etcd-backup")).filter((name) => name.startsWith("work."))).toEqual([]);
    expect(await storedOf(2)).toHaveLength(1);
  });

  test("of three nodes that back up at the same time, one stores the snapshot", async () => {
    prepare({ ...soon, SCHEDULE: schedule(3) });
    // Each node waits until all three have a snapshot, before any node looks at S3 again.
    for (const [index, master] of masters.entries()) {
      hook(
        master,
        `[ $1 = before ] || { touch "${root}/ready-${index}"; until [ "$(ls "${root}" | grep -c ready-)" = 3 ]; do sleep 0.1; done; }`,
      );
    }
    const ended = await Promise.all(masters.map((master) => master.backUp(network())));
    masters.forEach(unhook);
    expect(ended.map(({ status }) => status)).toEqual([0, 0, 0]);
    expect(ended.filter(({ stderr }) => stderr.includes("another control plane node has stored"))).toHaveLength(2);
    expect(await storedOf(3)).toHaveLength(1);
    for (const master of masters) expect(metrics(master).failed).toBe(0);
  });

  test("a failure is reported, stores nothing, and is tried again within the slot", async () => {
    const master = masters[leader];
    prepare({ ...leaderOnly, SCHEDULE: schedule(4) }, [master]);
    const before = (await stored(resourcesBucket)).length;
    hook(
      master,
      `
      attempt=$(cat "${root}/attempt" 2>/dev/null || echo 0)
      cp "${master.path("/var/lib/okd-etcd-backup/okd_etcd_backup.prom")}" "${root}/metrics-$attempt" 2>/dev/null
      [ $1 = before ] && attempt=$((attempt + 1)) && echo $attempt >"${root}/attempt"
      case $attempt-$1 in
        1-before) echo "Currently the etcd operator is progressing. Aborting!"; exit 1 ;;
        2-before) echo data >/dev/full || exit 1 ;;
        3-after) printf 'x' | dd of="$2/snapshot_1.db" bs=1 seek=5000 conv=notrunc status=none ;;
        4-after) truncate --size=-512 "$2/snapshot_1.db" ;;
        5-after) : >"$2/snapshot_1.db" ;;
        6-after) truncate --size=-1 "$2/snapshot_1.db" ;;
      esac`,
    );
    const { status, stderr } = await master.backUp(network());
    unhook(master);
    expect(status).toBe(0);
    expect(stderr).toContain("operator is progressing");
    expect(stderr).toContain("No space left on device");
    expect(stderr.match(/checksum is not the one|size shows that etcdctl has appended no checksum/g)).toHaveLength(3);
    expect(stderr).toContain("1 files snapshot_*.db, but exactly one that is not empty is expected");
    expect(stderr.match(/the attempt has failed/g)).toHaveLength(6);
    for (const attempt of [1, 2, 3, 4, 5, 6])
      expect(readFileSync(join(root, `metrics-${attempt}`), "utf8")).toMatch(/^okd_etcd_backup_failed [01]$/m);
    expect(readFileSync(join(root, "metrics-6"), "utf8")).toMatch(/^okd_etcd_backup_failed 1$/m);
    expect(metrics(master).failed).toBe(0);
    expect(await storedOf(4)).toHaveLength(1);
    expect((await stored(resourcesBucket)).length - before).toBe(1);
    expect(readdirSync(master.path("/var/lib/okd-etcd-backup")).sort()).toEqual(["okd_etcd_backup.prom", "snapshots"]);
  });

  test("an interrupted upload leaves nothing in S3, and the next attempt stores the complete snapshot", async () => {
    const master = masters[leader];
    prepare({ ...leaderOnly, SCHEDULE: schedule(5) }, [master]);
    const proxy = await interruptingProxy(aws.environment.HTTPS_PROXY, 1, 300_000);
    const url = `http://127.0.0.1:${proxy.port}`;
    const { status, stderr } = await master.backUp(network({ HTTPS_PROXY: url, https_proxy: url }));
    await proxy.close();
    expect([status, stderr.match(/the attempt has failed/g)?.length]).toEqual([0, 1]);
    const [object, ...more] = await storedOf(5);
    expect(more).toEqual([]);
    expect(object.Size).toBeGreaterThan(300_000);
  });

  test("each node keeps the configured number of its newest snapshots on its disk", () => {
    expect(local(masters[leader])).toEqual([4, 5].map((slot) => `${nameOf(slot)}.db`));
  });

  test("a slot that ends without a snapshot fails, and the metrics keep their values", async () => {
    const master = masters[leader];
    const known = metrics(master);
    // END_SECONDS is so long that the slot has already ended.
    prepare({ ...leaderOnly, SCHEDULE: schedule(6), END_SECONDS: "100000000" }, [master]);
    const { status, stderr } = await master.backUp(network());
    expect([status, stderr]).toEqual([1, expect.stringMatching(/the slot \S+ has ended without a snapshot/)]);
    expect(metrics(master)).toEqual({ ...known, failed: 1 });
    expect(await storedOf(6)).toEqual([]);
  });

  test("an object that was stored before its slot is not the slot's snapshot, and neither is an object under a longer key", async () => {
    const master = masters[leader];
    const put = (Key: string) => s3.send(new PutObjectCommand({ Bucket: snapshotBucket, Key, Body: "false" }));
    await put(`snapshots/${nameOf(7)}.db.false`);
    prepare({ ...leaderOnly, SCHEDULE: schedule(7) }, [master]);
    expect(await master.backUp(network())).toMatchObject({ status: 0, stderr: expect.stringContaining("stored s3://") as string });

    await put(`snapshots/${nameOf(8)}.db`);
    // The emulated S3 stores no objects with a past time. With this tolerance every object counts as stored before the slot.
    prepare({ ...leaderOnly, SCHEDULE: schedule(8), CLOCK_TOLERANCE_SECONDS: "-1000000000" }, [master]);
    const child = master.start(network());
    let said = "";
    await new Promise<void>((resolve) => {
      child.stderr?.setEncoding("utf8").on("data", (text: string) => {
        said += text;
        // Waits for the second failure, because then the metrics already report the first failure.
        if (said.split("the attempt has failed").length > 2) resolve();
      });
    });
    process.kill(-(child.pid ?? 0), "SIGTERM");
    expect(said).toMatch(/snapshots\/\S+ was stored before the slot's time, at \S+Z: it is not the slot's snapshot/);
    expect(said).not.toContain("another control plane node has stored");
    expect(await storedOf(8)).toHaveLength(1);
    expect(metrics(master).failed).toBe(1);
  });

  test("node-exporter can read the metrics, also before the first backup", async () => {
    const fresh = new MasterRoot({ directory: join(root, "fresh"), tools, etcd: { url: etcd.urls[0] } });
    fresh.apply(config);
    mkdirSync(fresh.path("/var/log/pods/openshift-monitoring_node-exporter-x7k2q_0f"), { recursive: true });
    const volume = fresh.path("/var/lib/kubelet/pods/0f/volumes/kubernetes.io~empty-dir/node-exporter-textfile");
    mkdirSync(volume, { recursive: true });
    const child = fresh.start(network(), ["publish"]);
    expect(await new Promise((resolve) => child.once("exit", resolve))).toBe(0);
    const text = readFileSync(join(volume, "okd_etcd_backup.prom"), "utf8");
    expect(readdirSync(volume)).toEqual(["okd_etcd_backup.prom"]);
    // node-exporter runs as nobody.
    expect((statSync(join(volume, "okd_etcd_backup.prom")).mode & 0o777).toString(8)).toBe("644");
    expect(text).toMatch(/^okd_etcd_backup_failed 0$/m);
    expect(Number(/^okd_etcd_backup_due_timestamp_seconds (\d+)$/m.exec(text)?.[1]) * 1000).toBeGreaterThan(Date.now());
  });

  test("a snapshot from S3, restored as docs/etcd-backup.md says, contains every key", async () => {
    const cwd = join(root, "rehearsal");
    mkdirSync(cwd);
    const env = network({ PATH: "/usr/bin:/bin", BUCKET: snapshotBucket, SLOT: nameOf(3) });
    await promisify(execFile)("bash", ["-c", rehearsal(join(root, "rehearsal-bin"), tools)], { cwd, env });
    const restored = await Etcd.start(tools.etcd, root, 1, join(cwd, "restored"));
    try {
      expect(await restored.everything()).toEqual(data);
      expect((await etcd.everything()).size).toBe(400);
    } finally {
      await restored.stop();
    }
  });

  test("ignition accepts the ignition config of the MachineConfig", () => {
    const file = join(root, "config.ign");
    writeFileSync(file, JSON.stringify(config));
    const { status, stdout, stderr } = spawnSync(tools["ignition-validate"], [file], { encoding: "utf8" });
    expect([status, stdout, stderr]).toEqual([0, "", ""]);
  });
});

const systemd = spawnSync("systemd-analyze", ["--version"]).status === 0;
if (!systemd) console.warn("skipped: systemd-analyze is not on this machine, so systemd does not check the units");
(systemd ? test : test.skip)("systemd accepts the units of etcd's backup", () => {
  const place = (path: string, contents: string, mode = 0o644) => {
    mkdirSync(dirname(join(root, "os", path)), { recursive: true });
    writeFileSync(join(root, "os", path), contents, { mode });
  };
  for (const { path, mode } of content.files ?? []) place(path, "", mode);
  for (const target of ["network-online", "multi-user", "timers", "sysinit", "basic", "shutdown", "network", "time-sync", "time-set"])
    place(`/usr/lib/systemd/system/${target}.target`, `[Unit]\nDescription=${target}\n`);
  place("/usr/bin/true", "", 0o755);
  place("/usr/lib/systemd/system/kubelet.service", "[Service]\nExecStart=/usr/bin/true\n");
  for (const { name, contents } of config.systemd.units) place(`/etc/systemd/system/${name}`, contents);
  const names = config.systemd.units.map(({ name }) => name);
  const { status, stderr } = spawnSync("systemd-analyze", ["verify", `--root=${join(root, "os")}`, "--man=no", ...names], {
    encoding: "utf8",
  });
  expect([status, stderr]).toEqual([0, ""]);
});
