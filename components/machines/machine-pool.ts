import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { MachinePool as MachinePoolConfiguration } from "../../config/configuration";
import type { Naming } from "../naming";
import type { ZoneSubnet } from "../network/network";
import { machine } from "./machine";
import type { TypeOrder } from "./type-order";

export interface MachinePoolArgs {
  readonly naming: Naming;
  readonly role: "master" | "worker" | "infra";
  readonly pool: MachinePoolConfiguration;
  readonly kmsKeyArn?: string;
  readonly imageId: pulumi.Input<string>;
  /** The machines are spread over them in turn. */
  readonly subnets: readonly ZoneSubnet[];
  /** The group of the role, which carries the cluster's tag. */
  readonly securityGroupId: pulumi.Input<string>;
  readonly profileName: pulumi.Input<string>;
  /** The pointer that the installer wrote, verbatim. */
  readonly userData: pulumi.Input<string>;
  /** Whether the engine refuses to delete the machines. */
  readonly protect: boolean;
  /** In which machines get another type; all at the same time without it. */
  readonly typeOrder?: TypeOrder | undefined;
  /** What must stand before the machines boot. */
  readonly bootAfter: readonly pulumi.Resource[];
}

/** A machine of a pool under its key, `<role>-<number>`. */
export interface PoolMachine {
  readonly key: string;
  readonly instance: aws.ec2.Instance;
}

/** Machines of one role, in private subnets. */
export class MachinePool extends pulumi.ComponentResource {
  readonly machines: readonly PoolMachine[];

  constructor(name: string, args: MachinePoolArgs, opts?: pulumi.ComponentResourceOptions) {
    super("okd:machines:MachinePool", name, {}, opts);
    const { role, pool, subnets, typeOrder } = args;
    this.machines = Array.from({ length: pool.count }, (_, number) => {
      const key = `${role}-${number}`;
      const make = (instanceType: pulumi.Input<string>) =>
        machine(
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
      return { key, instance: typeOrder ? typeOrder.declare(key, pool.instanceType, make) : make(pool.instanceType) };
    });
    this.registerOutputs();
  }
}
