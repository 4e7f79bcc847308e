import type { Api, KubeObject } from "../api";
import type { BootstrapConfig } from "../bootstrap-config";
import type { ContainerNode } from "../kubelet/container-node";

const PROVISIONED_BY = "pv.kubernetes.io/provisioned-by";

/** Annotation with the handle of the volume in AWS, for volumes that a real node mounts. */
const HANDLE = "sandbox.okd-aws/volume-handle";

/** A StorageClass, with the fields that the drivers read. */
export interface DriverClass extends KubeObject {
  readonly provisioner: string;
  readonly parameters?: Readonly<Partial<Record<string, string>>>;
  readonly reclaimPolicy?: string;
  readonly volumeBindingMode?: string;
  readonly mountOptions?: readonly string[];
}

/** A PersistentVolumeClaim, with the fields that the drivers read. */
export interface DriverClaim extends KubeObject {
  readonly spec: {
    readonly storageClassName?: string;
    readonly volumeName?: string;
    /** The object with whose data the volume begins, such as a VolumeSnapshot. */
    readonly dataSource?: { readonly kind: string; readonly name: string };
    readonly accessModes: readonly string[];
    readonly resources: { readonly requests: { readonly storage: string } };
  };
}

interface Volume extends KubeObject {
  readonly spec: { readonly persistentVolumeReclaimPolicy?: string; readonly csi?: { readonly volumeHandle: string } };
  readonly status?: { readonly phase?: string };
}

export interface CsiDriverOptions {
  readonly infraId: string;
  readonly region: string;
  /** The cluster's real node, if it has one. */
  readonly node?: Pick<ContainerNode, "volumeOn" | "forgetVolume">;
  /** The user's tags of all resources. */
  readonly tags: BootstrapConfig["resourceTags"];
  readonly say: (text: string) => void;
}

/** A volume that a driver has created in AWS. */
export interface CreatedVolume {
  readonly volumeHandle: string;
  /** The volume's name in messages. */
  readonly made: string;
  /** Further fields of the PersistentVolume's `spec`. */
  readonly spec: object;
  /** Further fields of the PersistentVolume's `spec.csi`. */
  readonly csi?: object;
  /** The directory that a real node mounts in the place of the volume. */
  readonly directory?: string;
}

/** A driver: its names, and its calls to AWS. */
export interface CsiDriver {
  /** Name in the cluster, such as `ebs.csi.aws.com`. */
  readonly name: string;
  /** Name for messages, such as "EBS". */
  readonly title: string;
  /** Milliseconds between two reads of the claims. */
  readonly intervalMs: number;
  /** Whether the driver runs. A driver may also create its default StorageClass in this function. */
  readonly isRunning: () => Promise<boolean>;
  /**
   * Creates the volume of a claim in AWS.
   *
   * @returns undefined if the volume can't be created yet
   */
  readonly create: (name: string, claim: DriverClaim, used: DriverClass) => Promise<CreatedVolume | undefined>;
  /** Deletes a volume in AWS; it may already be gone. @returns the volume's name for messages */
  readonly delete: (volumeHandle: string) => Promise<string>;
}

/**
 * A stand-in for the controller of a CSI driver with its external-provisioner: it creates and deletes volumes in the emulated AWS and in the cluster.
 * It mounts nothing.
 */
export class CsiDriverStandIn {
  private next = 0;
  private lastProblem = "";

  constructor(
    private readonly api: Api,
    private readonly driver: CsiDriver,
    private readonly say: (text: string) => void,
  ) {}

  /** Serves the claims and the released volumes of its classes. If AWS refuses a request, the refusal is logged, and a later step repeats the request. */
  async advance(): Promise<void> {
    if (Date.now() < this.next) return;
    this.next = Date.now() + this.driver.intervalMs;
    try {
      if (!(await this.driver.isRunning())) return;
      await this.provision();
      await this.deleteReleased();
      this.lastProblem = "";
    } catch (error) {
      const problem = `the ${this.driver.title} driver: ${error instanceof Error ? error.message : String(error)}`;
      if (problem !== this.lastProblem) this.say(problem);
      this.lastProblem = problem;
    }
  }

  private async provision(): Promise<void> {
    const open = (await this.api.list<DriverClaim>("/api/v1/persistentvolumeclaims")).filter(({ spec }) => spec.volumeName === undefined);
    if (open.length === 0) return;
    const classes = await this.api.list<DriverClass>("/apis/storage.k8s.io/v1/storageclasses");
    for (const claim of open) {
      const used = classes.find(
        ({ metadata, provisioner }) => metadata.name === claim.spec.storageClassName && provisioner === this.driver.name,
      );
      if (used !== undefined) await this.create(claim, used);
    }
  }

  private async create(claim: DriverClaim, used: DriverClass): Promise<void> {
    const { namespace = "", name: claimName = "", uid = "" } = claim.metadata;
    const name = `pvc-${uid}`;
    if ((await this.api.get(`/api/v1/persistentvolumes/${name}`)) !== undefined) return;
    const created = await this.driver.create(name, claim, used);
    if (created === undefined) return;
    await this.api.create({
      apiVersion: "v1",
      kind: "PersistentVolume",
      metadata: {
        name,
        annotations: { [PROVISIONED_BY]: this.driver.name, ...(created.directory !== undefined && { [HANDLE]: created.volumeHandle }) },
      },
      spec: {
        accessModes: claim.spec.accessModes,
        capacity: { storage: claim.spec.resources.requests.storage },
        claimRef: { apiVersion: "v1", kind: "PersistentVolumeClaim", namespace, name: claimName, uid },
        // A real kubelet can't mount the volume of a driver that does not run on its node.
        ...(created.directory === undefined
          ? { csi: { driver: this.driver.name, volumeHandle: created.volumeHandle, ...created.csi } }
          : { hostPath: { path: created.directory, type: "Directory" } }),
        persistentVolumeReclaimPolicy: used.reclaimPolicy ?? "Delete",
        storageClassName: used.metadata.name,
        volumeMode: "Filesystem",
        ...created.spec,
      },
    });
    this.say(`the ${this.driver.title} driver made ${created.made} for the claim ${namespace}/${claimName}`);
  }

  /** Deletes the volumes whose claims are gone, unless the class retains them. */
  private async deleteReleased(): Promise<void> {
    for (const { metadata, spec, status } of await this.api.list<Volume>("/api/v1/persistentvolumes")) {
      if (metadata.annotations?.[PROVISIONED_BY] !== this.driver.name || status?.phase !== "Released") continue;
      if (spec.persistentVolumeReclaimPolicy !== "Delete") continue;
      const deleted = await this.driver.delete(spec.csi?.volumeHandle ?? metadata.annotations[HANDLE]);
      await this.api.send("DELETE", `/api/v1/persistentvolumes/${metadata.name ?? ""}`);
      this.say(`the ${this.driver.title} driver deleted ${deleted}`);
    }
  }
}

/** The tags of a driver's resources: its own, the user's and the cluster's (openshift/csi-operator, release-4.19: `--extra-tags`). */
export function driverTags(
  own: readonly { readonly Key: string; readonly Value: string }[],
  { infraId, tags }: Pick<CsiDriverOptions, "infraId" | "tags">,
): { Key: string; Value: string }[] {
  return [
    ...own,
    ...tags.map(({ key, value }) => ({ Key: key, Value: value })),
    { Key: `kubernetes.io/cluster/${infraId}`, Value: "owned" },
  ];
}
