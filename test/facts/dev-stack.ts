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
  // `03_cluster_security.yaml`: 47 rules between nodes and the VPC, two from the one admin range; two of the internal load balancer.
  "aws:ec2/securityGroup:SecurityGroup": 3 + 1,
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": 49 + 2,
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": 3 + 1,
  // `03_cluster_security.yaml`; `04_cluster_bootstrap.yaml` has those of the bootstrap instance.
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
  // Images, manifests and ignition configs; the cleanup of resources that the cluster creates.
  "command:local:Command": 3 + 1,
  "pulumi-nodejs:dynamic/okd:AssetAge": 1,
  // Which credentials the cluster keeps.
  "pulumi-nodejs:dynamic/okd:CredentialsMode": 1,
  // The cluster's identity, and the SSH key for the user core.
  "pulumi-nodejs:dynamic/okd:ClusterIdentity": 1,
  "pulumi-nodejs:dynamic/okd:GeneratedSshKey": 1,
};

/**
 * The whole stack: the waits for the bootstrap and for the installation, the result of each, the bootstrap destroy between them, and the milestone at the end.
 */
export const devStackCounts: Readonly<Record<string, number>> = {
  ...infrastructureCounts,
  // The release that the cluster should have; the removal of each of the two users; the removal of kubeadmin; and the restore of self-provisioning.
  "command:local:Command": 3 + 1 + 2 + 2 + 1 + 1 + 2 + 1 + 1,
  "aws:ssm/parameter:Parameter": 1,
  "pulumi:providers:kubernetes": 1,
  // The users of the HTPasswd provider.
  "pulumi-nodejs:dynamic/okd:HtpasswdFile": 1,
  "kubernetes:core/v1:Secret": 1,
  // The configured patch, and the patch that keeps OAuth's spec from being empty.
  "kubernetes:config.openshift.io/v1:OAuthPatch": 1 + 1,
  "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding": 1,
  "kubernetes:user.openshift.io/v1:Group": 1,
  "kubernetes:scheduling.k8s.io/v1:PriorityClass": 1,
  "kubernetes:config.openshift.io/v1:APIServerPatch": 1,
  "kubernetes:config.openshift.io/v1:SchedulerPatch": 1,
  "kubernetes:console.openshift.io/v1:ConsoleLink": 1,
  "kubernetes:console.openshift.io/v1:ConsoleNotification": 1,
  // Time servers of the control plane and of workers; the control plane's etcd backup.
  "kubernetes:machineconfiguration.openshift.io/v1:MachineConfig": 2 + 1,
  "kubernetes:storage.k8s.io/v1:StorageClass": 1,
  // etcd backup: the alerts; and a bucket each for snapshots and static resources, both with versions that expire.
  "kubernetes:monitoring.coreos.com/v1:PrometheusRule": 1,
  "aws:s3/bucket:Bucket": 2 + 2,
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": 2 + 2,
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": 2 + 2,
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": 2 + 2,
  "aws:s3/bucketPolicy:BucketPolicy": 2 + 2,
  "aws:s3/bucketVersioning:BucketVersioning": 2,
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": 2,
  // A public and a private shard, and the patch that makes the default router leave out their routes.
  "kubernetes:operator.openshift.io/v1:IngressController": 2,
  "kubernetes:operator.openshift.io/v1:IngressControllerPatch": 1,
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
