import {
  CreateSnapshotCommand,
  CreateVolumeCommand,
  DeleteSnapshotCommand,
  DeleteVolumeCommand,
  DescribeSnapshotsCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import { sandboxClientConfiguration } from "../../aws/client";
import type { Api, KubeObject } from "../api";
import { dataDirectory, removeData } from "../applications/postgres";
import { copyVolumeData, rememberSnapshot } from "../applications/volume-data";
import {
  type CreatedVolume,
  type CsiDriver,
  type CsiDriverOptions,
  CsiDriverStandIn,
  type DriverClaim,
  type DriverClass,
  driverTags,
} from "./csi-driver-stand-in";
import { type SnapshotDriver, SnapshotsStandIn, type SnapshotState } from "./snapshots-stand-in";

const DRIVER = "ebs.csi.aws.com";
const ZONE = "topology.kubernetes.io/zone";
const SELECTED_NODE = "volume.kubernetes.io/selected-node";

/** The cluster's own default class (openshift/csi-operator, `assets/overlays/aws-ebs/base/gp3_storageclass.yaml`, release-4.19). */
const defaultClass: KubeObject = {
  apiVersion: "storage.k8s.io/v1",
  kind: "StorageClass",
  metadata: { name: "gp3-csi", annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
  provisioner: DRIVER,
  parameters: { encrypted: "true", type: "gp3" },
  allowVolumeExpansion: true,
  reclaimPolicy: "Delete",
  volumeBindingMode: "WaitForFirstConsumer",
};

export interface EbsDriverOptions extends CsiDriverOptions {
  /** The cluster's directory. */
  readonly directory: string;
}

/** The EBS CSI driver, as the cluster's storage operator deploys it, and the snapshot controller. The driver attaches and formats nothing. */
export function ebsDriverStandIn(
  api: Api,
  options: EbsDriverOptions,
): { readonly volumes: CsiDriverStandIn; readonly snapshots: SnapshotsStandIn } {
  const driver = new EbsDriver(api, options);
  return { volumes: new CsiDriverStandIn(api, driver, options.say), snapshots: new SnapshotsStandIn(api, driver, options.say) };
}

class EbsDriver implements CsiDriver, SnapshotDriver {
  readonly name = DRIVER;
  readonly title = "EBS";
  readonly intervalMs = 1000;
  private readonly ec2: EC2Client;
  private classExists = false;

  constructor(
    private readonly api: Api,
    private readonly options: EbsDriverOptions,
  ) {
    this.ec2 = new EC2Client(sandboxClientConfiguration(options.region));
  }

  readonly isRunning = async (): Promise<boolean> => {
    if (!this.classExists) await this.api.create(defaultClass);
    this.classExists = true;
    return true;
  };

  /**
   * One EBS volume for a claim. With WaitForFirstConsumer it is created in the zone of the node that the scheduler has chosen, otherwise in the
   * zone of the first node (kubernetes-sigs/aws-ebs-csi-driver, `pkg/driver/controller.go`, release-1.40: pickAvailabilityZone).
   */
  readonly create = async (
    name: string,
    claim: DriverClaim,
    { parameters = {}, volumeBindingMode }: DriverClass,
  ): Promise<CreatedVolume | undefined> => {
    const chosen = claim.metadata.annotations?.[SELECTED_NODE];
    if (volumeBindingMode === "WaitForFirstConsumer" && chosen === undefined) return undefined;
    const nodes = await this.api.list("/api/v1/nodes");
    const node =
      chosen === undefined ? nodes.find((each) => each.metadata.labels?.[ZONE]) : nodes.find((each) => each.metadata.name === chosen);
    const zone = node?.metadata.labels?.[ZONE];
    if (zone === undefined) throw new Error(`the node ${chosen ?? ""} for the claim ${claim.metadata.name ?? ""} has no zone`);
    const isRestored = claim.spec.dataSource?.kind === "VolumeSnapshot";
    const source = isRestored ? await this.sourceSnapshot(claim) : undefined;
    if (isRestored && source === undefined) return undefined;
    const volumeHandle = await this.volume(claim, name, zone, parameters, source);
    if (source !== undefined) copyVolumeData(this.options.directory, source, volumeHandle);
    return {
      volumeHandle,
      made: volumeHandle,
      spec: {
        nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [{ key: ZONE, operator: "In", values: [zone] }] }] } },
      },
      csi: { fsType: "ext4" },
      directory: this.options.node?.volumeOn(chosen ?? "", volumeHandle),
    };
  };

  readonly delete = async (VolumeId: string): Promise<string> => {
    await this.ec2.send(new DeleteVolumeCommand({ VolumeId })).catch((error: unknown) => {
      if ((error as Error).name !== "InvalidVolume.NotFound") throw error;
    });
    this.options.node?.forgetVolume(VolumeId);
    return VolumeId;
  };

  /**
   * The snapshot with whose data a claim begins; undefined until it is ready (kubernetes-csi/external-provisioner, `pkg/controller/controller.go`,
   * master: getSnapshotSource).
   */
  private async sourceSnapshot({ metadata, spec }: DriverClaim): Promise<string | undefined> {
    const group = "/apis/snapshot.storage.k8s.io/v1";
    type Bound = KubeObject & { status?: { boundVolumeSnapshotContentName?: string; readyToUse?: boolean; snapshotHandle?: string } };
    const path = `${group}/namespaces/${metadata.namespace ?? ""}/volumesnapshots/${spec.dataSource?.name ?? ""}`;
    const { boundVolumeSnapshotContentName: content, readyToUse = false } = (await this.api.get<Bound>(path))?.status ?? {};
    if (!readyToUse || content === undefined) return undefined;
    return (await this.api.get<Bound>(`${group}/volumesnapshotcontents/${content}`))?.status?.snapshotHandle;
  }

  /** The driver's tags of a snapshot, and those of the class (the same driver, `controller.go`: CreateSnapshot, and `docs/tagging.md`). */
  readonly createSnapshot = async (name: string, VolumeId: string, parameters: Readonly<Record<string, string>>): Promise<string> => {
    const filter = { Name: "tag:CSIVolumeSnapshotName", Values: [name] };
    const { Snapshots = [] } = await this.ec2.send(new DescribeSnapshotsCommand({ OwnerIds: ["self"], Filters: [filter] }));
    const existing = Snapshots.at(0)?.SnapshotId;
    if (existing !== undefined) return this.withData(VolumeId, existing);
    const ofClass = Object.entries(parameters).flatMap(([key, value]) => {
      const [, Key, Value] = /^([^=]+)=(.*)$/.exec(value) ?? [];
      return key.startsWith("tagSpecification_") ? [{ Key, Value }] : [];
    });
    const own = [
      { Key: "Name", Value: `${this.options.infraId}-dynamic-${name}` },
      { Key: "CSIVolumeSnapshotName", Value: name },
      { Key: "ebs.csi.aws.com/cluster", Value: "true" },
      ...ofClass,
    ];
    const { SnapshotId = "" } = await this.ec2.send(
      new CreateSnapshotCommand({
        VolumeId,
        Description: `Created by AWS EBS CSI driver for volume ${VolumeId}`,
        TagSpecifications: [{ ResourceType: "snapshot", Tags: driverTags(own, this.options) }],
      }),
    );
    return this.withData(VolumeId, SnapshotId);
  };

  /** Copies the volume's data, unless the snapshot has it already. @returns the snapshot's ID */
  private withData(volumeId: string, snapshotId: string): string {
    rememberSnapshot(this.options.directory, snapshotId);
    copyVolumeData(this.options.directory, volumeId, snapshotId);
    return snapshotId;
  }

  readonly snapshot = async (id: string): Promise<SnapshotState | undefined> => {
    const { Snapshots = [] } = await this.ec2.send(new DescribeSnapshotsCommand({ SnapshotIds: [id] })).catch((error: unknown) => {
      if ((error as Error).name === "InvalidSnapshot.NotFound") return { Snapshots: [] };
      throw error;
    });
    return Snapshots.map(({ State, VolumeSize = 0, StartTime = new Date(0) }) => ({
      readyToUse: State === "completed",
      restoreSize: VolumeSize * 1024 ** 3,
      creationTime: StartTime.getTime() * 1e6,
    })).at(0);
  };

  readonly deleteSnapshot = async (SnapshotId: string): Promise<void> => {
    await this.ec2.send(new DeleteSnapshotCommand({ SnapshotId })).catch((error: unknown) => {
      if ((error as Error).name !== "InvalidSnapshot.NotFound") throw error;
    });
    removeData(dataDirectory(this.options.directory, SnapshotId));
  };

  private async volume(
    claim: DriverClaim,
    name: string,
    zone: string,
    parameters: NonNullable<DriverClass["parameters"]>,
    snapshotId: string | undefined,
  ): Promise<string> {
    const { VolumeId = "" } = await this.ec2.send(
      new CreateVolumeCommand({
        AvailabilityZone: zone,
        Size: gibibytes(claim.spec.resources.requests.storage),
        ...(snapshotId !== undefined && { SnapshotId: snapshotId }),
        VolumeType: (parameters.type ?? "gp3") as "gp3",
        Encrypted: parameters.encrypted === "true",
        ...(parameters.kmsKeyId && { KmsKeyId: parameters.kmsKeyId }),
        TagSpecifications: [{ ResourceType: "volume", Tags: this.tags(claim, name) }],
        ClientToken: name,
      }),
    );
    return VolumeId;
  }

  /**
   * The driver's own tags (kubernetes-sigs/aws-ebs-csi-driver, `pkg/driver/constants.go` and `controller.go`,
   * release-1.40), and the tags that the operator passes to the driver (openshift/csi-operator,
   * `assets/overlays/aws-ebs/generated/standalone/controller.yaml`, release-4.19).
   */
  private tags({ metadata }: DriverClaim, name: string): { Key: string; Value: string }[] {
    const own = [
      { Key: "Name", Value: `${this.options.infraId}-dynamic-${name}` },
      { Key: "CSIVolumeName", Value: name },
      { Key: "ebs.csi.aws.com/cluster", Value: "true" },
      { Key: "kubernetes.io/created-for/pvc/name", Value: metadata.name ?? "" },
      { Key: "kubernetes.io/created-for/pvc/namespace", Value: metadata.namespace ?? "" },
      { Key: "kubernetes.io/created-for/pv/name", Value: name },
    ];
    return driverTags(own, this.options);
  }
}

/** The size of a claim in GiB, rounded up. @throws Error for a unit that no claim of the tests has */
function gibibytes(storage: string): number {
  const [, amount, unit] = /^(\d+)(Mi|Gi|Ti)$/.exec(storage) ?? [];
  const factor = { Mi: 1 / 1024, Gi: 1, Ti: 1024 }[unit];
  if (factor === undefined) throw new Error(`the size ${storage} is not imitated`);
  return Math.ceil(Number(amount) * factor);
}
