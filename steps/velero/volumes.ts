import { type Clock, systemClock } from "../../lib/clock";
import type { ClusterClient } from "../../lib/kubernetes/client";
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

/**
 * The claims of a namespace whose volumes a restore creates empty: the backup has no snapshot, and the volume is gone with its claim. A volume
 * with the reclaim policy Retain is used again (vmware-tanzu/velero, `pkg/restore/restore.go`: restoreItem, v1.18.3).
 *
 * @returns the names of the claims, or a text that says why they are not known
 */
export async function claimsWithoutContent(
  backup: string,
  namespace: string,
  client: Pick<ClusterClient, "get" | "send" | "delete">,
  clock: Clock = systemClock,
): Promise<{ readonly claims: readonly string[] } | { readonly unread: string }> {
  const stored = await readStored("BackupVolumeInfos", backup, client, clock);
  if ("unread" in stored) return stored;
  return { claims: emptyClaims((stored.document ?? []) as readonly BackedUpVolume[], namespace) };
}

/** The claims of a namespace without content among a backup's volumes. */
export function emptyClaims(volumes: readonly BackedUpVolume[], namespace: string): readonly string[] {
  const isEmpty = ({ backupMethod = "", result, pvInfo }: BackedUpVolume) =>
    result === "failed" || (backupMethod === "" && pvInfo?.reclaimPolicy !== "Retain");
  return volumes
    .filter((volume) => volume.pvcNamespace === namespace && isEmpty(volume))
    .map(({ pvcName = "" }) => pvcName)
    .sort();
}
