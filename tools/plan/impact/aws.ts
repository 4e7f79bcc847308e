import { KEEP_TAG } from "../../../config/efs/settings";
import type { ResourceProperties } from "../../../lib/pulumi/change";
import { isRemoval, updatesFields, isInside, allOf, hasName, impact, isMaster, isWorker, type ImpactRow } from "./row";

/** The impact of changes in AWS. */
export const awsRows: readonly ImpactRow[] = [
  // Instances
  {
    type: /^aws:ec2\/instance:/,
    when: allOf(isRemoval, isMaster),
    impact: impact(
      "loses data",
      "removes an etcd member with its data: replace control plane instances one at a time, or the cluster is lost",
      "removes etcd members",
    ),
  },
  {
    type: /^aws:ec2\/instance:/,
    when: allOf(isRemoval, isWorker),
    impact: impact("interrupts", "deletes the instance with all data on its disks: drain its node first (oc adm drain)", "deletes workers"),
  },
  {
    type: /^aws:ec2\/instance:/,
    when: allOf(isRemoval, isInside("okd:installer:InstallerHost")),
    impact: impact(
      "interrupts",
      "replaces the installer host: its registry and certificate approver are down for about 5 minutes; the data volume stays",
      "replaces the installer host",
    ),
  },
  {
    type: /^aws:ec2\/instance:/,
    when: allOf(updatesFields("instanceType"), isMaster),
    impact: impact(
      "interrupts",
      "stops and starts control plane instances one by one, each when the one before is an etcd member again: about 10 minutes each (with a single one the API is down meanwhile)",
      "restarts control plane instances one by one",
    ),
  },
  {
    type: /^aws:ec2\/instance:/,
    when: allOf(updatesFields("instanceType"), isWorker),
    impact: impact(
      "interrupts",
      "stops and starts instances at the same time, without draining: workloads on them are down for about 5 minutes (one by one: pulumi up --target)",
      "stops workers for about 5 minutes",
    ),
  },
  {
    type: /^aws:ec2\/instance:/,
    when: updatesFields("instanceType"),
    impact: impact("interrupts", "stops and starts the instance: it is down for about 5 minutes"),
  },
  // Load balancers, names, network.
  {
    type: /^aws:(lb|alb)\/(loadBalancer|listener|targetGroup):/,
    when: allOf(isRemoval, isInside("okd:network:LoadBalancers")),
    impact: impact("interrupts", "interrupts the API for about 5 minutes", "interrupts the API for about 5 minutes"),
  },
  {
    type: /^aws:(lb|alb)\/targetGroupAttachment:/,
    when: allOf(isRemoval, isInside("okd:network:LoadBalancers")),
    impact: impact("interrupts", "removes an instance from the API's load balancing"),
  },
  {
    type: /^aws:(lb|alb)\/(loadBalancer|listener|targetGroup):/,
    when: isRemoval,
    impact: impact(
      "interrupts",
      "deletes a load balancer or a part of it: its services are down until a new one is ready, about 5 minutes",
    ),
  },
  {
    type: /^aws:wafv2\/(webAcl|webAclAssociation):/,
    when: isRemoval,
    impact: impact("interrupts", "removes the web application firewall (AWS WAF): requests are not filtered until there is a new one"),
  },
  {
    type: /^aws:acm\/certificate(Validation)?:/,
    when: isRemoval,
    impact: impact("interrupts", "deletes a certificate: its listeners need another one first"),
  },
  {
    type: /^aws:route53\/record:/,
    when: isRemoval,
    impact: impact(
      "interrupts",
      "deletes a DNS record: its name can't be resolved; after a replacement, only until resolvers forget that the record was missing",
    ),
  },
  {
    type: /^aws:route53\/zone:/,
    when: isRemoval,
    impact: impact("interrupts", "deletes the cluster's private zone: no node can resolve the API's name"),
  },
  {
    type: /^aws:ec2\/(vpc|subnet):/,
    when: isRemoval,
    impact: impact("loses data", "deletes the network with every instance in it", "deletes the network"),
  },
  {
    type: /^aws:ec2\/natGateway:/,
    when: isRemoval,
    impact: impact(
      "interrupts",
      "cuts open connections to the internet, and changes the public address of the nodes",
      "cuts open connections to the internet",
    ),
  },
  {
    type: /^aws:ec2\/eip:/,
    when: isRemoval,
    impact: impact("can't be undone", "releases a public address, which can't be obtained again", "releases public addresses permanently"),
  },
  // Data
  {
    type: /^aws:s3\/bucket:/,
    when: allOf(isRemoval, hasName(/backup/)),
    impact: impact("loses data", "deletes the bucket with all backups", "deletes all backups"),
  },
  {
    type: /^aws:s3\/bucket:/,
    when: allOf(isRemoval, hasName(/^loki-storage/)),
    impact: impact("loses data", "deletes the bucket with all stored logs, also if lokiBucketName names it", "deletes all stored logs"),
  },
  { type: /^aws:s3\/bucket:/, when: isRemoval, impact: impact("loses data", "deletes a bucket with all objects in it") },
  {
    type: /^aws:s3\/bucketPublicAccessBlock:/,
    when: isRemoval,
    impact: impact("loses protection", "removes S3 Block Public Access from a bucket: its policy or ACLs may make it public"),
  },
  {
    type: /^aws:s3\/bucketVersioning:/,
    when: updatesFields(),
    impact: impact("can't be undone", "changes whether S3 keeps older versions of objects: data that is overwritten later may be lost"),
  },
  {
    type: /^aws:s3\/bucketLifecycleConfiguration:/,
    when: updatesFields(),
    impact: impact("loses data", "changes when objects expire: AWS permanently deletes older objects within a day"),
  },
  {
    type: /^aws:efs\/fileSystem:/,
    when: isRemoval,
    impact: impact(
      "loses data",
      "deletes the file system of the shared volumes with all data, unless efsKeepFileSystem is true: then it stays, and the cluster no longer uses it",
      "removes the file system of the shared volumes",
    ),
  },
  {
    type: /^aws:efs\/fileSystem:/,
    when: ({ operation, before, after }) => operation === "update" && isKept(before) && !isKept(after),
    impact: impact("loses protection", "makes a later destroy delete the file system with all data (efsKeepFileSystem is false)"),
  },
  {
    type: /^aws:efs\/mountTarget:/,
    when: isRemoval,
    impact: impact("interrupts", "breaks every mount of the file system in a zone: pods there hang until there is a mount target again"),
  },
  {
    type: /^aws:efs\/fileSystemPolicy:/,
    when: updatesFields(),
    impact: impact("interrupts", "changes which clients may mount the file system: new mounts without TLS may be refused or allowed"),
  },
  {
    type: /^aws:efs\/backupPolicy:/,
    when: updatesFields(),
    impact: impact("loses protection", "changes whether AWS Backup backs up the file system every day"),
  },
  { type: /^aws:ebs\/volume:/, when: isRemoval, impact: impact("loses data", "deletes a volume with its data") },
  {
    type: /^aws:ebs\/volume:|^aws:ec2\/instance:/,
    when: updatesFields("size", "rootBlockDevice"),
    impact: impact("can't be undone", "enlarges disks, which can't be made smaller again", "enlarges disks permanently"),
  },
  {
    type: /^aws:kms\/key:/,
    when: isRemoval,
    impact: impact("loses data", "deletes a KMS key: data encrypted with it can't be read any more"),
  },
  {
    type: /^aws:secretsmanager\/secretVersion:/,
    when: isRemoval,
    impact: impact(
      "restarts",
      "replaces a secret: its host fetches the new one within ten minutes and restarts the services that use it",
      "replaces a secret",
    ),
  },
  // Identity
  {
    type: /okd:(ClusterIdentity|CredentialsMode)$/,
    when: isRemoval,
    impact: impact("loses data", "creates another cluster: every resource is replaced"),
  },
  {
    type: /okd:GeneratedSshKey$/,
    when: isRemoval,
    impact: impact("can't be undone", "creates another SSH key, which running instances don't accept"),
  },
  {
    type: /okd:SigningKey$/,
    when: isRemoval,
    impact: impact("interrupts", "changes the signing key of service account tokens: no cluster component can access AWS"),
  },
  {
    type: /^aws:iam\/(role|rolePolicy|instanceProfile|openIdConnectProvider):/,
    when: isRemoval,
    impact: impact("interrupts", "removes permissions from running instances or components"),
  },
];

/** Whether a file system's tag says that it stays when the stack is destroyed. */
function isKept({ tags }: ResourceProperties): boolean {
  return ((tags ?? {}) as Readonly<Record<string, unknown>>)[KEEP_TAG] === "true";
}
