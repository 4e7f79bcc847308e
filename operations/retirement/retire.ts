import { DescribeInstancesCommand, EC2Client, TerminateInstancesCommand } from "@aws-sdk/client-ec2";
import { DeregisterTargetsCommand, ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { DeleteObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { DeleteParameterCommand, ParameterNotFound, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { clientConfiguration } from "../aws-client";

/** What is taken away. */
export interface RetiredBootstrap {
  readonly instanceId: string;
  readonly address: string;
  readonly targetGroupArns: readonly string[];
  readonly bucket: string;
  readonly objectKey: string;
}

/** Which cluster's bootstrap machine is meant. */
export interface Retirement {
  readonly region: string;
  /** Name of the SSM parameter that says from now on that the machine is retired. */
  readonly marker: string;
  /** Undefined when the machine is declared no more. */
  readonly bootstrap?: RetiredBootstrap;
}

/**
 * Ends the bootstrap machine: takes it out of the load balancers, terminates it and deletes its ignition config. Its security group's
 * rules, which no machine has any more, go with the next update: the provider can't refresh a rule that somebody else revoked.
 *
 * The marker comes first: killed right after it, the next update drops the machine's declarations and so the machine, while
 * the other way round a refresh would make a new bootstrap machine for a cluster that is up.
 */
export async function retire({ region, marker, bootstrap }: Retirement): Promise<void> {
  const configuration = clientConfiguration(region);
  const value = new Date().toISOString();
  await new SSMClient(configuration).send(new PutParameterCommand({ Name: marker, Type: "String", Value: value, Overwrite: true }));
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

/** Forgets that a cluster's bootstrap machine is retired, since the cluster is no more. */
export async function forget({ region, marker }: Retirement): Promise<void> {
  try {
    await new SSMClient(clientConfiguration(region)).send(new DeleteParameterCommand({ Name: marker }));
  } catch (error) {
    if (!(error instanceof ParameterNotFound)) throw error;
  }
}
