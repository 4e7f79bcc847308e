import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { MachinePoolConfiguration } from "../../config/configuration";
import type { Naming } from "../naming";
import type { ZoneSubnet } from "../network/network";
import { declareInstance } from "./machine";
import type { RollingResize } from "./rolling-resize";

export interface MachinePoolArgs {
  readonly naming: Naming;
  readonly role: "master" | "worker" | "infra";
  readonly pool: MachinePoolConfiguration;
  readonly kmsKeyArn?: string;
  readonly imageId: pulumi.Input<string>;
  /** The instances are distributed over these subnets in turn. */
  readonly subnets: readonly ZoneSubnet[];
  /** Security group of the role, which has the cluster's tag. */
  readonly securityGroupId: pulumi.Input<string>;
  readonly profileName: pulumi.Input<string>;
  /** The ignition pointer that the installer wrote, unchanged. */
  readonly userData: pulumi.Input<string>;
  /** Whether the Pulumi engine must refuse to delete the instances. */
  readonly protect: boolean;
  /** Order in which instances are resized. If undefined, all are resized in parallel. */
  readonly rollingResize?: RollingResize | undefined;
  /** Resources that must exist before the instances boot. */
  readonly bootAfter: readonly pulumi.Resource[];
}

/** An instance of a pool and its key, `<role>-<number>`. */
export interface PoolMachine {
  readonly key: string;
  readonly instance: aws.ec2.Instance;
}

/** Instances of one role in private subnets. */
export class MachinePool extends pulumi.ComponentResource {
  readonly machines: readonly PoolMachine[];

  constructor(name: string, args: MachinePoolArgs, opts?: pulumi.ComponentResourceOptions) {
    super("okd:machines:MachinePool", name, {}, opts);
    const { role, pool, subnets, rollingResize } = args;
    this.machines = Array.from({ length: pool.count }, (_, number) => {
      const key = `${role}-${number}`;
      const make = (instanceType: pulumi.Input<string>) =>
        declareInstance(
          `${name}-${number}`,
          {
            naming: args.naming,
            suffix: key,
            imageId: args.imageId,
            instanceType,
            subnet: subnets[number % subnets.length],
            securityGroupIds: [args.securityGroupId, ...pool.securityGroupIds],
            profileName: args.profileName,
            userData: args.userData,
            volume: pool.volume,
            kmsKeyArn: args.kmsKeyArn,
            publicAddress: false,
          },
          { parent: this, protect: args.protect, dependsOn: [...args.bootAfter] },
        );
      return { key, instance: rollingResize ? rollingResize.declare(key, pool.instanceType, make) : make(pool.instanceType) };
    });
    this.registerOutputs();
  }
}
