import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Volume } from "../../config/configuration";
import type { Naming } from "../naming";
import type { ZoneSubnet } from "../network/network";

export interface MachineArgs {
  readonly naming: Naming;
  /** `<infraID>-<suffix>` is the machine's name. */
  readonly suffix: string;
  readonly imageId: pulumi.Input<string>;
  readonly instanceType: pulumi.Input<string>;
  readonly subnet: ZoneSubnet;
  readonly securityGroupIds: readonly pulumi.Input<string>[];
  readonly profileName: pulumi.Input<string>;
  readonly userData: pulumi.Input<string>;
  readonly volume: Volume;
  readonly kmsKeyArn?: string;
  /** Whether the machine gets an address on the internet. */
  readonly publicAddress: boolean;
}

/**
 * Inputs of which a change would stop or replace a running machine, and with it a member of etcd. The image and the user data matter at the first
 * boot only; afterwards the cluster keeps its machines up to date. A zone that is added moves the places of machines that come later, not of those
 * that run; nor is a volume encrypted anew for another key. And an address that somebody gave a machine by hand is his.
 */
const firstBootOnly = ["ami", "userData", "subnetId", "rootBlockDevice.kmsKeyId", "associatePublicIpAddress"];

/**
 * How a machine gets its credentials. With one hop no pod gets them: OpenShift's own components that need them run on the machine's network
 * (openshift/csi-operator, assets/overlays/aws-ebs/generated/standalone/{controller,node}.yaml), and its own machines have the same limit
 * (kubernetes-sigs/cluster-api-provider-aws, api/v1beta2/types.go, SetDefaults).
 */
export const metadataOptions = { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 } as const;

/** An EC2 instance as every machine of a cluster is one: encrypted, IMDSv2 only, and never replaced for what matters at its first boot. */
export function machine(name: string, args: MachineArgs, opts: pulumi.CustomResourceOptions): aws.ec2.Instance {
  const { naming, suffix, volume } = args;
  return new aws.ec2.Instance(
    name,
    {
      ami: args.imageId,
      instanceType: args.instanceType,
      subnetId: args.subnet.id,
      vpcSecurityGroupIds: [...args.securityGroupIds],
      iamInstanceProfile: args.profileName,
      userData: args.userData,
      associatePublicIpAddress: args.publicAddress,
      rootBlockDevice: {
        volumeType: volume.type,
        volumeSize: volume.sizeGib,
        iops: volume.iops,
        throughput: volume.throughput,
        encrypted: true,
        kmsKeyId: args.kmsKeyArn,
        deleteOnTermination: true,
        tags: naming.tags(`${suffix}-root`),
      },
      metadataOptions,
      tags: naming.tags(suffix),
    },
    { ...opts, ignoreChanges: firstBootOnly },
  );
}
