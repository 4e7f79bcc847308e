import { gone, updates, within, both, named, means, isMaster, isWorker, type Row } from "./row";

/** What changes in AWS mean. */
export const awsRows: readonly Row[] = [
  // Machines
  {
    type: /^aws:ec2\/instance:/,
    when: both(gone, isMaster),
    meaning: means(
      "loses data",
      "takes a member of etcd away with its data: replace masters one at a time, or the cluster is lost",
      "takes members of etcd away",
    ),
  },
  {
    type: /^aws:ec2\/instance:/,
    when: both(gone, isWorker),
    meaning: means(
      "interrupts",
      "takes the machine away with everything on its disks: drain its node first (oc adm drain)",
      "takes workers away",
    ),
  },
  {
    type: /^aws:ec2\/instance:/,
    when: both(gone, within("okd:installer:InstallerHost")),
    meaning: means(
      "interrupts",
      "makes the installer host anew: its registry and certificate approver pause for about 5 minutes; the data volume stays",
      "makes the installer host anew",
    ),
  },
  {
    type: /^aws:ec2\/instance:/,
    when: both(updates("instanceType"), isMaster),
    meaning: means(
      "interrupts",
      "stops and starts masters one by one, each when the one before is a member again: about 10 minutes each (a single one interrupts the API)",
      "restarts masters one by one",
    ),
  },
  {
    type: /^aws:ec2\/instance:/,
    when: both(updates("instanceType"), isWorker),
    meaning: means(
      "interrupts",
      "stops and starts machines at the same time, without draining: what runs on them is down for about 5 minutes (one by one: pulumi up --target)",
      "stops workers for about 5 minutes",
    ),
  },
  {
    type: /^aws:ec2\/instance:/,
    when: updates("instanceType"),
    meaning: means("interrupts", "stops and starts the machine, for about 5 minutes"),
  },
  // Load balancers, names, network
  {
    type: /^aws:(lb|alb)\/(loadBalancer|listener|targetGroup):/,
    when: both(gone, within("okd:network:LoadBalancers")),
    meaning: means("interrupts", "interrupts the API for about 5 minutes", "interrupts the API for about 5 minutes"),
  },
  {
    type: /^aws:(lb|alb)\/targetGroupAttachment:/,
    when: both(gone, within("okd:network:LoadBalancers")),
    meaning: means("interrupts", "takes a machine out of the API's load balancing"),
  },
  {
    type: /^aws:(lb|alb)\/(loadBalancer|listener|targetGroup):/,
    when: gone,
    meaning: means(
      "interrupts",
      "takes a load balancer away, or a part of it: what it serves is down until a new one stands, about 5 minutes",
    ),
  },
  {
    type: /^aws:wafv2\/(webAcl|webAclAssociation):/,
    when: gone,
    meaning: means("interrupts", "takes the firewall away that checks requests: nothing is filtered until there is a new one"),
  },
  {
    type: /^aws:acm\/certificate(Validation)?:/,
    when: gone,
    meaning: means("interrupts", "takes a certificate away: its listeners need another one first"),
  },
  {
    type: /^aws:route53\/record:/,
    when: gone,
    meaning: means("interrupts", "takes a name away, for as long as resolvers remember that it is gone"),
  },
  {
    type: /^aws:route53\/zone:/,
    when: gone,
    meaning: means("interrupts", "takes the cluster's private names away: no node finds the API"),
  },
  {
    type: /^aws:ec2\/(vpc|subnet):/,
    when: gone,
    meaning: means("loses data", "takes the network away, and every machine in it", "takes the network away"),
  },
  {
    type: /^aws:ec2\/natGateway:/,
    when: gone,
    meaning: means(
      "interrupts",
      "cuts connections to the internet that are open, and changes the address from which the nodes come",
      "cuts open connections to the internet",
    ),
  },
  {
    type: /^aws:ec2\/eip:/,
    when: gone,
    meaning: means("can't be undone", "gives a public address back: nobody gets the same one again", "gives public addresses up for good"),
  },
  // Data
  {
    type: /^aws:s3\/bucket:/,
    when: both(gone, named(/backup/)),
    meaning: means("loses data", "deletes the bucket with every backup in it", "loses every backup"),
  },
  { type: /^aws:s3\/bucket:/, when: gone, meaning: means("loses data", "deletes a bucket with everything in it") },
  {
    type: /^aws:s3\/bucketPublicAccessBlock:/,
    when: gone,
    meaning: means("loses its guard", "takes away what keeps a bucket from being public, whatever its policy and ACLs say"),
  },
  {
    type: /^aws:s3\/bucketVersioning:/,
    when: updates(),
    meaning: means("can't be undone", "changes whether older versions of objects are kept: what is overwritten from then on may be lost"),
  },
  {
    type: /^aws:s3\/bucketLifecycleConfiguration:/,
    when: updates(),
    meaning: means("loses data", "changes when objects expire: AWS deletes those that are older within a day, for good"),
  },
  { type: /^aws:ebs\/volume:/, when: gone, meaning: means("loses data", "deletes a volume with its data") },
  {
    type: /^aws:ebs\/volume:|^aws:ec2\/instance:/,
    when: updates("size", "rootBlockDevice"),
    meaning: means("can't be undone", "enlarges disks, which can't be made smaller again", "enlarges disks for good"),
  },
  { type: /^aws:kms\/key:/, when: gone, meaning: means("loses data", "ends a key: what it encrypted can't be read any more") },
  {
    type: /^aws:secretsmanager\/secretVersion:/,
    when: gone,
    meaning: means(
      "restarts",
      "puts a new secret in place: its host fetches it within ten minutes and starts what uses it again",
      "puts a new secret in place",
    ),
  },
  // Identity
  {
    type: /okd:(ClusterIdentity|CredentialsMode)$/,
    when: gone,
    meaning: means("loses data", "makes another cluster: everything is made anew"),
  },
  {
    type: /okd:GeneratedSshKey$/,
    when: gone,
    meaning: means("can't be undone", "makes another ssh key, which machines that run don't know"),
  },
  {
    type: /okd:SigningKey$/,
    when: gone,
    meaning: means("interrupts", "changes the key that service accounts' tokens are signed with: no component reaches AWS"),
  },
  {
    type: /^aws:iam\/(role|rolePolicy|instanceProfile|openIdConnectProvider):/,
    when: gone,
    meaning: means("interrupts", "takes rights from machines or components that run"),
  },
];
