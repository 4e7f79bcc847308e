import { createHash } from "node:crypto";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Configuration, InstallerHostConfiguration as HostConfiguration } from "../../config/configuration";
import type { Partition } from "../../config/partition";
import { hostKeyParameter } from "../../ignition/installer-host/host-keys";
import { installerHostIgnition } from "../../ignition/installer-host/installer-host";
import { registryHost } from "../../ignition/installer-host/registry";
import type { HostServices } from "../../ignition/installer-host/services";
import { bootstrapPointer, type EgressSettings } from "../../ignition/pointer";
import type { PrivateZone } from "../dns";
import { MachineRole, type PolicyStatement } from "../iam/machine-role";
import { metadataOptions } from "../machines/machine";
import type { Naming } from "../naming";
import type { ZoneSubnet } from "../network/network";
import { PrivateBucket } from "../private-bucket";
import { deleteHostKeyParameter, publishedKeys } from "./host-keys";
import { type HostObjects, hostStatements, usesSessionManager } from "./host-permissions";
import { HostSecret } from "./host-secret";
import { HostSecurityGroup } from "./host-security-group";
import { RegistryCredentials } from "./registry-credentials";

/** Size in GiB of the root volume: for the tools, container images and logs. Mirrored images are on the data volume. */
const rootVolumeGib = 60;

/** TTL in seconds of the registry's record; a replaced instance changes the address. */
const recordTtl = 60;

/**
 * Inputs whose change would replace the instance without need (see components/machines/machine.ts). User data is not in this list: a
 * changed set-up needs a new instance, which keeps the data volume and the public address. An associated Elastic IP would look like a
 * changed `associatePublicIpAddress`.
 */
const firstBootOnly = ["ami", "subnetId", "rootBlockDevice.kmsKeyId", "associatePublicIpAddress"];

export interface InstallerHostArgs {
  readonly naming: Naming;
  readonly configuration: Pick<
    Configuration,
    "distribution" | "release" | "architecture" | "machineCidrs" | "adminCidrs" | "volumeKmsKeyArn" | "iam" | "executor"
  > &
    EgressSettings;
  readonly host: HostConfiguration;
  readonly partition: Partition;
  readonly imageId: pulumi.Input<string>;
  readonly vpcId: pulumi.Input<string>;
  readonly subnet: ZoneSubnet;
  /** Whether to attach an Elastic IP. In a public subnet the host cannot reach the internet without one. */
  readonly publicAddress: boolean;
  /** Public key of the user core in OpenSSH's one-line format. */
  readonly sshPublicKey: pulumi.Input<string>;
  /** The cluster's private hosted zone; undefined with user-managed DNS. */
  readonly privateZone?: PrivateZone;
  /** Whether the Pulumi engine must refuse to delete the data volume. */
  readonly protect: boolean;
  /** Resources that must exist before the instance boots. */
  readonly bootAfter: readonly pulumi.Resource[];
  /** Further services on the host, and their IAM statements. */
  readonly services?: pulumi.Input<HostServices>;
  readonly serviceStatements?: readonly PolicyStatement[];
}

/**
 * The installer host: an EC2 instance in the VPC with the image registry and the release's tools. Also creates the registry's DNS name and
 * credentials.
 */
export class InstallerHost extends pulumi.ComponentResource {
  readonly instance: aws.ec2.Instance;
  /** Address for SSH: the public one, if the host has one, otherwise the private one. */
  readonly address: pulumi.Output<string>;
  /** Public SSH host keys, `type base64`, first the key that Go's SSH client requests first. Known once the instance has booted. */
  readonly hostKeys: pulumi.Output<string[]>;
  /** EBS volume with the registry's images. */
  readonly dataVolumeId: pulumi.Output<string>;
  /** The image registry; the passwords are secret. */
  readonly registry: {
    readonly host: string;
    /** Password of the user `okd`, who pushes from the host. */
    readonly password: pulumi.Output<string>;
    /** Password of the user `okd-nodes`, who can only pull. */
    readonly pullPassword: pulumi.Output<string>;
    readonly caCertificate: pulumi.Output<string>;
  };

