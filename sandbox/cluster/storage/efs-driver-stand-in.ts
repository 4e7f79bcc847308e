import { CreateAccessPointCommand, DeleteAccessPointCommand, DescribeAccessPointsCommand, EFSClient, type Tag } from "@aws-sdk/client-efs";
import { sandboxClientConfiguration } from "../../aws/client";
import type { Api, KubeObject } from "../api";
import type { BootstrapConfig } from "../bootstrap-config";

const DRIVER = "efs.csi.aws.com";
const provisionedBy = { "pv.kubernetes.io/provisioned-by": DRIVER };

/** First of the group IDs that the driver gives, if the class has no range (kubernetes-sigs/aws-efs-csi-driver, `pkg/driver/controller.go`). */
const DEFAULT_GID_MIN = 50_000;

/** Milliseconds between two looks at the claims. */
const intervalMs = 2000;

interface StorageClass extends KubeObject {
  readonly provisioner: string;
  readonly parameters?: Readonly<Partial<Record<string, string>>>;
  readonly reclaimPolicy?: string;
  readonly mountOptions?: readonly string[];
}

interface Claim extends KubeObject {
  readonly spec: {
    readonly storageClassName?: string;
    readonly volumeName?: string;
    readonly accessModes: readonly string[];
    readonly resources: { readonly requests: { readonly storage: string } };
  };
}

interface Volume extends KubeObject {
  readonly spec: { readonly persistentVolumeReclaimPolicy?: string; readonly csi?: { readonly volumeHandle: string } };
  readonly status?: { readonly phase?: string };
}

export interface EfsDriverOptions {
  readonly infraId: string;
  readonly region: string;
  /** The user's tags of all resources. */
  readonly tags: BootstrapConfig["resourceTags"];
  readonly say: (text: string) => void;
}

/**
 * A stand-in for the controller of the EFS CSI driver with its external-provisioner, as the EFS operator deploys them: it creates and deletes
 * access points in the emulated AWS and their volumes in the cluster. It runs while the ClusterCSIDriver exists, whether the operator is
 * installed or not. It mounts nothing, so no data is deleted.
 */
export class EfsDriverStandIn {
  private readonly efs: EFSClient;
  private next = 0;
  private lastProblem = "";

  constructor(
    private readonly api: Api,
    private readonly options: EfsDriverOptions,
  ) {
    this.efs = new EFSClient(sandboxClientConfiguration(options.region));
  }

  /** Serves the claims and the released volumes of its classes. A refusal of AWS is logged, and tried again. */
  async advance(): Promise<void> {
    if (Date.now() < this.next) return;
    this.next = Date.now() + intervalMs;
    if ((await this.api.get(`/apis/operator.openshift.io/v1/clustercsidrivers/${DRIVER}`)) === undefined) return;
    try {
      await this.provision();
      await this.deleteReleased();
      this.lastProblem = "";
    } catch (error) {
      const problem = `the EFS driver: ${error instanceof Error ? error.message : String(error)}`;
      if (problem !== this.lastProblem) this.options.say(problem);
      this.lastProblem = problem;
    }
  }

  private async provision(): Promise<void> {
    const classes = (await this.api.list<StorageClass>("/apis/storage.k8s.io/v1/storageclasses")).filter(
      ({ provisioner }) => provisioner === DRIVER,
    );
    if (classes.length === 0) return;
    for (const claim of await this.api.list<Claim>("/api/v1/persistentvolumeclaims")) {
      const used = classes.find(({ metadata }) => metadata.name === claim.spec.storageClassName);
      if (used !== undefined && claim.spec.volumeName === undefined) await this.create(claim, used);
    }
  }

