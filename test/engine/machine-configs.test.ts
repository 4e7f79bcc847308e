/**
 * Tests MachineConfigs and the backup's alerts with a real API server: the program adopts the objects of the installation unchanged, and
 * makes later changes.
 */
import { load } from "js-yaml";
import { etcdBackupContent } from "../../ignition/etcd-backup/set-up";
import { machineConfigManifests } from "../../ignition/machine-config";
import { PlatformProject } from "./platform-project";
import { describeWithTools } from "./requirements";

const path = "/apis/machineconfiguration.openshift.io/v1/machineconfigs";
const rules = "/apis/monitoring.coreos.com/v1/namespaces/openshift-etcd/prometheusrules";
const buckets = { region: "us-east-1", snapshotBucket: "demo-etcd-backup", resourcesBucket: "demo-etcd-resources" };
const keys = { etcdBackupSchedule: "*-*-* 02:30" };
const program = `
  import { EtcdBackupAlerts } from "./components/cluster/etcd-backup-alerts";
  import { MachineConfigs } from "./components/cluster/machine-configs";
  import { etcdBackupContent } from "./ignition/etcd-backup/set-up";
  const backup = platform.etcdBackup;
  if (backup) {
    const content = pulumi.output(etcdBackupContent({ ...${JSON.stringify(buckets)}, backup }));
    new MachineConfigs("machine-configs", { api, configs: [{ pool: "master", topic: "etcd-backup", content }] });
    new EtcdBackupAlerts("etcd-backup-alerts", { api });
  }
`;

interface MachineConfig {
  readonly metadata: { readonly generation?: number };
  readonly spec: { readonly config: { readonly systemd: { readonly units: readonly { name: string; contents: string }[] } } };
}

describeWithTools("the control plane's MachineConfig", () => {
  let project: PlatformProject;
  const read = async () => (await project.api.must("GET", `${path}/99-master-etcd-backup`)) as unknown as MachineConfig;

  beforeAll(async () => {
    project = await PlatformProject.make(program, keys);
    // The bootstrap instance creates the MachineConfig in the same way.
    const content = etcdBackupContent({ ...buckets, backup: { schedule: keys.etcdBackupSchedule, retentionCount: 3 } });
    const [manifest] = Object.values(machineConfigManifests([{ pool: "master", topic: "etcd-backup", content }]));
    await project.api.must("POST", `${path}?fieldManager=cluster-bootstrap`, load(manifest));
    await project.api.call("POST", "/api/v1/namespaces", { metadata: { name: "openshift-etcd" } });
  });
  afterAll(async () => {
    await project.remove();
  });

  test("is adopted without a change of the rendered config, which would reboot the control plane nodes", async () => {
    const before = await read();
    await project.up();
    const after = await read();
    expect(after.spec).toEqual(before.spec);
    expect(after.metadata.generation).toBe(before.metadata.generation);
    expect(await project.preview()).toEqual([]);
    expect(((await project.api.must("GET", rules)).items as object[]).length).toBe(1);
  });

  test("is the only resource that changes when the schedule changes", async () => {
    project.configure({ etcdBackupSchedule: "Mon 04:00" });
    expect((await project.preview()).map(({ op, name }) => [op, name])).toEqual([["update", "99-master-etcd-backup"]]);
    await project.up();
    const timer = (await read()).spec.config.systemd.units.find(({ name }) => name === "okd-etcd-backup.timer");
    expect(timer?.contents).toMatch(/^OnCalendar=Mon 04:00 UTC$/m);
    expect(await project.preview()).toEqual([]);
  });

  test("is deleted with the alerts when the schedule is removed", async () => {
    project.configure({});
    await project.up();
    expect((await project.api.call("GET", `${path}/99-master-etcd-backup`)).status).toBe(404);
    expect((await project.api.must("GET", rules)).items).toEqual([]);
  });
});