  constructor(
    private readonly baseName: string,
    private readonly args: InstallerHostArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("okd:installer:InstallerHost", baseName, {}, opts);
    const { naming, configuration, host, partition, vpcId } = args;
    const { clusterDomain, region, volumeKmsKeyArn: kmsKeyArn, machineCidrs } = configuration;
    const parent = { parent: this };
    const { rotation, storage } = host.registry;
    const credentials = new RegistryCredentials(`${baseName}-registry`, { clusterDomain, rotation }, parent);
    const description = "Certificate and passwords of the image registry, in the form that the installer host reads";
    const secretArgs = { naming, suffix: "registry", description, kmsKeyArn };
    const registrySecret = new HostSecret(`${baseName}-registry-secret`, secretArgs, parent);
    const filled = registrySecret.fill(credentials.files);
    const sources = { "machine-network": machineCidrs, admins: sshSources(configuration) };
    const group = new HostSecurityGroup(`${baseName}-group`, { naming, vpcId, sources }, parent);
    const dataVolume = this.createDataVolume();
    this.dataVolumeId = dataVolume.id;
    const registryBucket = storage === "s3" ? this.createRegistryBucket() : undefined;
    const parameter = naming.infraId.apply(hostKeyParameter);
    const parameterResource = deleteHostKeyParameter(`${baseName}-host-key-parameter`, { region, parameter }, this.named);
    const secretArn = registrySecret.arn;
    const ignition = this.renderIgnition({ dataVolumeId: dataVolume.id, secretArn, parameter, registryBucket });
    const bucketArgs = { naming, partition, region, suffix: "installer-host-ignition" };
    const object = new PrivateBucket(`${baseName}-ignition`, bucketArgs, parent).put("installer-host.ign", ignition);
    const role = this.createRole({ ignitionArn: object.arn, secretArn, parameter, registryBucketArn: registryBucket?.arn });
    this.instance = this.launch({
      securityGroupId: group.groupId,
      profileName: role.profileName,
      userData: this.userData(object, ignition),
      after: [object, parameterResource, filled, ...group.rules],
    });
    const attachment = this.attachDataVolume(dataVolume);
    const { address, association } = this.assignAddress();
    this.address = address;
    if (args.privateZone !== undefined) this.writeRecord(args.privateZone);
    this.hostKeys = publishedKeys(
      `${baseName}-host-keys`,
      { region, parameter, instanceId: this.instance.id },
      { ...this.named, dependsOn: [attachment, ...association] },
    );
    const { password, pullPassword, caCertificate } = credentials;
    this.registry = { host: registryHost(clusterDomain), password, pullPassword, caCertificate };
    this.registerOutputs();
  }

  private createDataVolume(): aws.ebs.Volume {
    const { naming, configuration, host, subnet, protect } = this.args;
    return new aws.ebs.Volume(
      `${this.baseName}-data`,
      {
        availabilityZone: subnet.zone,
        size: host.registry.volumeSizeGib,
        type: "gp3",
        encrypted: true,
        kmsKeyId: configuration.volumeKmsKeyArn,
        tags: naming.tagsWithoutClusterTag("installer-host-data"),
      },
      // The volume stays in the zone in which it was created, as the instance does (`firstBootOnly`).
      { parent: this, protect, ignoreChanges: ["availabilityZone", "kmsKeyId"] },
    );
  }

  /** Creates the bucket for the images of a registry that does not store them on the data volume. */
  private createRegistryBucket(): aws.s3.Bucket {
    const { naming, partition, protect, configuration } = this.args;
    const { region, volumeKmsKeyArn: kmsKeyArn } = configuration;
    const args = { naming, partition, region, suffix: "registry", kmsKeyArn };
    return new PrivateBucket(`${this.baseName}-images`, args, { parent: this, protect }).bucket;
  }

  private renderIgnition(made: {
    readonly dataVolumeId: pulumi.Output<string>;
    readonly secretArn: pulumi.Output<string>;
    readonly parameter: pulumi.Output<string>;
    readonly registryBucket: aws.s3.Bucket | undefined;
  }): pulumi.Output<string> {
    const { configuration, host, sshPublicKey: publicKey, services } = this.args;
    const { region, volumeKmsKeyArn: kmsKeyArn, executor } = configuration;
    return pulumi
      .all([publicKey, made.dataVolumeId, made.secretArn, made.parameter, services, made.registryBucket?.bucket])
      .apply(([sshPublicKey, dataVolumeId, registrySecretArn, parameter, hostServices, images]) =>
        installerHostIgnition({
          configuration,
          registryImage: host.registry.image,
          ...(images !== undefined && { registryBucket: { region, bucket: images, ...(kmsKeyArn && { kmsKeyArn }) } }),
          sshPublicKey,
          dataVolumeId,
          registrySecretArn,
          hostKeyParameter: parameter,
          sessionManager: usesSessionManager(executor),
          services: hostServices,
        }),
      );
  }

