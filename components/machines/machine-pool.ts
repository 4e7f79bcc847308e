import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { MachinePool as MachinePoolConfiguration } from "../../config/configuration";
import type { Naming } from "../naming";
import type { ZoneSubnet } from "../network/network";
import { machine } from "./machine";

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
  /** What is done before and after a machine is changed. */
  readonly hooks?: pulumi.ResourceHookBinding;
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
    const { role, pool, subnets } = args;
    this.machines = Array.from({ length: pool.count }, (_, number) => {
      const key = `${role}-${number}`;
      const instance = machine(
        `${name}-${number}`,
        {
          naming: args.naming,
          suffix: key,
          imageId: args.imageId,
          instanceType: pool.instanceType,
          subnet: subnets[number % subnets.length],
          securityGroupIds: [args.securityGroupId, ...pool.securityGroupIds],
          profileName: args.profileName,
          userData: args.userData,
          volume: pool.volume,
          kmsKeyArn: args.kmsKeyArn,
          publicAddress: false,
        },
        { parent: this, protect: args.protect, dependsOn: [...args.bootAfter], ...(args.hooks && { hooks: args.hooks }) },
      );
      return { key, instance };
    });
    this.registerOutputs();
  }
}
