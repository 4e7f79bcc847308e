import { choice, flag, integer, key, list, text } from "../key";
import { arnFlaw } from "../rules/arns";
import { idFlaw } from "../rules/ids";
import { instanceTypeFlaw } from "../rules/machine-types";
import { BASE_IOPS, BASE_THROUGHPUT, LARGEST_DISK, LEAST_NODE_DISK, MOST_IOPS, MOST_THROUGHPUT } from "../rules/volumes";

/** Nodes that OpenShift is tested with in one cluster (OpenShift documentation, "Planning your environment according to object maximums"). */
const MOST_NODES = 2000;

/** An interface takes 16 groups; the cluster keeps six for itself (openshift/installer, maxUserSecurityGroupsCount). */
const MOST_EXTRA_GROUPS = 10;

/** GiB; what openshift/installer gives a root volume. */
const DEFAULT_DISK = 120;

const INSTANCE_TYPE = {
  allowed: "an EC2 instance type; all machines of one architecture",
  source: "openshift/installer (least vCPU and memory)",
} as const;

const disk = () => integer(LEAST_NODE_DISK, LARGEST_DISK, DEFAULT_DISK);
const diskType = () => choice(["gp3", "io1", "io2"], "gp3");
const diskIops = () => integer(100, MOST_IOPS, BASE_IOPS);
const diskThroughput = () => integer(BASE_THROUGHPUT, MOST_THROUGHPUT, BASE_THROUGHPUT);
const groups = () => list(idFlaw("security group"), { most: MOST_EXTRA_GROUPS });

const DISK = { unit: "GiB", example: "200", source: "AWS (EBS volume types); OpenShift (100 GB at least)" } as const;
const DISK_TYPE = { example: "io2", source: "AWS (EBS volume types)" } as const;
const DISK_IOPS = { unit: "IOPS", example: "6000", source: "AWS (EBS volume types)" } as const;
const DISK_THROUGHPUT = { unit: "MiB/s", example: "250", source: "AWS (EBS volume types)" } as const;
const GROUPS = {
  allowed: `up to ${MOST_EXTRA_GROUPS} IDs of security groups of the existing VPC`,
  example: '["sg-0123456789abcdef0"]',
  source: "openshift/installer (ten groups at most, existing VPC only)",
  whenEmpty: "none",
} as const;

/** How many machines of which size; one pool after the other. */
export const machineKeys = {
  masterCount: key(integer(1, 3, 3), {
    description: "Masters: 3, or 1 for a single-node cluster. Can't be changed later.",
    allowed: "3 or 1",
    example: "3",
    source: "OpenShift (etcd needs a majority)",
  }),
  masterInstanceType: key(text(instanceTypeFlaw, "m6i.xlarge"), {
    ...INSTANCE_TYPE,
    description: "Masters' type; at least 4 vCPU and 16 GiB of memory, 8 vCPU for a single node. Graviton types make an arm64 cluster.",
    example: "m6i.2xlarge",
  }),
  masterVolumeSize: key(disk(), { ...DISK, description: "Size of a master's disk." }),
  masterVolumeType: key(diskType(), { ...DISK_TYPE, description: "Type of a master's disk." }),
  masterVolumeIops: key(diskIops(), { ...DISK_IOPS, description: "Operations per second of a master's disk; etcd needs 2000." }),
  masterVolumeThroughput: key(diskThroughput(), { ...DISK_THROUGHPUT, description: "Throughput of a master's disk; gp3 only." }),
  masterSecurityGroupIds: key(groups(), { ...GROUPS, description: "Security groups that masters get besides their own." }),
  protectMasters: key(flag(true), {
    description:
      "Whether Pulumi refuses to delete masters, the VPC and subnets that it made for them, and the registry's volume; set it to false right before a cluster is to be destroyed.",
    example: "false",
    source: "this project",
  }),
  workerCount: key(integer(0, MOST_NODES, 3), {
    description: "Workers. With 0 and three masters the cluster is compact: masters run applications too.",
    example: "3",
    source: "OpenShift (tested cluster maximums)",
  }),
  workerInstanceType: key(text(instanceTypeFlaw, "m6i.xlarge"), {
    ...INSTANCE_TYPE,
    description: "Workers' type; at least 2 vCPU and 8 GiB of memory.",
    example: "m6i.2xlarge",
  }),
  workerVolumeSize: key(disk(), { ...DISK, description: "Size of a worker's disk." }),
  workerVolumeType: key(diskType(), { ...DISK_TYPE, description: "Type of a worker's disk." }),
  workerVolumeIops: key(diskIops(), { ...DISK_IOPS, description: "Operations per second of a worker's disk." }),
  workerVolumeThroughput: key(diskThroughput(), { ...DISK_THROUGHPUT, description: "Throughput of a worker's disk; gp3 only." }),
  workerSecurityGroupIds: key(groups(), { ...GROUPS, description: "Security groups that workers get besides their own." }),
  infraCount: key(integer(0, MOST_NODES, 0), {
    description:
      "Infra nodes: workers with a label and a taint (`node-role.kubernetes.io/infra`). The default router and the image registry move there when there is a node for each of their pods.",
    example: "3",
    source: "OpenShift (infrastructure nodes)",
  }),
  infraInstanceType: key(text(instanceTypeFlaw, "m6i.xlarge"), {
    ...INSTANCE_TYPE,
    description: "Infra nodes' type; at least 2 vCPU and 8 GiB of memory.",
    example: "r6i.xlarge",
  }),
  infraVolumeSize: key(disk(), { ...DISK, description: "Size of an infra node's disk." }),
  infraVolumeType: key(diskType(), { ...DISK_TYPE, description: "Type of an infra node's disk." }),
  infraVolumeIops: key(diskIops(), { ...DISK_IOPS, description: "Operations per second of an infra node's disk." }),
  infraVolumeThroughput: key(diskThroughput(), { ...DISK_THROUGHPUT, description: "Throughput of an infra node's disk; gp3 only." }),
  infraSecurityGroupIds: key(groups(), { ...GROUPS, description: "Security groups that infra nodes get besides the workers' own." }),
  bootstrapInstanceType: key(text(instanceTypeFlaw), {
    ...INSTANCE_TYPE,
    description: "Type of the bootstrap machine, which lives until the masters have taken over.",
    example: "m6i.xlarge",
    whenEmpty: "masterInstanceType",
  }),
  volumeKmsKeyArn: key(text(arnFlaw("key")), {
    description: "Customer managed key that encrypts every volume and image copy.",
    allowed: "the ARN of a KMS key of the region",
    example: "arn:aws:kms:us-east-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef",
    source: "AWS (KMS; EBS encryption)",
    whenEmpty: "AWS's own key aws/ebs",
  }),
} as const;
