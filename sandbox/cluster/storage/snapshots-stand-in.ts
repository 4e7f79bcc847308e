import { type Api, ApiError, type KubeObject } from "../api";

const GROUP = "/apis/snapshot.storage.k8s.io/v1";
/** Milliseconds between two reads of the objects. */
const INTERVAL_MS = 2000;

/** Keeps a content until its driver has deleted the snapshot (kubernetes-csi/external-snapshotter, `pkg/utils/util.go`, v8.2.0). */
const FINALIZER = "snapshot.storage.kubernetes.io/volumesnapshotcontent-bound-protection";

interface SnapshotClass extends KubeObject {
  readonly driver: string;
  readonly deletionPolicy: string;
  readonly parameters?: Readonly<Record<string, string>>;
}

interface VolumeSnapshot extends KubeObject {
  readonly spec: {
    readonly source: { readonly persistentVolumeClaimName?: string; readonly volumeSnapshotContentName?: string };
    readonly volumeSnapshotClassName?: string;
  };
  readonly status?: { readonly boundVolumeSnapshotContentName?: string; readonly readyToUse?: boolean };
}

interface SnapshotContent extends KubeObject {
  readonly spec: {
    readonly driver: string;
    readonly deletionPolicy: string;
    readonly source: { readonly volumeHandle?: string; readonly snapshotHandle?: string };
    readonly volumeSnapshotClassName?: string;
    readonly volumeSnapshotRef: { readonly namespace?: string; readonly name?: string; readonly uid?: string };
  };
  readonly status?: SnapshotState & { readonly snapshotHandle?: string };
}

/** A snapshot in AWS. */
export interface SnapshotState {
  readonly readyToUse?: boolean;
  /** Bytes. */
  readonly restoreSize?: number;
  /** Nanoseconds since 1970. */
  readonly creationTime?: number;
}

/** The calls of a CSI driver for snapshots. */
export interface SnapshotDriver {
  /** Name in the cluster, such as `ebs.csi.aws.com`. */
  readonly name: string;
  /** Creates a snapshot of a volume; a repeated call returns the same snapshot. @returns its ID */
  readonly createSnapshot: (name: string, volumeHandle: string, parameters: Readonly<Record<string, string>>) => Promise<string>;
  /** The state of a snapshot; undefined if it does not exist. */
  readonly snapshot: (id: string) => Promise<SnapshotState | undefined>;
  /** Deletes a snapshot; it may already be gone. */
  readonly deleteSnapshot: (id: string) => Promise<void>;
}

/**
 * A stand-in for the snapshot controller and for the sidecar csi-snapshotter of one driver (kubernetes-csi/external-snapshotter,
 * `pkg/common-controller/snapshot_controller.go` and `pkg/sidecar-controller/snapshot_controller.go`, v8.2.0): it binds VolumeSnapshots to contents,
 * and creates and deletes snapshots in the emulated AWS.
 */
export class SnapshotsStandIn {
  private next = 0;
  private lastProblem = "";

  constructor(
    private readonly api: Api,
    private readonly driver: SnapshotDriver,
    private readonly say: (text: string) => void,
  ) {}

  /** If AWS or the API refuses a request, the refusal is logged, and a later step repeats the request. */
  async advance(): Promise<void> {
    if (Date.now() < this.next) return;
    this.next = Date.now() + INTERVAL_MS;
    try {
      const contents = (await this.api.list<SnapshotContent>(`${GROUP}/volumesnapshotcontents`)).filter(
        ({ spec }) => spec.driver === this.driver.name,
      );
      const snapshots = await this.api.list<VolumeSnapshot>(`${GROUP}/volumesnapshots`);
      for (const content of contents) await this.serve(content, snapshots);
      for (const snapshot of snapshots) await this.bind(snapshot, contents);
      this.lastProblem = "";
    } catch (error) {
      // The cluster lacks the capability CSISnapshot.
      if (error instanceof ApiError && error.status === 404) return;
      const problem = `snapshots: ${error instanceof Error ? error.message : String(error)}`;
      if (problem !== this.lastProblem) this.say(problem);
      this.lastProblem = problem;
    }
  }

  /** Creates the content of a new VolumeSnapshot, and copies the content's state to the VolumeSnapshot. */
  private async bind(snapshot: VolumeSnapshot, contents: readonly SnapshotContent[]): Promise<void> {
    const { namespace = "", name = "", uid = "", deletionTimestamp } = snapshot.metadata;
    if (deletionTimestamp !== undefined || snapshot.status?.readyToUse === true) return;
    const contentName = snapshot.spec.source.volumeSnapshotContentName ?? `snapcontent-${uid}`;
    const content = contents.find(({ metadata }) => metadata.name === contentName);
    if (content === undefined) {
      if (snapshot.spec.source.volumeSnapshotContentName === undefined) await this.createContent(snapshot, contentName);
      return;
    }
    const ref = content.spec.volumeSnapshotRef;
    if (ref.namespace !== namespace || ref.name !== name) return;
    if (ref.uid === undefined)
      await this.api.patch(`${GROUP}/volumesnapshotcontents/${contentName}`, { spec: { volumeSnapshotRef: { uid } } });
    const { readyToUse = false, restoreSize, creationTime } = content.status ?? {};
    await this.api.patchStatus(`${GROUP}/namespaces/${namespace}/volumesnapshots/${name}`, {
      boundVolumeSnapshotContentName: contentName,
      readyToUse,
      ...(restoreSize !== undefined && { restoreSize: String(restoreSize) }),
      ...(creationTime !== undefined && { creationTime: new Date(creationTime / 1e6).toISOString().replace(/\.\d+Z$/, "Z") }),
    });
  }