  /** The pointer with which the instance finds its ignition config. */
  private userData(object: aws.s3.BucketObject, ignition: pulumi.Output<string>): pulumi.Output<string> {
    const { configuration } = this.args;
    return pulumi
      .all([object.bucket, object.key, ignition])
      .apply(([bucket, key, config]) => bootstrapPointer({ bucket, key, sha256: sha256(config) }, configuration));
  }

  private createRole(objects: HostObjects): MachineRole {
    const { naming, partition, configuration, serviceStatements = [] } = this.args;
    return new MachineRole(
      `${this.baseName}-role`,
      {
        naming,
        partition,
        machine: "installer-host",
        statements: [...hostStatements(configuration, partition, objects), ...serviceStatements],
        permissionsBoundaryArn: configuration.iam.permissionsBoundaryArn,
      },
      { parent: this },
    );
  }

  private launch(boot: {
    readonly securityGroupId: pulumi.Output<string>;
    readonly profileName: pulumi.Output<string>;
    readonly userData: pulumi.Output<string>;
    readonly after: readonly pulumi.Resource[];
  }): aws.ec2.Instance {
    const { naming, configuration, host, imageId, subnet, bootAfter } = this.args;
    return new aws.ec2.Instance(
      `${this.baseName}-machine`,
      {
        ami: imageId,
        instanceType: host.instanceType,
        subnetId: subnet.id,
        vpcSecurityGroupIds: [boot.securityGroupId],
        iamInstanceProfile: boot.profileName,
        userData: boot.userData,
        userDataReplaceOnChange: true,
        associatePublicIpAddress: false,
        rootBlockDevice: {
          volumeType: "gp3",
          volumeSize: rootVolumeGib,
          encrypted: true,
          kmsKeyId: configuration.volumeKmsKeyArn,
          deleteOnTermination: true,
          tags: naming.tagsWithoutClusterTag("installer-host-root"),
        },
        // The hop limit of 1 is enough for the host's containers, because they use the host's network.
        metadataOptions,
        tags: naming.tagsWithoutClusterTag("installer-host"),
      },
      // The data volume can be attached to only one instance at a time, so the old instance is deleted first.
      { ...this.named, dependsOn: [...boot.after, ...bootAfter], ignoreChanges: firstBootOnly },
    );
  }

  private attachDataVolume(dataVolume: aws.ebs.Volume): pulumi.Resource {
    return new aws.ec2.VolumeAttachment(
      `${this.baseName}-data-attachment`,
      // The instance is stopped first, so that the volume is not detached while the instance uses it.
      { instanceId: this.instance.id, volumeId: dataVolume.id, deviceName: "/dev/sdf", stopInstanceBeforeDetaching: true },
      this.named,
    );
  }

  /** Gives the instance an Elastic IP if it is to be public. Returns the address for SSH. */
  private assignAddress(): { readonly address: pulumi.Output<string>; readonly association: readonly pulumi.Resource[] } {
    const { naming, publicAddress } = this.args;
    if (!publicAddress) return { address: this.instance.privateIp, association: [] };
    const name = `${this.baseName}-address`;
    const eip = new aws.ec2.Eip(name, { domain: "vpc", tags: naming.tagsWithoutClusterTag("installer-host") }, { parent: this });
    const association = new aws.ec2.EipAssociation(
      `${name}-association`,
      { allocationId: eip.id, instanceId: this.instance.id },
      this.named,
    );
    return { address: eip.publicIp, association: [association] };
  }

  /** Writes the registry's name to the private zone. */
  private writeRecord({ zoneId, zoneProvider }: PrivateZone): void {
    const name = registryHost(this.args.configuration.clusterDomain);
    new aws.route53.Record(
      `${this.baseName}-record`,
      { zoneId, name, type: "A", ttl: recordTtl, records: [this.instance.privateIp] },
      { ...this.named, ...(zoneProvider && { provider: zoneProvider }) },
    );
  }

  private get named(): pulumi.CustomResourceOptions {
    return { parent: this, deleteBeforeReplace: true };
  }
}

/** CIDR blocks from which SSH is allowed: the administrators', or the cluster's if there are none. */
function sshSources({
  executor,
  adminCidrs,
  machineCidrs,
}: Pick<Configuration, "executor" | "adminCidrs" | "machineCidrs">): readonly string[] {
  const access = executor.kind === "ssh" ? executor.access.kind : undefined;
  // A port that Systems Manager forwards arrives on the instance itself and needs no rule.
  if (access === "forwarded") return adminCidrs;
  // A bastion connects from its own address, which is usually in the cluster's network. A bastion elsewhere is in the administrators' CIDR blocks.
  if (access === "bastion") return [...new Set([...adminCidrs, ...machineCidrs])];
  return adminCidrs.length > 0 ? adminCidrs : machineCidrs;
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