  /** One access point and one volume for a claim (CreateVolume in `pkg/driver/controller.go` of the driver, release-2.1). */
  private async create(claim: Claim, { metadata, parameters = {}, reclaimPolicy = "Delete", mountOptions }: StorageClass): Promise<void> {
    const name = `pvc-${claim.metadata.uid}`;
    if ((await this.api.get(`/api/v1/persistentvolumes/${name}`)) !== undefined) return;
    const { fileSystemId } = parameters;
    const accessPointId = await this.accessPoint(name, parameters);
    const { namespace, name: claimName, uid } = claim.metadata;
    await this.api.create({
      apiVersion: "v1",
      kind: "PersistentVolume",
      metadata: { name, annotations: provisionedBy },
      spec: {
        accessModes: claim.spec.accessModes,
        capacity: { storage: claim.spec.resources.requests.storage },
        claimRef: { apiVersion: "v1", kind: "PersistentVolumeClaim", namespace, name: claimName, uid },
        csi: { driver: DRIVER, volumeHandle: `${fileSystemId}::${accessPointId}` },
        ...(mountOptions && { mountOptions }),
        persistentVolumeReclaimPolicy: reclaimPolicy,
        storageClassName: metadata.name,
        volumeMode: "Filesystem",
      },
    });
    this.options.say(`the EFS driver made ${accessPointId} for the claim ${namespace}/${claimName}`);
  }

  /** The access point of a volume: the one that an interrupted run created, or a new one with the smallest unused group ID. */
  private async accessPoint(token: string, parameters: Readonly<Partial<Record<string, string>>>): Promise<string | undefined> {
    const { fileSystemId: FileSystemId } = parameters;
    const { AccessPoints = [] } = await this.efs.send(new DescribeAccessPointsCommand({ FileSystemId }));
    const known = AccessPoints.find(({ ClientToken }) => ClientToken === token);
    if (known !== undefined) return known.AccessPointId;
    const taken = new Set(AccessPoints.map(({ PosixUser }) => PosixUser?.Gid));
    let gid = Number(parameters.gidRangeStart ?? DEFAULT_GID_MIN);
    while (taken.has(gid)) gid++;
    if (gid > Number(parameters.gidRangeEnd ?? Infinity)) throw new Error("allocator failed to find available GID");
    const made = await this.efs.send(
      new CreateAccessPointCommand({
        ClientToken: token,
        FileSystemId,
        PosixUser: { Uid: gid, Gid: gid },
        RootDirectory: {
          Path: `${parameters.basePath ?? ""}/${token}`,
          CreationInfo: { OwnerUid: gid, OwnerGid: gid, Permissions: parameters.directoryPerms },
        },
        Tags: this.tags,
      }),
    );
    return made.AccessPointId;
  }

  /**
   * The driver's own tag, the cluster's tag and the user's tags (openshift/csi-operator, release-4.19:
   * `assets/overlays/aws-efs/generated/standalone/controller.yaml`, `pkg/driver/aws-efs/aws_efs.go`, withCustomTags).
   */
  private get tags(): Tag[] {
    const { infraId, tags } = this.options;
    return [
      { Key: "efs.csi.aws.com/cluster", Value: "true" },
      ...tags.map(({ key, value }) => ({ Key: key, Value: value })),
      { Key: `kubernetes.io/cluster/${infraId}`, Value: "owned" },
    ];
  }

  /** Deletes the access points of volumes whose claims are gone, unless the class retains them. */
  private async deleteReleased(): Promise<void> {
    const volumes = await this.api.list<Volume>("/api/v1/persistentvolumes");
    for (const { metadata, spec, status } of volumes) {
      if (metadata.annotations?.["pv.kubernetes.io/provisioned-by"] !== DRIVER || status?.phase !== "Released") continue;
      if (spec.persistentVolumeReclaimPolicy !== "Delete") continue;
      const AccessPointId = spec.csi?.volumeHandle.split("::")[1];
      await this.efs.send(new DeleteAccessPointCommand({ AccessPointId })).catch((error: unknown) => {
        if ((error as Error).name !== "AccessPointNotFound") throw error;
      });
      await this.api.send("DELETE", `/api/v1/persistentvolumes/${metadata.name}`);
      this.options.say(`the EFS driver deleted ${AccessPointId}`);
    }
  }
}
