import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Partition } from "../../config/partition";
import type { Naming } from "../naming";

export interface MachineRoleArgs {
  readonly naming: Naming;
  readonly partition: Partition;
  /** Part of the names: `<infraID>-<machine>-role` and `-profile`. */
  readonly machine: "master" | "worker" | "bootstrap" | "installer-host";
  /** Permissions of the instances. */
  readonly statements: readonly PolicyStatement[];
  /** An existing role to use. Without it a role with exactly these statements is created. */
  readonly existingRoleName?: string;
  readonly permissionsBoundaryArn?: string;
}

/** One IAM policy statement: actions on resources. */
export interface PolicyStatement {
  /** The statement's ID in the policy. */
  readonly sid?: string;
  readonly actions: readonly string[];
  readonly resource: pulumi.Input<string> | readonly pulumi.Input<string>[];
  /** Condition operator → key → value. */
  readonly condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** AWS permissions of a kind of instance: a role, its policy and the instance profile. */
export class MachineRole extends pulumi.ComponentResource {
  /** Name of the instance profile; known once the role has its policy. */
  readonly profileName: pulumi.Output<string>;

  constructor(name: string, args: MachineRoleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("okd:iam:MachineRole", name, {}, opts);
    const { naming, machine } = args;
    // Names are unique in the account: the old role or profile must be deleted before its replacement is created.
    const named = { parent: this, deleteBeforeReplace: true };
    const dependsOn: pulumi.Resource[] = [];
    let role: pulumi.Input<string>;
    if (args.existingRoleName !== undefined) {
      role = args.existingRoleName;
    } else {
      const created = new aws.iam.Role(
        `${name}-role`,
        {
          name: naming.name(`${machine}-role`),
          assumeRolePolicy: JSON.stringify({
            Version: "2012-10-17",
            Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: `ec2.${args.partition.dnsSuffix}` } }],
          }),
          permissionsBoundary: args.permissionsBoundaryArn,
          tags: naming.tags(`${machine}-role`),
        },
        named,
      );
      const policy = pulumi.jsonStringify({
        Version: "2012-10-17",
        Statement: args.statements.map(({ sid, actions, resource, condition }) => ({
          ...(sid !== undefined && { Sid: sid }),
          Effect: "Allow",
          Action: actions,
          Resource: resource,
          ...(condition !== undefined && { Condition: condition }),
        })),
      });
      dependsOn.push(
        new aws.iam.RolePolicy(`${name}-policy`, { name: naming.name(`${machine}-policy`), role: created.name, policy }, named),
      );
      role = created.name;
    }
    // The installer's default MachineSets look for an instance profile of this name (openshift/installer,
    // `pkg/asset/machines/aws/machinesets.go`).
    const profile = new aws.iam.InstanceProfile(
      `${name}-profile`,
      { name: naming.name(`${machine}-profile`), role, tags: naming.tags(`${machine}-profile`) },
      { ...named, dependsOn },
    );
    this.profileName = profile.name;
    this.registerOutputs();
  }
}
