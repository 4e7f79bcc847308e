import { join } from "node:path";
import { type BootedIgnitionConfig, isFailure, mayWithBucketPolicy, type AwsSnapshot } from "../machines";
import type { Api, KubeObject } from "./api";
import type { SimulatedInstance } from "./machine";
import { MasterRoot, type MasterTools } from "./master-root";

const machineConfig = "/apis/machineconfiguration.openshift.io/v1/machineconfigs/99-master-etcd-backup";

/** Milliseconds between two reads of the MachineConfig. */
const pollMilliseconds = 5000;

export interface EtcdBackupsOptions {
  /** The cluster's directory. */
  readonly directory: string;
  readonly tools: MasterTools;
  readonly say: (text: string) => void;
}

/**
 * Runs the etcd backup of the control plane as if its timer had just elapsed. When the backup's MachineConfig changes, every control plane node runs the real script,
 * one after the other, against the cluster's real etcd. Two parts are simulated: the machine config operator, which would reboot the nodes, and the etcd
 * members, because all nodes use the same etcd.
 */
export class EtcdBackups {
  private applied = "";
  private next = 0;
  private running = false;
  private readonly stop = new AbortController();

  constructor(
    private readonly api: Api,
    private readonly options: EtcdBackupsOptions,
  ) {}

  /** Starts a backup if the MachineConfig has changed. The result is only logged. */
  async advance(snapshot: AwsSnapshot, machines: readonly SimulatedInstance[]): Promise<void> {
    if (this.running || this.stop.signal.aborted || Date.now() < this.next) return;
    this.next = Date.now() + pollMilliseconds;
    const object = await this.api.get<KubeObject & { spec: { config: BootedIgnitionConfig } }>(machineConfig);
    const config = JSON.stringify(object?.spec.config ?? "");
    if (object === undefined || config === this.applied) return;
    const masters = machines.filter(({ isMaster, isComplete }) => isMaster && isComplete);
    this.running = true;
    this.backUp(snapshot, object.spec.config, masters)
      .then((succeeded) => {
        if (succeeded) this.applied = config;
      })
      .catch((error: unknown) => {
        this.options.say(`etcd backup: ${error instanceof Error ? error.message : String(error)}`);
      })
      .finally(() => (this.running = false));
  }

  /** Ends a running script. */
  end(): void {
    this.stop.abort();
  }

  private async backUp(snapshot: AwsSnapshot, config: BootedIgnitionConfig, masters: readonly SimulatedInstance[]): Promise<boolean> {
    const { directory, tools, say } = this.options;
    const statuses: (number | null)[] = [];
    for (const master of masters) {
      const root = new MasterRoot({
        directory: join(directory, "masters", master.instance.id),
        tools,
        etcd: { socket: join(directory, "etcd.sock") },
      });
      root.apply(config, { RETRY_SECONDS: "2" });
      const refused = await this.refusal(snapshot, master, root.variable(config, "SNAPSHOT_BUCKET"));
      if (refused !== undefined) {
        say(`${master.name}: can't back etcd up: ${refused}`);
        return false;
      }
      const { status, stderr } = await root.backUp(process.env, this.stop.signal);
      statuses.push(status);
      say(`${master.name}: etcd backup: ${stderr.trim().split("\n").at(-1) ?? ""}`);
    }
    return statuses.every((status) => status === 0);
  }

  /** The reason why the instance profile doesn't allow the upload. The emulated S3 itself checks no permissions. */
  private async refusal(snapshot: AwsSnapshot, { instance }: SimulatedInstance, bucket: string): Promise<string | undefined> {
    const permissions = instance.profileArn === undefined ? undefined : await snapshot.permissionsOf(instance.profileArn);
    if (permissions === undefined) return "it has no instance profile with a role";
    const arn = `arn:aws:s3:::${bucket}`;
    for (const request of [
      { action: "s3:ListBucket", resource: arn },
      // The script uploads with If-None-Match.
      { action: "s3:PutObject", resource: `${arn}/snapshots/slot.db`, context: { "s3:if-none-match": "*" } },
    ]) {
      const decision = await mayWithBucketPolicy(snapshot, permissions, request);
      if (isFailure(decision)) return decision.reason;
    }
    return undefined;
  }
}
