/** The content of volumes after a restore. */
import { volumeContents } from "../../../../steps/velero/volumes";

const volume = (pvcName: string, fields: object) => ({ pvcName, pvcNamespace: "shop", ...fields });
const deleted = { pvInfo: { reclaimPolicy: "Delete" } };

test("a volume without a snapshot and without its files is empty after a restore, unless its reclaim policy is Retain", () => {
  const volumes = [
    volume("skipped", { skipped: true, ...deleted }),
    volume("failed", { backupMethod: "CSISnapshot", result: "failed", ...deleted }),
    volume("stored", { backupMethod: "CSISnapshot", result: "succeeded", ...deleted }),
    volume("files", { backupMethod: "PodVolumeBackup", result: "succeeded", ...deleted }),
    volume("aborted", { backupMethod: "PodVolumeBackup", result: "failed", ...deleted }),
    volume("retained", { skipped: true, pvInfo: { reclaimPolicy: "Retain" } }),
    { ...volume("other", { skipped: true, ...deleted }), pvcNamespace: "bank" },
  ];
  expect(volumeContents(volumes, "shop")).toEqual({
    empty: ["aborted", "failed", "skipped"],
    reused: ["retained"],
    snapshots: ["stored"],
    files: ["files"],
  });
});
