import { createHash } from "node:crypto";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Configuration, InstallerHost as HostConfiguration } from "../../config/configuration";
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
import { HostKeyParameter, HostKeys } from "./host-keys";
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

/** Actions for SSH through Systems Manager, without its other features (AWS Systems Manager user guide, "Instance permissions"). */
const sessionManagerActions = [
  "ssm:UpdateInstanceInformation",
  "ssmmessages:CreateControlChannel",
  "ssmmessages:CreateDataChannel",
  "ssmmessages:OpenControlChannel",
  "ssmmessages:OpenDataChannel",
];

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
  /** Public SSH host keys, `type base64`, first the key that Go's SSH client asks for. Known once the instance has booted. */
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

  constructor(name: string, args: InstallerHostArgs, opts?: pulumi.ComponentResourceOptions) {
    super("okd:installer:InstallerHost", name, {}, opts);
    const { naming, configuration, host, partition } = args;
    const { clusterDomain, region, volumeKmsKeyArn, machineCidrs, executor } = configuration;
    const sessionManager = executor.kind === "ssh" && executor.access.kind === "forwarded";
    const parent = { parent: this };
    const named = { ...parent, deleteBeforeReplace: true };

    const credentials = new RegistryCredentials(`${name}-registry`, { clusterDomain, rotation: host.registry.rotation }, parent);
    const registrySecret = new HostSecret(
      `${name}-registry-secret`,
      {
        naming,
        suffix: "registry",
        description: "Certificate and passwords of the image registry, in the form that the installer host reads",
        kmsKeyArn: volumeKmsKeyArn,
      },
      parent,
    );
    const filled = registrySecret.fill(credentials.files);
    const group = new HostSecurityGroup(
      `${name}-group`,
      {
        naming,
        vpcId: args.vpcId,
        sources: {
          "machine-network": machineCidrs,
          admins: sshSources(configuration),
        },
      },
      parent,
    );
    const dataVolume = new aws.ebs.Volume(
      `${name}-data`,
      {
        availabilityZone: args.subnet.zone,
        size: host.registry.volumeSizeGib,
        type: "gp3",
        encrypted: true,
        kmsKeyId: volumeKmsKeyArn,
        tags: naming.tagsWithoutClusterTag("installer-host-data"),
      },
      // The volume stays in its zone, like the instance.
      { ...parent, protect: args.protect, ignoreChanges: ["availabilityZone", "kmsKeyId"] },
    );

    const registryBucket =
      host.registry.storage === "s3"
        ? new PrivateBucket(
            `${name}-images`,
            { naming, partition, region, suffix: "registry", kmsKeyArn: volumeKmsKeyArn },
            { ...parent, protect: args.protect },
          ).bucket
        : undefined;
    this.dataVolumeId = dataVolume.id;

    const parameter = naming.infraId.apply(hostKeyParameter);
    const parameterResource = new HostKeyParameter(`${name}-host-key-parameter`, { region, parameter }, named);
    const ignition = pulumi
      .all([args.sshPublicKey, dataVolume.id, registrySecret.arn, parameter, args.services, registryBucket?.bucket])
      .apply(([sshPublicKey, dataVolumeId, registrySecretArn, hostKeyParameter_, services, images]) =>
        installerHostIgnition({
          configuration,
          registryImage: host.registry.image,
          ...(images !== undefined && {
            registryBucket: { region, bucket: images, ...(volumeKmsKeyArn && { kmsKeyArn: volumeKmsKeyArn }) },
          }),
          sshPublicKey,
          dataVolumeId,
          registrySecretArn,
          hostKeyParameter: hostKeyParameter_,
          sessionManager,
          services,
        }),
      );
    const bucket = new PrivateBucket(`${name}-ignition`, { naming, partition, region, suffix: "installer-host-ignition" }, parent);
    const object = bucket.put("installer-host.ign", ignition);
    const role = new MachineRole(
      `${name}-role`,
      {
        naming,
        partition,
        machine: "installer-host",
        statements: [
          { actions: ["s3:GetObject"], resource: object.arn },
          { actions: ["secretsmanager:GetSecretValue"], resource: registrySecret.arn },
          { actions: ["ssm:PutParameter"], resource: parameterArn(partition, region, parameter) },
          ...(registryBucket === undefined ? [] : registryStatements(registryBucket.arn)),
          // The key encrypts the objects that the host fetches, publishes and stores in its registry.
          ...(volumeKmsKeyArn === undefined ? [] : [{ actions: ["kms:Decrypt", "kms:GenerateDataKey"], resource: volumeKmsKeyArn }]),
          ...(sessionManager ? [{ actions: sessionManagerActions, resource: "*" }] : []),
          ...(args.serviceStatements ?? []),
        ],
        permissionsBoundaryArn: configuration.iam.permissionsBoundaryArn,
      },
      parent,
    );
    this.instance = new aws.ec2.Instance(
      `${name}-machine`,
      {
        ami: args.imageId,
        instanceType: host.instanceType,
        subnetId: args.subnet.id,
        vpcSecurityGroupIds: [group.groupId],
        iamInstanceProfile: role.profileName,
        userData: pulumi
          .all([object.bucket, object.key, ignition])
          .apply(([bucket_, key, config]) => bootstrapPointer({ bucket: bucket_, key, sha256: sha256(config) }, configuration)),
        userDataReplaceOnChange: true,
        associatePublicIpAddress: false,
        rootBlockDevice: {
          volumeType: "gp3",
          volumeSize: rootVolumeGib,
          encrypted: true,
          kmsKeyId: volumeKmsKeyArn,
          deleteOnTermination: true,
          tags: naming.tagsWithoutClusterTag("installer-host-root"),
        },
        // The host's containers use the host's network.
        metadataOptions,
        tags: naming.tagsWithoutClusterTag("installer-host"),
      },
      // The data volume can be attached to only one instance at a time, so the old instance is deleted first.
      {
        ...named,
        dependsOn: [object, parameterResource, filled, ...group.rules, ...args.bootAfter],
        ignoreChanges: firstBootOnly,
      },
    );
    const attachment = new aws.ec2.VolumeAttachment(
      `${name}-data-attachment`,
      // The instance is stopped first, so that a volume in use is not detached from a running instance.
      { instanceId: this.instance.id, volumeId: dataVolume.id, deviceName: "/dev/sdf", stopInstanceBeforeDetaching: true },
      named,
    );
    const wayOut: pulumi.Resource[] = [];
    if (args.publicAddress) {
      const eip = new aws.ec2.Eip(`${name}-address`, { domain: "vpc", tags: naming.tagsWithoutClusterTag("installer-host") }, parent);
      wayOut.push(new aws.ec2.EipAssociation(`${name}-address-association`, { allocationId: eip.id, instanceId: this.instance.id }, named));
      this.address = eip.publicIp;
    } else {
      this.address = this.instance.privateIp;
    }
    if (args.privateZone !== undefined) {
      const { zoneId, zoneProvider } = args.privateZone;
      new aws.route53.Record(
        `${name}-record`,
        { zoneId, name: registryHost(clusterDomain), type: "A", ttl: recordTtl, records: [this.instance.privateIp] },
        { ...named, ...(zoneProvider && { provider: zoneProvider }) },
      );
    }
    const keys = new HostKeys(
      `${name}-host-keys`,
      { region, parameter, instanceId: this.instance.id },
      { ...named, dependsOn: [attachment, ...wayOut] },
    );
    this.hostKeys = keys.hostKeys;
    const { password, pullPassword, caCertificate } = credentials;
    this.registry = { host: registryHost(clusterDomain), password, pullPassword, caCertificate };
    this.registerOutputs();
  }
}

