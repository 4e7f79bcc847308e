import { type Clock, systemClock } from "../../lib/clock";
import type { ClusterClient } from "../../lib/kubernetes/client";
import type { VeleroName } from "./api";
import { readStored } from "./download";

/** A volume of a backup, as Velero describes it (vmware-tanzu/velero, `internal/volume/volumes_information.go`: BackupVolumeInfo, v1.18.3). */
interface BackedUpVolume {
  readonly pvcName?: string;
  readonly pvcNamespace?: string;
  /** Missing: the backup does not contain the volume's content. */
  readonly backupMethod?: string;
  readonly result?: string;
  readonly pvInfo?: { readonly reclaimPolicy?: string };
}

/** The volumes that a restore of a namespace creates or reuses: the names of their claims. */
export interface VolumeContents {
  /** Claims whose volumes come back empty. */
  readonly empty: readonly string[];
  /** Claims that get the volume itself again, and not a copy. */
  readonly reused: readonly string[];
  /** Claims whose volumes come back from CSI snapshots. */
  readonly snapshots: readonly string[];
  /** Claims whose files the node agent restores. */
  readonly files: readonly string[];
}

/**
 * Finds out which content a namespace's volumes have after a restore. A claim whose volume has no snapshot gets an empty volume, because the old
 * volume was deleted with the claim. A volume with the reclaim policy Retain still exists and is used again (vmware-tanzu/velero,
 * `pkg/restore/restore.go`: restoreItem, v1.18.3).
 *
 * @returns the claims, or the reason why they are not known
 */
export async function volumesOfBackup(
  backup: VeleroName,
  ofNamespace: string,
  client: Pick<ClusterClient, "get" | "send" | "delete">,
  clock: Clock = systemClock,
): Promise<VolumeContents | { readonly unread: string }> {
  const stored = await readStored("BackupVolumeInfos", backup, client, clock);
  if ("unread" in stored) return stored;
  return volumeContents((stored.document ?? []) as readonly BackedUpVolume[], ofNamespace);
}

/** Like {@link volumesOfBackup}, for the volumes of a backup that has been read. */
export function volumeContents(volumes: readonly BackedUpVolume[], namespace: string): VolumeContents {
  const without = volumes.filter(
    ({ pvcNamespace, backupMethod = "", result }) => pvcNamespace === namespace && (result === "failed" || backupMethod === ""),
  );
  const isReused = ({ pvInfo }: BackedUpVolume) => pvInfo?.reclaimPolicy === "Retain";
  const names = (found: readonly BackedUpVolume[]) => found.map(({ pvcName = "" }) => pvcName).sort();
  const by = (method: string) =>
    volumes.filter((volume) => volume.pvcNamespace === namespace && volume.backupMethod === method && !without.includes(volume));
  return {
    empty: names(without.filter((volume) => !isReused(volume))),
    reused: names(without.filter(isReused)),
    snapshots: names(by("CSISnapshot")),
    files: names(by("PodVolumeBackup")),
  };
}
