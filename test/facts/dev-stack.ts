import { SECTIONS } from "../../config/schema";

/**
 * The resources of the dev stack without an installer host, counted by hand: three zones, three control plane nodes, three workers, a NAT gateway
 * per zone, public, OKD in us-east-1 (where it publishes its image). The template that a figure comes from is in `upi/aws/cloudformation` of
 * openshift/installer; a figure without one is this project's choice.
 */
export const infrastructureCounts: Readonly<Record<string, number>> = {
  // `01_vpc.yaml`: one VPC and internet gateway; per zone two subnets, one NAT gateway with its address; one public and three private route tables.
  "aws:ec2/vpc:Vpc": 1,
  "aws:ec2/internetGateway:InternetGateway": 1,
  "aws:ec2/subnet:Subnet": 6,
  "aws:ec2/routeTable:RouteTable": 4,
  "aws:ec2/routeTableAssociation:RouteTableAssociation": 6,
  "aws:ec2/route:Route": 4,
  "aws:ec2/eip:Eip": 3,
  "aws:ec2/natGateway:NatGateway": 3,
  "aws:ec2/vpcEndpoint:VpcEndpoint": 1,
  // `02_cluster_infra.yaml`; `04_cluster_bootstrap.yaml` and `05_cluster_master_nodes.yaml` register four targets in each target group.
  "aws:lb/loadBalancer:LoadBalancer": 2,
  "aws:lb/listener:Listener": 3,
  "aws:lb/targetGroup:TargetGroup": 3,
  "aws:lb/targetGroupAttachment:TargetGroupAttachment": 12,
  "aws:route53/zone:Zone": 1,
  "aws:route53/record:Record": 3,
  // `03_cluster_security.yaml`: 47 rules between nodes and the VPC, and two from the one admin CIDR block. The internal load balancer has two rules.
  "aws:ec2/securityGroup:SecurityGroup": 3 + 1,
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": 49 + 2,
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": 3 + 1,
  // `03_cluster_security.yaml` for the nodes, and `04_cluster_bootstrap.yaml` for the bootstrap instance.
  "aws:iam/role:Role": 3,
  "aws:iam/rolePolicy:RolePolicy": 3,
  "aws:iam/instanceProfile:InstanceProfile": 3,
  // Bootstrap instance, control plane and workers; a bucket for the bootstrap's ignition config and one for the assets.
  "aws:ec2/instance:Instance": 7,
  "aws:s3/bucket:Bucket": 2,
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": 2,
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": 2,
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": 2,
  "aws:s3/bucketPolicy:BucketPolicy": 2,
  "aws:s3/bucketObject:BucketObject": 2,
  // Three steps of the installer (images, manifests, ignition configs), and the cleanup of resources that the cluster creates.
  "command:local:Command": 3 + 1,
  "pulumi-nodejs:dynamic/okd:AssetAge": 1,
  // The credentials mode.
  "pulumi-nodejs:dynamic/okd:CredentialsMode": 1,
  // The cluster's identity, and the SSH key for the user core.
  "pulumi-nodejs:dynamic/okd:ClusterIdentity": 1,
  "pulumi-nodejs:dynamic/okd:GeneratedSshKey": 1,
};

const {
  Authentication,
  "Access control and projects": access,
  "Cluster settings": settings,
  "etcd backup": backup,
  Routers: routers,
} = SECTIONS;

/** Keys that configure the installed cluster. A stack without them has only the infrastructure and the installation. */
export const platformKeys: readonly string[] = [Authentication, access, settings, backup, routers].flatMap(Object.keys);

/** A stack's configuration without an installer host and without the keys that configure the installed cluster. */
export function infrastructureOf<Value>(config: Readonly<Record<string, Value>>): Record<string, Value | "false"> {
  const kept = Object.entries(config).filter(([key]) => !platformKeys.includes(key.replace(/^okd-aws:/, "")));
  return { ...Object.fromEntries(kept), "okd-aws:installerHost": "false" };
}
