import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { EtcdBackupConfiguration } from "../../config/etcd-backup/settings";
import { imageReference } from "../../config/container-images";
import { environmentFile, machineTrustBundle } from "../installer-host/installer-host";
import type { MachineConfigContent } from "../machine-config";
import { backupUnits } from "./units";

/** Directory on a control plane node for its newest snapshots, and for the work in progress. */
const backupStateDirectory = "/var/lib/okd-etcd-backup";

/**
 * Seconds after a slot's time until nodes other than the etcd leader may start. This project's choice: the leader takes less for a snapshot
 * of 8 GiB.
 */
const takeoverSeconds = 900;

export interface EtcdBackupSetUp {
  readonly backup: Pick<EtcdBackupConfiguration, "schedule" | "retentionCount">;
  readonly region: string;
  readonly snapshotBucket: string;
  readonly resourcesBucket: string;
}

/** MachineConfig content that makes the control plane nodes back up etcd; it contains no secrets. */
export function etcdBackupContent({ backup, region, snapshotBucket, resourcesBucket }: EtcdBackupSetUp): MachineConfigContent {
  const script = (name: string) => readFileSync(join(__dirname, "scripts", `${name}.sh`), "utf8");
  const schedule = `${backup.schedule.replace(/ UTC$/i, "")} UTC`;
  const environment = {
    SCHEDULE: schedule,
    TAKEOVER_SECONDS: String(takeoverSeconds),
    RETRY_SECONDS: "60",
    // No attempt starts in the last 120 s before the next slot.
    END_SECONDS: "120",
    RETENTION_COUNT: String(backup.retentionCount),
    SNAPSHOT_BUCKET: snapshotBucket,
    RESOURCES_BUCKET: resourcesBucket,
    STATE_DIRECTORY: backupStateDirectory,
    CLUSTER_BACKUP: "/usr/local/bin/cluster-backup.sh",
    KUBERNETES: "/etc/kubernetes",
    // etcd's serving certificate contains localhost (openshift/cluster-etcd-operator, `pkg/tlshelpers`).
    ETCD_URL: "https://localhost:2379",
    PULL_SECRET: "/var/lib/kubelet/config.json",
    AWS_REGION: region,
    AWS_CLI_IMAGE: imageReference("aws-cli"),
    // node-exporter reads metrics from an emptyDir of its pod (openshift/cluster-monitoring-operator,
    // `assets/node-exporter/daemonset.yaml`, release-4.14 to release-4.22). These are the kubelet's default directories of pods and of
    // their logs.
    POD_DIRECTORY: "/var/lib/kubelet/pods",
    POD_LOG_DIRECTORY: "/var/log/pods",
    // Seconds by which a node's clock may differ from S3's. This project's choice: with chronyd the difference is far below 60 s.
    CLOCK_TOLERANCE_SECONDS: "60",
    TRUST_BUNDLE: machineTrustBundle,
  };
  return {
    files: [
      { path: "/usr/local/bin/okd-etcd-backup", mode: 0o755, contents: script("backup") },
      { path: "/usr/local/bin/okd-etcd-backup-aws", mode: 0o755, contents: script("aws") },
      { path: "/etc/okd/etcd-backup.env", mode: 0o644, contents: environmentFile(environment) },
    ],
    units: backupUnits(schedule),
  };
}
