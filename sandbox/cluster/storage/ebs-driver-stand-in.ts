import { CreateVolumeCommand, DeleteVolumeCommand, EC2Client } from "@aws-sdk/client-ec2";
import { sandboxClientConfiguration } from "../../aws/client";
import type { Api, KubeObject } from "../api";
import type { BootstrapConfig } from "../bootstrap-config";

const DRIVER = "ebs.csi.aws.com";
const ZONE = "topology.kubernetes.io/zone";
const SELECTED_NODE = "volume.kubernetes.io/selected-node";
const PROVISIONED_BY = "pv.kubernetes.io/provisioned-by";

/** Milliseconds between two looks at the claims. */
const intervalMs = 1000;

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

interface StorageClass extends KubeObject {
  readonly provisioner: string;
  readonly parameters?: Readonly<Partial<Record<string, string>>>;
  readonly reclaimPolicy?: string;
  readonly volumeBindingMode?: string;
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

export interface EbsDriverOptions {
  readonly infraId: string;
  readonly region: string;
  /** The user's tags of all resources. */
  readonly tags: BootstrapConfig["resourceTags"];
  readonly say: (text: string) => void;
}

/**
 * A stand-in for the controller of the EBS CSI driver with its external-provisioner, as the cluster's storage operator deploys them: it
 * creates and deletes volumes in the emulated AWS and in the cluster. It attaches and formats nothing.
 */
export class EbsDriverStandIn {
  private readonly ec2: EC2Client;
  private next = 0;
  private lastProblem = "";
  private classExists = false;

  constructor(
    private readonly api: Api,
    private readonly options: EbsDriverOptions,
  ) {
    this.ec2 = new EC2Client(sandboxClientConfiguration(options.region));
  }

  /** Serves the claims and the released volumes of its classes. A refusal of AWS is logged, and tried again. */
  async advance(): Promise<void> {
    if (Date.now() < this.next) return;
    this.next = Date.now() + intervalMs;
    try {
      if (!this.classExists) await this.api.create(defaultClass);
      this.classExists = true;
      await this.provision();
      await this.deleteReleased();
      this.lastProblem = "";
    } catch (error) {
      const problem = `the EBS driver: ${error instanceof Error ? error.message : String(error)}`;
      if (problem !== this.lastProblem) this.options.say(problem);
      this.lastProblem = problem;
    }
  }

  private async provision(): Promise<void> {
    const open = (await this.api.list<Claim>("/api/v1/persistentvolumeclaims")).filter(({ spec }) => spec.volumeName === undefined);
    if (open.length === 0) return;
    const classes = await this.api.list<StorageClass>("/apis/storage.k8s.io/v1/storageclasses");
    for (const claim of open) {
      const used = classes.find(({ metadata, provisioner }) => metadata.name === claim.spec.storageClassName && provisioner === DRIVER);
      if (used !== undefined) await this.create(claim, used);
    }
  }

  /**
   * One EBS volume for a claim. With WaitForFirstConsumer it is created in the zone of the node that the scheduler has chosen, otherwise in the
   * zone of the first node (kubernetes-sigs/aws-ebs-csi-driver, `pkg/driver/controller.go`, release-1.40: pickAvailabilityZone).
   */
  private async create(
    claim: Claim,
    { metadata, parameters = {}, reclaimPolicy = "Delete", volumeBindingMode }: StorageClass,
  ): Promise<void> {
    const chosen = claim.metadata.annotations?.[SELECTED_NODE];
    if (volumeBindingMode === "WaitForFirstConsumer" && chosen === undefined) return;
    const name = `pvc-${claim.metadata.uid ?? ""}`;
    if ((await this.api.get(`/api/v1/persistentvolumes/${name}`)) !== undefined) return;
    const nodes = await this.api.list("/api/v1/nodes");
    const node =
      chosen === undefined ? nodes.find((each) => each.metadata.labels?.[ZONE]) : nodes.find((each) => each.metadata.name === chosen);
    const zone = node?.metadata.labels?.[ZONE];
    if (zone === undefined) throw new Error(`the node ${chosen ?? ""} for the claim ${claim.metadata.name ?? ""} has no zone`);
    const volumeHandle = await this.volume(claim, name, zone, parameters);
    await this.api.create(persistentVolume({ name, claim, zone, volumeHandle, reclaimPolicy, storageClassName: metadata.name ?? "" }));
    this.options.say(`the EBS driver made ${volumeHandle} for the claim ${claim.metadata.namespace ?? ""}/${claim.metadata.name ?? ""}`);
  }

