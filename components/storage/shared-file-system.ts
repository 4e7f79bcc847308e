import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { KEEP_TAG, type NewFileSystem, type SharedStorageConfiguration } from "../../config/efs/settings";
import type { Partition } from "../../config/partition";
import type { Naming } from "../naming";
import type { Network } from "../network/network";
import type { SecurityGroups } from "../security-groups/security-groups";
import { fileSystemPolicy } from "./file-system-policy";

/** Port of NFS, with and without TLS (EFS user guide, "Using VPC security groups"). */
const NFS_PORT = 2049;

export interface SharedFileSystemArgs {
  readonly naming: Naming;
  readonly partition: Partition;
  readonly region: string;
  readonly network: Pick<Network, "vpcId" | "privateSubnets">;
  readonly securityGroups: Pick<SecurityGroups, "masters" | "workers">;
  readonly fileSystem: SharedStorageConfiguration["fileSystem"];
}

/**
 * The EFS file system of a cluster with its mount targets. A mount target is in each private subnet, because AWS allows one in each zone,
 * and in a zone without one the file system's name does not resolve (EFS user guide, "Mounting with DNS names").
 */
export class SharedFileSystem extends pulumi.ComponentResource {
  /** ID of the new or existing file system. */
  readonly fileSystemId: pulumi.Output<string>;
  /** Host name that resolves in the VPC to the mount target of the caller's zone. */
  readonly server: pulumi.Output<string>;
  /** The new file system; undefined if an existing one is used. */
  readonly created: aws.efs.FileSystem | undefined;
  readonly mountTargets: readonly aws.efs.MountTarget[];

  constructor(
    private readonly baseName: string,
    private readonly args: SharedFileSystemArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("okd:storage:SharedFileSystem", baseName, {}, opts);
    const { fileSystem, network, region, partition } = args;
    this.created = fileSystem.kind === "new" ? this.create(fileSystem) : undefined;
    this.fileSystemId = fileSystem.kind === "new" ? (this.created as aws.efs.FileSystem).id : pulumi.output(fileSystem.id);
    this.server = pulumi.interpolate`${this.fileSystemId}.efs.${region}.${partition.dnsSuffix}`;
    const securityGroups = [this.securityGroup().id];
    this.mountTargets = network.privateSubnets.map(
      ({ zone, id: subnetId }) =>
        new aws.efs.MountTarget(
          `${baseName}-${zone}`,
          { fileSystemId: this.fileSystemId, subnetId, securityGroups },
          // A zone can have only one mount target of a file system.
          { parent: this, deleteBeforeReplace: true },
        ),
    );
    this.registerOutputs();
  }

  private create(settings: NewFileSystem): aws.efs.FileSystem {
    const { naming } = this.args;
    const options = { parent: this, retainOnDelete: settings.keep };
    const { infrequentAccessDays: days } = settings;
    const fileSystem = new aws.efs.FileSystem(
      this.baseName,
      {
        // A creation token is unique in the account, so a repeated creation fails and does not create a second file system.
        creationToken: naming.name("efs"),
        encrypted: true,
        kmsKeyId: settings.kmsKeyArn,
        performanceMode: settings.performanceMode,
        throughputMode: settings.throughputMode,
        provisionedThroughputInMibps: settings.provisionedMibps,
        ...(days !== undefined && {
          lifecyclePolicies: [
            { transitionToIa: days === 1 ? "AFTER_1_DAY" : `AFTER_${days}_DAYS` },
            { transitionToPrimaryStorageClass: "AFTER_1_ACCESS" },
          ],
        }),
        tags: naming.tags("efs", { [KEEP_TAG]: String(settings.keep) }),
      },
      // AWS can't change the KMS key of an existing file system. volumeKmsKeyArn may change at any time, for new volumes, and must not replace the
      // file system then.
      { ...options, ...(settings.kmsKeyIsShared && { ignoreChanges: ["kmsKeyId"] }) },
    );
    const policy = fileSystem.arn.apply((arn) => JSON.stringify(fileSystemPolicy(arn, settings)));
    new aws.efs.FileSystemPolicy(`${this.baseName}-policy`, { fileSystemId: fileSystem.id, policy }, options);
    const status = settings.backup ? "ENABLED" : "DISABLED";
    new aws.efs.BackupPolicy(`${this.baseName}-backup`, { fileSystemId: fileSystem.id, backupPolicy: { status } }, options);
    return fileSystem;
  }

  /**
   * The mount targets' security group, which lets only the nodes mount. Control plane nodes may mount, too: the driver's
   * controller runs there and mounts the file system to delete the directories of deleted volumes
   * (openshift/csi-operator, `assets/overlays/aws-efs/generated/standalone/controller.yaml`, release-4.19).
   */
  private securityGroup(): aws.ec2.SecurityGroup {
    const { naming, network, securityGroups } = this.args;
    const parent = { parent: this };
    const group = new aws.ec2.SecurityGroup(
      `${this.baseName}-group`,
      { vpcId: network.vpcId, description: "Mount targets of the shared file system", tags: naming.tags("efs-sg") },
      parent,
    );
    for (const from of ["masters", "workers"] as const)
      new aws.vpc.SecurityGroupIngressRule(
        `${this.baseName}-from-${from}-tcp-${NFS_PORT}`,
        {
          securityGroupId: group.id,
          description: "NFS",
          referencedSecurityGroupId: securityGroups[from].id,
          ipProtocol: "tcp",
          fromPort: NFS_PORT,
          toPort: NFS_PORT,
        },
        parent,
      );
    return group;
  }
}
