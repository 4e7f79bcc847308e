import { DescribeInstancesCommand, EC2Client, TerminateInstancesCommand } from "@aws-sdk/client-ec2";
import { DeregisterTargetsCommand, ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { DeleteObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { DeleteParameterCommand, ParameterNotFound, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { clientConfiguration } from "../../lib/aws/client";

/** The bootstrap instance, and everything that is removed with it. */
export interface BootstrapResources {
  readonly instanceId: string;
  readonly address: string;
  readonly targetGroupArns: readonly string[];
  readonly bucket: string;
  readonly objectKey: string;
}

/** The bootstrap destroy of one cluster. */
export interface BootstrapDestroyTarget {
  readonly region: string;
  /** Name of the SSM parameter with the milestone `bootstrap-destroyed`. */
  readonly milestone: string;
  /** Undefined if the program no longer declares the bootstrap instance. */
  readonly bootstrap?: BootstrapResources;
}

/**
 * Removes the bootstrap instance: deregisters it from the load balancers, terminates it and deletes its ignition config. The next update deletes its security
 * group and rules; if they were deleted here, the provider could not refresh a rule that is gone.
 *
 * The milestone is written first. If the process is killed after that, the next update no longer declares the instance and deletes it. If the
 * instance were deleted before the milestone is written, and the process were killed in between, a refresh and an update would create a new
 * bootstrap instance for a running cluster.
 */
export async function destroyBootstrap({ region, milestone, bootstrap }: BootstrapDestroyTarget): Promise<void> {
  const configuration = clientConfiguration(region);
  const value = new Date().toISOString();
  await new SSMClient(configuration).send(new PutParameterCommand({ Name: milestone, Type: "String", Value: value, Overwrite: true }));
  if (bootstrap === undefined) return;
  const { instanceId, address, targetGroupArns, bucket, objectKey } = bootstrap;
  const balancers = new ElasticLoadBalancingV2Client(configuration);
  for (const TargetGroupArn of targetGroupArns) {
    await balancers.send(new DeregisterTargetsCommand({ TargetGroupArn, Targets: [{ Id: address }] }));
  }
  const ec2 = new EC2Client(configuration);
  const instances = await ec2.send(new DescribeInstancesCommand({ Filters: [{ Name: "instance-id", Values: [instanceId] }] }));
  if (instances.Reservations?.length) await ec2.send(new TerminateInstancesCommand({ InstanceIds: [instanceId] }));
  await new S3Client(configuration).send(new DeleteObjectCommand({ Bucket: bucket, Key: objectKey }));
}

/** Deletes the milestone when the cluster is destroyed. */
export async function deleteMilestone({ region, milestone }: BootstrapDestroyTarget): Promise<void> {
  try {
    await new SSMClient(clientConfiguration(region)).send(new DeleteParameterCommand({ Name: milestone }));
  } catch (error) {
    if (!(error instanceof ParameterNotFound)) throw error;
  }
}
