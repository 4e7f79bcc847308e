/** The PersistentVolumes and claims on the shared file system. An engine test proves that the cluster binds them. */
import { nfsVolume, volumeClaim } from "../../../../cluster-objects/shared-storage/volumes";
import { schemaProblems } from "../../../../cluster-objects/schema/check";

const volume = { name: "web-files", path: "/web", size: "200Gi", claim: { namespace: "web", name: "files", create: true } };
const server = "fs-0123456789abcdef0.efs.us-east-1.amazonaws.com";

test("a volume is reserved for its claim, keeps its data, and has the mount options that AWS recommends", () => {
  expect(nfsVolume(volume, server)).toEqual({
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name: "web-files" },
    spec: {
      capacity: { storage: "200Gi" },
      accessModes: ["ReadWriteMany"],
      persistentVolumeReclaimPolicy: "Retain",
      storageClassName: "",
      // EFS user guide, "Recommended NFS mount settings".
      mountOptions: ["nfsvers=4.1", "rsize=1048576", "wsize=1048576", "hard", "timeo=600", "retrans=2", "noresvport"],
      claimRef: { namespace: "web", name: "files" },
      nfs: { server, path: "/web" },
    },
  });
});

test("a claim names its volume and no storage class, because the default class would make another volume; its size is the smallest possible", () => {
  const { metadata, spec } = volumeClaim(volume);
  expect(metadata).toEqual({ name: "files", namespace: "web" });
  expect(spec).toEqual({
    accessModes: ["ReadWriteMany"],
    storageClassName: "",
    volumeName: "web-files",
    resources: { requests: { storage: "1" } },
  });
});

test("the PersistentVolume and the claim match the definitions of their kinds", () => {
  for (const object of [nfsVolume(volume, server), volumeClaim(volume)]) expect(schemaProblems(object, { part: false })).toEqual([]);
});
