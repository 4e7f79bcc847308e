import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Volume } from "../../config/configuration";
import type { Naming } from "../naming";
import type { ZoneSubnet } from "../network/network";

export interface MachineArgs {
  readonly naming: Naming;
  /** The instance's name is `<infraID>-<suffix>`. */
  readonly suffix: string;
  readonly imageId: pulumi.Input<string>;
  readonly instanceType: pulumi.Input<string>;
  readonly subnet: ZoneSubnet;
  readonly securityGroupIds: readonly pulumi.Input<string>[];
  readonly profileName: pulumi.Input<string>;
  readonly userData: pulumi.Input<string>;
  readonly volume: Volume;
  readonly kmsKeyArn?: string;
  /** Whether the instance gets a public address. */
  readonly publicAddress: boolean;
}

/**
 * Inputs whose change would stop or replace a running instance, and with it an etcd member. AMI and user data matter only at the first
 * boot; after that the cluster updates its nodes. A new zone changes the subnets of later instances, not of running ones. Volumes are not
 * encrypted again for another key. A public address that somebody attached by hand stays.
 */
const firstBootOnly = ["ami", "userData", "subnetId", "rootBlockDevice.kmsKeyId", "associatePublicIpAddress"];

/**
 * Instance metadata options. With a hop limit of 1 no pod gets the instance's credentials. OpenShift's own components that need them use
 * the host network (openshift/csi-operator, assets/overlays/aws-ebs/generated/standalone/{controller,node}.yaml), and OpenShift's own
 * Machines have the same limit (kubernetes-sigs/cluster-api-provider-aws, api/v1beta2/types.go, SetDefaults).
 */
export const metadataOptions = { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 } as const;

/** An EC2 instance of a cluster: encrypted, IMDSv2 only, and never replaced because of inputs that matter only at its first boot. */
export function declareInstance(name: string, args: MachineArgs, opts: pulumi.CustomResourceOptions): aws.ec2.Instance {
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
