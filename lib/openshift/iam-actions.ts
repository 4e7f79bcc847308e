/*
 * IAM actions that are the same in every release. Those of the control plane depend on the release: config/releases/facts.ts.
 */

/** Actions of workers and infra nodes: the kubelet looks up its own instance. */
export const workerActions: readonly string[] = ["ec2:DescribeInstances", "ec2:DescribeRegions"];

/** Actions of the bootstrap instance on all resources. It may also read the one S3 object that holds its ignition config. */
export const bootstrapActions: readonly string[] = ["ec2:AttachVolume", "ec2:Describe*", "ec2:DetachVolume"];
