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
  expect(volumeContents({ volumes, objects: {}, copies: [] }, "shop")).toEqual({
    empty: ["aborted", "failed", "skipped"],
    unknown: [],
    reused: ["retained"],
    snapshots: ["stored"],
    files: ["files"],
  });
});

test("a claim of the backup without information about its volume is unknown, unless the cluster has a complete copy of its files", () => {
  const copy = (claim: string, namespace: string, status: object) => ({
    metadata: { annotations: { "velero.io/pvc-name": claim } },
    spec: { pod: { namespace } },
    status,
  });
  const complete = { phase: "Completed", snapshotID: "k1" };
  const facts = {
    volumes: [volume("stored", { backupMethod: "CSISnapshot", result: "succeeded", ...deleted })],
    objects: {
      "v1/PersistentVolumeClaim": ["bank/other", "shop-2/other", "shop/aborted", "shop/copied", "shop/pending", "shop/stored"],
      "v1/Pod": ["shop/web"],
    },
    copies: [
      copy("copied", "shop", complete),
      copy("aborted", "shop", { phase: "Failed", snapshotID: "" }),
      copy("pending", "bank", complete), // a claim of the same name in another namespace
    ],
  };
  expect(volumeContents(facts, "shop")).toEqual({
    empty: [],
    unknown: ["aborted", "pending"],
    reused: [],
    snapshots: ["stored"],
    files: ["copied"],
  });
});