/**
 * IAM actions that the registry needs for its bucket (distribution/distribution, `docs/content/storage-drivers/s3.md`, "S3 permission
 * scopes").
 */
function registryStatements(arn: pulumi.Output<string>): PolicyStatement[] {
  return [
    { actions: ["s3:ListBucket", "s3:GetBucketLocation", "s3:ListBucketMultipartUploads"], resource: arn },
    {
      actions: ["s3:PutObject", "s3:GetObject", "s3:DeleteObject", "s3:ListMultipartUploadParts", "s3:AbortMultipartUpload"],
      resource: pulumi.interpolate`${arn}/*`,
    },
  ];
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
  // A bastion usually runs in the cluster's network; the administrators' CIDR blocks are those from which the bastion is reached.
  if (access === "bastion") return [...new Set([...adminCidrs, ...machineCidrs])];
  return adminCidrs.length > 0 ? adminCidrs : machineCidrs;
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/**
 * ARN of an SSM parameter, whose name begins with the slash that follows `parameter` in the ARN. The account is left open: it is the
 * role's.
 */
function parameterArn({ name }: Partition, region: string, parameter: pulumi.Output<string>): pulumi.Output<string> {
  return pulumi.interpolate`arn:${name}:ssm:${region}:*:parameter${parameter}`;
}