  private async createContent({ metadata, spec }: VolumeSnapshot, contentName: string): Promise<void> {
    const { namespace = "", name = "", uid = "" } = metadata;
    const used = await this.api.get<SnapshotClass>(`${GROUP}/volumesnapshotclasses/${spec.volumeSnapshotClassName ?? ""}`);
    if (used?.driver !== this.driver.name) return;
    const claim = await this.api.get<KubeObject & { spec: { volumeName?: string } }>(
      `/api/v1/namespaces/${namespace}/persistentvolumeclaims/${spec.source.persistentVolumeClaimName ?? ""}`,
    );
    const volume =
      claim?.spec.volumeName &&
      (await this.api.get<KubeObject & { spec: { csi?: { driver: string; volumeHandle: string } } }>(
        `/api/v1/persistentvolumes/${claim.spec.volumeName}`,
      ));
    if (!volume || volume.spec.csi?.driver !== this.driver.name) return;
    await this.api.create({
      apiVersion: "snapshot.storage.k8s.io/v1",
      kind: "VolumeSnapshotContent",
      metadata: { name: contentName, finalizers: [FINALIZER] },
      spec: {
        driver: this.driver.name,
        deletionPolicy: used.deletionPolicy,
        source: { volumeHandle: volume.spec.csi.volumeHandle },
        sourceVolumeMode: "Filesystem",
        volumeSnapshotClassName: used.metadata.name,
        volumeSnapshotRef: { apiVersion: "snapshot.storage.k8s.io/v1", kind: "VolumeSnapshot", namespace, name, uid },
      },
    });
  }

  private async serve(content: SnapshotContent, snapshots: readonly VolumeSnapshot[]): Promise<void> {
    const { metadata, spec, status } = content;
    const path = `${GROUP}/volumesnapshotcontents/${metadata.name ?? ""}`;
    const finalizers = (metadata.finalizers ?? []) as readonly string[];
    if (metadata.deletionTimestamp !== undefined) {
      const bound = snapshots.find(({ metadata: { uid } }) => uid === spec.volumeSnapshotRef.uid);
      if (bound !== undefined && bound.metadata.deletionTimestamp === undefined) return;
      const handle = status?.snapshotHandle ?? spec.source.snapshotHandle;
      if (spec.deletionPolicy === "Delete" && handle !== undefined) {
        await this.driver.deleteSnapshot(handle);
        this.say(`the driver ${this.driver.name} deleted ${handle}`);
      }
      await this.api.patch(path, { metadata: { finalizers: finalizers.filter((each) => each !== FINALIZER) } });
      return;
    }
    if (!finalizers.includes(FINALIZER)) await this.api.patch(path, { metadata: { finalizers: [...finalizers, FINALIZER] } });
    if (status?.readyToUse === true) await this.deleteUnbound(content, snapshots);
    else await this.writeState(content, path);
  }

  private async writeState({ spec }: SnapshotContent, path: string): Promise<void> {
    const handle = spec.source.snapshotHandle ?? (await this.create(spec));
    const state = await this.driver.snapshot(handle);
    if (state === undefined) throw new Error(`the snapshot ${handle} does not exist`);
    await this.api.patchStatus(path, { snapshotHandle: handle, ...state });
  }

  private async create({ source, volumeSnapshotClassName = "", volumeSnapshotRef }: SnapshotContent["spec"]): Promise<string> {
    const used = await this.api.get<SnapshotClass>(`${GROUP}/volumesnapshotclasses/${volumeSnapshotClassName}`);
    // The sidecar's name for a snapshot (`pkg/sidecar-controller/snapshot_controller.go`: makeSnapshotName).
    const name = `snapshot-${volumeSnapshotRef.uid ?? ""}`;
    const handle = await this.driver.createSnapshot(name, source.volumeHandle ?? "", used?.parameters ?? {});
    this.say(`the driver ${this.driver.name} made ${handle} of ${source.volumeHandle ?? ""}`);
    return handle;
  }

  /** Deletes a content with the policy Delete whose VolumeSnapshot was deleted. */
  private async deleteUnbound({ metadata, spec }: SnapshotContent, snapshots: readonly VolumeSnapshot[]): Promise<void> {
    const { uid } = spec.volumeSnapshotRef;
    const isDynamic = spec.source.volumeHandle !== undefined;
    if (!isDynamic || spec.deletionPolicy !== "Delete" || snapshots.some((each) => each.metadata.uid === uid)) return;
    await this.api.send("DELETE", `${GROUP}/volumesnapshotcontents/${metadata.name ?? ""}`);
  }
}
