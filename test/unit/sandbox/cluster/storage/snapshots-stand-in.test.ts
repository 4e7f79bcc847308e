/** The stand-in for the snapshot controller and the sidecar csi-snapshotter. */
import type { Api, KubeObject } from "../../../../../sandbox/cluster/api";
import { type SnapshotDriver, SnapshotsStandIn } from "../../../../../sandbox/cluster/storage/snapshots-stand-in";

const GROUP = "/apis/snapshot.storage.k8s.io/v1";
const CONTENT = `${GROUP}/volumesnapshotcontents/snapcontent-1234`;
const SNAPSHOT = `${GROUP}/namespaces/shop/volumesnapshots/data`;

/** An API server with these objects, and a driver that records its calls. */
function cluster(objects: Readonly<Record<string, object>>) {
  const stored = new Map(Object.entries(structuredClone(objects)) as [string, KubeObject][]);
  const calls: string[] = [];
  const said: string[] = [];
  const api: Pick<Api, "get" | "list" | "create" | "patch" | "patchStatus" | "send"> = {
    get: (path) => Promise.resolve(stored.get(path) as never),
    list: (path) => {
      const kind = path.split("/").at(-1) ?? "";
      return Promise.resolve([...stored].filter(([key]) => key.split("/").at(-2) === kind).map(([, object]) => object) as never);
    },
    create: (object) => Promise.resolve(void stored.set(`${GROUP}/volumesnapshotcontents/${object.metadata.name ?? ""}`, object)),
    patch: (path, change) => {
      const object = stored.get(path) as KubeObject;
      const { metadata } = change as { metadata?: object };
      if (metadata) object.metadata = { ...object.metadata, ...metadata };
      if (object.metadata.deletionTimestamp !== undefined && (object.metadata.finalizers as string[]).length === 0) stored.delete(path);
      return Promise.resolve();
    },
    patchStatus: (path, status) => {
      const object = stored.get(path) as KubeObject;
      object.status = { ...(object.status as object), ...status };
      return Promise.resolve();
    },
    send: (method, path) => {
      calls.push(`${method} ${path}`);
      return Promise.resolve({} as never);
    },
  };
  const driver: SnapshotDriver = {
    name: "ebs.csi.aws.com",
    createSnapshot: (name, volume, parameters) => {
      calls.push(`create ${name} of ${volume} with ${JSON.stringify(parameters)}`);
      return Promise.resolve("snap-1");
    },
    snapshot: (id) =>
      Promise.resolve(id === "snap-1" ? { readyToUse: true, restoreSize: 1024, creationTime: 1_700_000_000_000_000_000 } : undefined),
    deleteSnapshot: (id) => Promise.resolve(void calls.push(`delete ${id}`)),
  };
  /** One look of a new stand-in, because a stand-in waits between two looks. */
  const look = () => new SnapshotsStandIn(api as Api, driver, (text) => said.push(text)).advance();
  return { stored, calls, said, look };
}

const used = {
  metadata: { name: "velero" },
  driver: "ebs.csi.aws.com",
  deletionPolicy: "Retain",
  parameters: { tagSpecification_1: "a=b" },
};
const snapshot = {
  metadata: { namespace: "shop", name: "data", uid: "1234" },
  spec: { source: { persistentVolumeClaimName: "data" }, volumeSnapshotClassName: "velero" },
};
const objects = {
  [`${GROUP}/volumesnapshotclasses/velero`]: used,
  [SNAPSHOT]: snapshot,
  "/api/v1/namespaces/shop/persistentvolumeclaims/data": { metadata: {}, spec: { volumeName: "pvc-1" } },
  "/api/v1/persistentvolumes/pvc-1": { metadata: {}, spec: { csi: { driver: "ebs.csi.aws.com", volumeHandle: "vol-1" } } },
};
const content = (more: object = {}) => ({
  metadata: { name: "snapcontent-1234", finalizers: ["snapshot.storage.kubernetes.io/volumesnapshotcontent-bound-protection"], ...more },
  spec: {
    driver: "ebs.csi.aws.com",
    deletionPolicy: "Retain",
    source: { volumeHandle: "vol-1" },
    volumeSnapshotRef: { namespace: "shop", name: "data", uid: "1234" },
  },
  status: { snapshotHandle: "snap-1", readyToUse: true },
});

describe("in the sandbox, a VolumeSnapshot", () => {
  it("gets a content, a snapshot of the claim's volume with the class's parameters, and its state", async () => {
    const { stored, calls, look } = cluster(objects);
    await look();
    await look();
    await look();
    expect(calls).toEqual(['create snapshot-1234 of vol-1 with {"tagSpecification_1":"a=b"}']);
    expect(stored.get(CONTENT)).toMatchObject({ spec: { deletionPolicy: "Retain", source: { volumeHandle: "vol-1" } } });
    expect(stored.get(SNAPSHOT)?.status).toEqual({
      boundVolumeSnapshotContentName: "snapcontent-1234",
      readyToUse: true,
      restoreSize: "1024",
      creationTime: "2023-11-14T22:13:20Z",
    });
  });

  it("has the state of an existing snapshot if its content names one", async () => {
    const { stored, calls, look } = cluster({
      [SNAPSHOT]: { ...snapshot, spec: { source: { volumeSnapshotContentName: "kept" } } },
      [`${GROUP}/volumesnapshotcontents/kept`]: {
        metadata: { name: "kept" },
        spec: { ...content().spec, source: { snapshotHandle: "snap-1" } },
      },
    });
    await look();
    await look();
    expect(stored.get(SNAPSHOT)?.status).toMatchObject({ boundVolumeSnapshotContentName: "kept", readyToUse: true });
    expect(calls).toEqual([]);
  });

  it("waits if the existing snapshot does not exist, and the log says why", async () => {
    const { said, look } = cluster({
      [`${GROUP}/volumesnapshotcontents/kept`]: {
        metadata: { name: "kept" },
        spec: { ...content().spec, source: { snapshotHandle: "snap-2" } },
      },
    });
    await look();
    expect(said).toEqual(["snapshots: the snapshot snap-2 does not exist"]);
  });
});

describe("in the sandbox, the content of a VolumeSnapshot", () => {
  const deleted = { deletionTimestamp: "2026-01-01T00:00:00Z" };

  it("stays while its VolumeSnapshot exists", async () => {
    const { stored, look } = cluster({ ...objects, [CONTENT]: content(deleted) });
    await look();
    expect(stored.has(CONTENT)).toBe(true);
  });

  it("is deleted without its snapshot if the policy is Retain", async () => {
    const { stored, calls, look } = cluster({ [CONTENT]: content(deleted) });
    await look();
    expect([stored.has(CONTENT), calls]).toEqual([false, []]);
  });

  it("is deleted with its snapshot if the policy is Delete", async () => {
    const { spec, ...rest } = content(deleted);
    const { stored, calls, look } = cluster({ [CONTENT]: { ...rest, spec: { ...spec, deletionPolicy: "Delete" } } });
    await look();
    expect([stored.has(CONTENT), calls]).toEqual([false, ["delete snap-1"]]);
  });
});
