import { CreateVolumeCommand, DeleteVolumeCommand, EC2Client } from "@aws-sdk/client-ec2";
import { sandboxClientConfiguration } from "../../aws/client";
import type { Api, KubeObject } from "../api";
import {
  type CreatedVolume,
  type CsiDriver,
  type CsiDriverOptions,
  CsiDriverStandIn,
  type DriverClaim,
  type DriverClass,
  driverTags,
} from "./csi-driver-stand-in";

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

/** The EBS CSI driver, as the cluster's storage operator deploys it. It attaches and formats nothing. */
export function ebsDriverStandIn(api: Api, options: CsiDriverOptions): CsiDriverStandIn {
  return new CsiDriverStandIn(api, new EbsDriver(api, options), options.say);
}

class EbsDriver implements CsiDriver {
  readonly name = DRIVER;
  readonly title = "EBS";
  readonly intervalMs = 1000;
  private readonly ec2: EC2Client;
  private classExists = false;

  constructor(
    private readonly api: Api,
    private readonly options: CsiDriverOptions,
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
    const volumeHandle = await this.volume(claim, name, zone, parameters);
    return {
      volumeHandle,
      made: volumeHandle,
      spec: {
        nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [{ key: ZONE, operator: "In", values: [zone] }] }] } },
      },
      csi: { fsType: "ext4" },
    };
  };

  readonly delete = async (VolumeId: string): Promise<string> => {
    await this.ec2.send(new DeleteVolumeCommand({ VolumeId })).catch((error: unknown) => {
      if ((error as Error).name !== "InvalidVolume.NotFound") throw error;
    });
    return VolumeId;
  };

  private async volume(
    claim: DriverClaim,
    name: string,
    zone: string,
    parameters: NonNullable<DriverClass["parameters"]>,
  ): Promise<string> {
    const { VolumeId = "" } = await this.ec2.send(
      new CreateVolumeCommand({
        AvailabilityZone: zone,
        Size: gibibytes(claim.spec.resources.requests.storage),
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