  private async volume(claim: Claim, name: string, zone: string, parameters: NonNullable<StorageClass["parameters"]>): Promise<string> {
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
   * The driver's tags, the cluster's and the user's (kubernetes-sigs/aws-ebs-csi-driver, `pkg/driver/constants.go` and `controller.go`,
   * release-1.40; openshift/csi-operator, `assets/overlays/aws-ebs/generated/standalone/controller.yaml`, release-4.19: `--extra-tags`).
   */
  private tags({ metadata }: Claim, name: string): { Key: string; Value: string }[] {
    const { infraId, tags } = this.options;
    return [
      { Key: "Name", Value: `${infraId}-dynamic-${name}` },
      { Key: "CSIVolumeName", Value: name },
      { Key: "ebs.csi.aws.com/cluster", Value: "true" },
      { Key: "kubernetes.io/created-for/pvc/name", Value: metadata.name ?? "" },
      { Key: "kubernetes.io/created-for/pvc/namespace", Value: metadata.namespace ?? "" },
      { Key: "kubernetes.io/created-for/pv/name", Value: name },
      ...tags.map(({ key, value }) => ({ Key: key, Value: value })),
      { Key: `kubernetes.io/cluster/${infraId}`, Value: "owned" },
    ];
  }

  /** Deletes the volumes whose claims are gone, unless the class retains them. */
  private async deleteReleased(): Promise<void> {
    for (const { metadata, spec, status } of await this.api.list<Volume>("/api/v1/persistentvolumes")) {
      if (metadata.annotations?.[PROVISIONED_BY] !== DRIVER || status?.phase !== "Released") continue;
      if (spec.persistentVolumeReclaimPolicy !== "Delete") continue;
      const VolumeId = spec.csi?.volumeHandle;
      await this.ec2.send(new DeleteVolumeCommand({ VolumeId })).catch((error: unknown) => {
        if ((error as Error).name !== "InvalidVolume.NotFound") throw error;
      });
      await this.api.send("DELETE", `/api/v1/persistentvolumes/${metadata.name ?? ""}`);
      this.options.say(`the EBS driver deleted ${VolumeId ?? ""}`);
    }
  }
}

interface NewVolume {
  readonly name: string;
  readonly claim: Claim;
  readonly zone: string;
  readonly volumeHandle: string;
  readonly reclaimPolicy: string;
  readonly storageClassName: string;
}

function persistentVolume({ name, claim, zone, volumeHandle, reclaimPolicy, storageClassName }: NewVolume): KubeObject {
  const { namespace, name: claimName, uid } = claim.metadata;
  return {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name, annotations: { [PROVISIONED_BY]: DRIVER } },
    spec: {
      accessModes: claim.spec.accessModes,
      capacity: { storage: claim.spec.resources.requests.storage },
      claimRef: { apiVersion: "v1", kind: "PersistentVolumeClaim", namespace, name: claimName, uid },
      csi: { driver: DRIVER, volumeHandle, fsType: "ext4" },
      nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [{ key: ZONE, operator: "In", values: [zone] }] }] } },
      persistentVolumeReclaimPolicy: reclaimPolicy,
      storageClassName,
      volumeMode: "Filesystem",
    },
  };
}

/** The size of a claim in GiB, rounded up. @throws Error for a unit that no claim of the tests has */
function gibibytes(storage: string): number {
  const [, amount, unit] = /^(\d+)(Mi|Gi|Ti)$/.exec(storage) ?? [];
  const factor = { Mi: 1 / 1024, Gi: 1, Ti: 1024 }[unit];
  if (factor === undefined) throw new Error(`the size ${storage} is not imitated`);
  return Math.ceil(Number(amount) * factor);
}
