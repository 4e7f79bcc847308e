import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Configuration, Volume } from "../config/configuration";
import type { Partition } from "../config/partition";
import { bootstrapPointer, type EgressSettings } from "../ignition/pointer";
import { bootstrapActions } from "../lib/openshift/iam-actions";
import { MachineRole } from "./iam/machine-role";
import { declareInstance } from "./machines/machine";
import type { Naming } from "./naming";
import type { ZoneSubnet } from "./network/network";
import { PrivateBucket } from "./private-bucket";

/**
 * Root volume. Size and type are those of the installer (openshift/installer, `pkg/asset/machines/aws/awsmachines.go`); the instance exists for
 * only half an hour.
 */
const volume: Volume = { sizeGib: 120, type: "gp3" };

export interface BootstrapArgs {
  readonly naming: Naming;
  readonly configuration: Pick<Configuration, "bootstrap" | "iam" | "volumeKmsKeyArn"> & EgressSettings;
  readonly partition: Partition;
  readonly imageId: pulumi.Input<string>;
  readonly subnet: ZoneSubnet;
  /** IDs of the bootstrap security group and the control plane's security group. */
  readonly securityGroupIds: readonly pulumi.Input<string>[];
  readonly publicAddress: boolean;
  /** The ignition config that `openshift-install` wrote; secret. */
  readonly ignition: pulumi.Input<string>;
  /** Resources that must exist before the instance boots. */
  readonly bootAfter: readonly pulumi.Resource[];
}

/** The bootstrap instance, which starts the control plane, and the private S3 object from which it reads its ignition config. */
export class Bootstrap extends pulumi.ComponentResource {
  readonly instance: aws.ec2.Instance;
  /** S3 object with the instance's ignition config. */
  readonly object: aws.s3.BucketObject;

  constructor(name: string, args: BootstrapArgs, opts?: pulumi.ComponentResourceOptions) {
    super("okd:machines:Bootstrap", name, {}, opts);
    const { naming, partition, configuration } = args;
    const bucket = new PrivateBucket(
      `${name}-ignition`,
      { naming, partition, region: configuration.region, suffix: "bootstrap-ignition" },
      { parent: this },
    );
    const object = bucket.put("bootstrap.ign", args.ignition);
    this.object = object;
    const role = new MachineRole(
      `${name}-role`,
      {
        naming,
        partition,
        machine: "bootstrap",
        statements: [
          { actions: bootstrapActions, resource: "*" },
          { actions: ["s3:GetObject"], resource: object.arn },
        ],
        existingRoleName: configuration.iam.bootstrapRoleName,
        permissionsBoundaryArn: configuration.iam.permissionsBoundaryArn,
      },
      { parent: this },
    );
    this.instance = declareInstance(
      `${name}-machine`,
      {
        naming,
        suffix: "bootstrap",
        imageId: args.imageId,
        instanceType: configuration.bootstrap.instanceType,
        subnet: args.subnet,
        securityGroupIds: args.securityGroupIds,
        profileName: role.profileName,
        userData: pulumi
          .all([object.bucket, object.key])
          .apply(([bucket_, key]) => bootstrapPointer({ bucket: bucket_, key }, configuration)),
        volume,
        kmsKeyArn: configuration.volumeKmsKeyArn,
        publicAddress: args.publicAddress,
      },
      { parent: this, dependsOn: [object, ...args.bootAfter] },
    );
    this.registerOutputs();
  }
}
