import { choice, flag, integer, key, list, text } from "../key";
import { arnProblem } from "../arn";
import { idProblem } from "../resource-id";
import { BASE_IOPS, BASE_THROUGHPUT, instanceTypeProblem, MAX_DISK_GIB, MIN_NODE_DISK, MAX_IOPS, MAX_THROUGHPUT } from "./fields";

/**
 * Largest number of nodes with which OpenShift is tested (OpenShift documentation, "Planning your environment according to object
 * maximums").
 */
const MAX_NODES = 2000;

/** A network interface can have 16 security groups, of which the cluster reserves six (openshift/installer, maxUserSecurityGroupsCount). */
const MAX_EXTRA_GROUPS = 10;

/** GiB; the default root volume of openshift/installer. */
const DEFAULT_DISK_GIB = 120;

const INSTANCE_TYPE = {
  allowed: "an EC2 instance type; all instances have the same architecture",
  source: "openshift/installer (minimum vCPU and memory)",
} as const;

const disk = () => integer(MIN_NODE_DISK, MAX_DISK_GIB, DEFAULT_DISK_GIB);
const diskType = () => choice(["gp3", "io1", "io2"], "gp3");
const diskIops = () => integer(100, MAX_IOPS, BASE_IOPS);
const diskThroughput = () => integer(BASE_THROUGHPUT, MAX_THROUGHPUT, BASE_THROUGHPUT);
const groups = () => list(idProblem("security group"), { max: MAX_EXTRA_GROUPS });

const DISK = { unit: "GiB", example: "200", source: "AWS (EBS volume types); OpenShift (at least 100 GB)" } as const;
const DISK_TYPE = { example: "io2", source: "AWS (EBS volume types)" } as const;
const DISK_IOPS = { unit: "IOPS", example: "6000", source: "AWS (EBS volume types)" } as const;
const DISK_THROUGHPUT = { unit: "MiB/s", example: "250", source: "AWS (EBS volume types)" } as const;
const GROUPS = {
  allowed: `up to ${MAX_EXTRA_GROUPS} IDs of security groups of the existing VPC`,
  example: '["sg-0123456789abcdef0"]',
  source: "openshift/installer (at most ten security groups, existing VPC only)",
  whenEmpty: "none",
} as const;

/** Keys for the number and size of the instances, pool by pool. */
export const machineKeys = {
  masterCount: key(integer(1, 3, 3), {
    description: "Number of control plane nodes: 3, or 1 for a single-node cluster. Can't be changed later.",
    allowed: "3 or 1",
    example: "3",
    source: "OpenShift (etcd needs a majority)",
  }),
  masterInstanceType: key(text(instanceTypeProblem, "m6i.xlarge"), {
    ...INSTANCE_TYPE,
    description:
      "Instance type of the control plane; at least 4 vCPU and 16 GiB of memory, 8 vCPU for a single node. A Graviton type makes an arm64 cluster.",
    example: "m6i.2xlarge",
  }),
  masterVolumeSize: key(disk(), { ...DISK, description: "Size of a control plane node's disk." }),
  masterVolumeType: key(diskType(), { ...DISK_TYPE, description: "Volume type of a control plane node's disk." }),
  masterVolumeIops: key(diskIops(), {
    ...DISK_IOPS,
    description: "I/O operations per second of a control plane node's disk; etcd needs 2000.",
  }),
  masterVolumeThroughput: key(diskThroughput(), {
    ...DISK_THROUGHPUT,
    description: "Throughput of a control plane node's disk; only with gp3.",
  }),
  masterSecurityGroupIds: key(groups(), { ...GROUPS, description: "Additional security groups of the control plane nodes." }),
  protectMasters: key(flag(true), {
    description:
      "Whether Pulumi refuses to delete the control plane instances, the VPC and subnets that it created for them, and the registry's volume. Set it to false right before you destroy the cluster.",
    example: "false",
    source: "this project",
  }),
  workerCount: key(integer(0, MAX_NODES, 3), {
    description:
      "Number of workers. With 0 and three control plane nodes the cluster is compact: the control plane nodes also run applications.",
    example: "3",
    source: "OpenShift (tested cluster maximums)",
  }),
  workerInstanceType: key(text(instanceTypeProblem, "m6i.xlarge"), {
    ...INSTANCE_TYPE,
    description: "Instance type of the workers; at least 2 vCPU and 8 GiB of memory.",
    example: "m6i.2xlarge",
  }),
  workerVolumeSize: key(disk(), { ...DISK, description: "Size of a worker's disk." }),
  workerVolumeType: key(diskType(), { ...DISK_TYPE, description: "Volume type of a worker's disk." }),
  workerVolumeIops: key(diskIops(), { ...DISK_IOPS, description: "I/O operations per second of a worker's disk." }),
  workerVolumeThroughput: key(diskThroughput(), { ...DISK_THROUGHPUT, description: "Throughput of a worker's disk; only with gp3." }),
  workerSecurityGroupIds: key(groups(), { ...GROUPS, description: "Additional security groups of the workers." }),
  infraCount: key(integer(0, MAX_NODES, 0), {
    description:
      "Number of infra nodes: workers with the label and the taint `node-role.kubernetes.io/infra`. The default router moves there if there is an infra node for each of its pods, and so does the image registry.",
    example: "3",
    source: "OpenShift (infrastructure nodes)",
  }),
  infraInstanceType: key(text(instanceTypeProblem, "m6i.xlarge"), {
    ...INSTANCE_TYPE,
    description: "Instance type of the infra nodes; at least 2 vCPU and 8 GiB of memory.",
    example: "r6i.xlarge",
  }),
  infraVolumeSize: key(disk(), { ...DISK, description: "Size of an infra node's disk." }),
  infraVolumeType: key(diskType(), { ...DISK_TYPE, description: "Volume type of an infra node's disk." }),
  infraVolumeIops: key(diskIops(), { ...DISK_IOPS, description: "I/O operations per second of an infra node's disk." }),
  infraVolumeThroughput: key(diskThroughput(), { ...DISK_THROUGHPUT, description: "Throughput of an infra node's disk; only with gp3." }),
  infraSecurityGroupIds: key(groups(), {
    ...GROUPS,
    description: "Additional security groups of the infra nodes, which also have the workers' security group.",
  }),
  bootstrapInstanceType: key(text(instanceTypeProblem), {
    ...INSTANCE_TYPE,
    description: "Instance type of the bootstrap instance, which is deleted once the control plane runs.",
    example: "m6i.xlarge",
    whenEmpty: "masterInstanceType",
  }),
  volumeKmsKeyArn: key(text(arnProblem("key")), {
    description: "Customer managed KMS key that encrypts every volume and AMI copy.",
    allowed: "the ARN of a KMS key in the cluster's region",
    example: "arn:aws:kms:us-east-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef",
    source: "AWS (KMS; EBS encryption)",
    whenEmpty: "the account's default key for EBS",
  }),
} as const;
