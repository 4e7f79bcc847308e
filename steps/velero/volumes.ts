import { type Clock, systemClock } from "../../lib/clock";
import type { ApiItem, ClusterClient } from "../../lib/kubernetes/client";
import { veleroPath, type VeleroName } from "./api";
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
 * A copy of the files of a volume (vmware-tanzu/velero, `pkg/apis/velero/v1/pod_volume_backup_types.go`, release-1.18). The annotation names
 * the claim (PVCNameAnnotation).
 */
interface FileCopy {
  readonly metadata: { readonly annotations?: Readonly<Record<string, string>> };
  readonly spec?: { readonly pod?: { readonly namespace?: string } };
  readonly status?: { readonly phase?: string; readonly snapshotID?: string };
}

/** The label of a copy with the name of its backup, and the annotation with the name of its claim. */
const BACKUP_LABEL = "velero.io/backup-name";
const CLAIM_ANNOTATION = "velero.io/pvc-name";

/** Everything that Velero knows about the volumes of a backup. */
export interface BackupFacts {
  readonly volumes: readonly BackedUpVolume[];
  /** The objects of the backup, by kind, as `namespace/name` (vmware-tanzu/velero, `pkg/backup/backed_up_items_map.go`: ResourceMap, release-1.18). */
  readonly objects: Readonly<Record<string, readonly string[]>>;
  readonly copies: readonly FileCopy[];
}

/** The volumes that a restore of a namespace creates or reuses: the names of their claims. */
export interface VolumeContents {
  /** Claims whose volumes come back empty. */
  readonly empty: readonly string[];
  /** Claims about whose volumes Velero has stored nothing, so they may come back empty, or get the volume itself again. */
  readonly unknown: readonly string[];
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
 * Velero stores nothing about a volume if the copies of the backup exceed Velero's time limit, also about finished copies
 * (`pkg/podvolume/backupper.go`: WaitAllPodVolumesProcessed, release-1.18), and if a claim has no volume yet. So the claims are from the list
 * of the backup's objects. A restore uses the finished copies in the cluster, whatever the backup's description of its volumes says.
 *
 * @returns the claims, or the reason why they are not known
 */
export async function volumesOfBackup(
  backup: VeleroName,
  ofNamespace: string,
  client: Pick<ClusterClient, "get" | "list" | "send" | "delete">,
  clock: Clock = systemClock,
): Promise<VolumeContents | { readonly unread: string }> {
  const volumes = await readStored("BackupVolumeInfos", backup, client, clock);
  if ("unread" in volumes) return volumes;
  const objects = await readStored("BackupResourceList", backup, client, clock);
  if ("unread" in objects) return objects;
  const copies = await client.list<ApiItem & FileCopy>(
    `${veleroPath(backup.namespace, "podvolumebackups")}?labelSelector=${BACKUP_LABEL}%3D${encodeURIComponent(backup.name)}`,
  );
  const facts = {
    volumes: (volumes.document ?? []) as BackupFacts["volumes"],
    objects: (objects.document ?? {}) as BackupFacts["objects"],
    copies,
  };
  return volumeContents(facts, ofNamespace);
}

/** Like {@link volumesOfBackup}, for facts that have been read. */
export function volumeContents({ volumes: all, objects, copies }: BackupFacts, namespace: string): VolumeContents {
  const volumes = all.filter(({ pvcNamespace }) => pvcNamespace === namespace);
  const without = volumes.filter(({ backupMethod = "", result }) => result === "failed" || backupMethod === "");
  const isReused = ({ pvInfo }: BackedUpVolume) => pvInfo?.reclaimPolicy === "Retain";
  const names = (found: readonly BackedUpVolume[]) => found.map(({ pvcName = "" }) => pvcName).sort();
  const by = (method: string) => names(volumes.filter((volume) => volume.backupMethod === method && !without.includes(volume)));
  const described = names(volumes);
  const claims = (objects["v1/PersistentVolumeClaim"] ?? [])
    .filter((name) => name.startsWith(`${namespace}/`))
    .map((name) => name.slice(namespace.length + 1))
    .filter((claim) => !described.includes(claim));
  const copied = copiedClaims(copies, namespace);
  return {
    empty: names(without.filter((volume) => !isReused(volume))),
    unknown: claims.filter((claim) => !copied.includes(claim)).sort(),
    reused: names(without.filter(isReused)),
    snapshots: by("CSISnapshot"),
    files: [...by("PodVolumeBackup"), ...claims.filter((claim) => copied.includes(claim))].sort(),
  };
}

/** The claims of a namespace whose files were copied completely. */
function copiedClaims(copies: readonly FileCopy[], namespace: string): readonly string[] {
  return copies
    .filter(({ spec, status }) => spec?.pod?.namespace === namespace && status?.phase === "Completed" && (status.snapshotID ?? "") !== "")
    .flatMap(({ metadata }) => metadata.annotations?.[CLAIM_ANNOTATION] ?? []);
}
