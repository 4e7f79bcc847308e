/** The claims of a backup whose volumes a restore creates empty. */
import { emptyClaims } from "../../../../steps/velero/volumes";

const volume = (pvcName: string, fields: object) => ({ pvcName, pvcNamespace: "shop", ...fields });
const deleted = { pvInfo: { reclaimPolicy: "Delete" } };

test("the claims that a restore leaves empty are those without a snapshot whose volumes are deleted with their claims", () => {
  const volumes = [
    volume("skipped", { skipped: true, ...deleted }),
    volume("failed", { backupMethod: "CSISnapshot", result: "failed", ...deleted }),
    volume("stored", { backupMethod: "CSISnapshot", result: "succeeded", ...deleted }),
    volume("retained", { skipped: true, pvInfo: { reclaimPolicy: "Retain" } }),
    { ...volume("other", { skipped: true, ...deleted }), pvcNamespace: "bank" },
  ];
  expect(emptyClaims(volumes, "shop")).toEqual(["failed", "skipped"]);
});
