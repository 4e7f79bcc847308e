import { createHash } from "node:crypto";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Configuration, InstallerHost as HostConfiguration } from "../../config/configuration";
import type { Partition } from "../../config/partition";
import { hostKeyParameter } from "../../ignition/installer-host/host-keys";
import { type HostServices, installerHostIgnition } from "../../ignition/installer-host/installer-host";
import { registryHost } from "../../ignition/installer-host/registry";
import { bootstrapPointer, type WayOut } from "../../ignition/pointer";
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

/** Room for the tools, container images and logs; what is mirrored lies on the data volume. */
const rootVolumeGib = 60;

/** Seconds that a resolver may keep the registry's address, which another machine changes. */
const recordTtl = 60;

/**
 * Inputs of which a change would replace the machine without need (see components/machines/machine.ts). User data is not among them: another
 * set-up is another machine, with the same data volume and public address. And a public address that comes by association would look like a change.
 */
const firstBootOnly = ["ami", "subnetId", "rootBlockDevice.kmsKeyId", "associatePublicIpAddress"];

/** Makes ssh through Systems Manager possible, and nothing else that it can do (AWS Systems Manager user guide, "Instance permissions"). */
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
    WayOut;
  readonly host: HostConfiguration;
  readonly partition: Partition;
  readonly imageId: pulumi.Input<string>;
  readonly vpcId: pulumi.Input<string>;
  readonly subnet: ZoneSubnet;
  /** Whether it has a public address, which a public subnet's only way out needs. */
  readonly publicAddress: boolean;
  /** OpenSSH's one-line form, of the user core. */
  readonly sshPublicKey: pulumi.Input<string>;
  /** The cluster's zone; none when DNS is the user's. */
  readonly privateZone?: PrivateZone;
  /** Whether the engine refuses to delete the data volume. */
  readonly protect: boolean;
  /** What must stand before the machine boots. */
  readonly bootAfter: readonly pulumi.Resource[];
  /** What else runs there, with the rights that it needs. */
  readonly services?: pulumi.Input<HostServices>;
  readonly serviceStatements?: readonly PolicyStatement[];
}

/** The machine in the VPC that has the image registry and the release's tools, and the registry's name and credentials. */
export class InstallerHost extends pulumi.ComponentResource {
  readonly instance: aws.ec2.Instance;
  /** Where ssh reaches it: the public address, or the private one. */
  readonly address: pulumi.Output<string>;
  /** Public ssh host keys, `type base64`, the one that Go's client asks for first at the top. Known once the machine has booted. */
  readonly hostKeys: pulumi.Output<string[]>;
  /** The volume that the registry's images are on. */
  readonly dataVolumeId: pulumi.Output<string>;
  /** The registry; the passwords are secret. */
  readonly registry: {
    readonly host: string;
    /** Of the user `okd`, who pushes, on the host. */
    readonly password: pulumi.Output<string>;
    /** Of the user `okd-nodes`, who only pulls. */
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
      // It stays where it is, as the machine does.
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
          // What it fetches is encrypted with the key, and so is what it publishes and what its registry stores.
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
        // Its containers run on the machine's own network.
        metadataOptions,
        tags: naming.tagsWithoutClusterTag("installer-host"),
      },
      // The data volume can be attached to one machine at a time: the old one goes first.
      {
        ...named,
        dependsOn: [object, parameterResource, filled, ...group.rules, ...args.bootAfter],
        ignoreChanges: firstBootOnly,
      },
    );
    const attachment = new aws.ec2.VolumeAttachment(
      `${name}-data-attachment`,
      // A volume that is in use is not torn out of a running machine.
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

/** What the registry does with its bucket (distribution/distribution, `docs/content/storage-drivers/s3.md`, "S3 permission scopes"). */
function registryStatements(arn: pulumi.Output<string>): PolicyStatement[] {
  return [
    { actions: ["s3:ListBucket", "s3:GetBucketLocation", "s3:ListBucketMultipartUploads"], resource: arn },
    {
      actions: ["s3:PutObject", "s3:GetObject", "s3:DeleteObject", "s3:ListMultipartUploadParts", "s3:AbortMultipartUpload"],
      resource: pulumi.interpolate`${arn}/*`,
    },
  ];
}

/** Ranges that ssh is let in from: of people, or, where there are none, of machines. */
function sshSources({
  executor,
  adminCidrs,
  machineCidrs,
}: Pick<Configuration, "executor" | "adminCidrs" | "machineCidrs">): readonly string[] {
  const access = executor.kind === "ssh" ? executor.access.kind : undefined;
  // A port that Systems Manager forwards comes out on the machine itself.
  if (access === "forwarded") return adminCidrs;
  // A bastion mostly stands among the machines; people's ranges are those from which it is reached.
  if (access === "bastion") return [...new Set([...adminCidrs, ...machineCidrs])];
  return adminCidrs.length > 0 ? adminCidrs : machineCidrs;
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** The parameter's name begins with the slash that an ARN has after its kind. The account is the role's own. */
function parameterArn({ name }: Partition, region: string, parameter: pulumi.Output<string>): pulumi.Output<string> {
  return pulumi.interpolate`arn:${name}:ssm:${region}:*:parameter${parameter}`;
}
