import type { ResourceChange } from "../../../../lib/pulumi/change";
import { impactOf } from "../../../../tools/plan/impact";
import type { ImpactCase } from "./impact-case";
import { elasticCases } from "./elastic-impacts";
import { loggingCases } from "./logging-impacts";
import { operatorCases } from "./operator-impacts";

const bucket = "aws:s3/bucket:Bucket";
const router = "kubernetes:operator.openshift.io/v1:IngressController";
const domain = (name: string) => ({ spec: { domain: name } });

const cases: readonly ImpactCase[] = [
  {
    what: "a bucket of backups is deleted",
    operation: "delete",
    type: bucket,
    name: "etcd-backup-bucket",
    means: ["loses data", /bucket with all backups/],
  },
  { what: "another bucket goes", operation: "delete", type: bucket, name: "assets", means: ["loses data", /all objects in it/] },
  {
    what: "a bucket's access block is deleted",
    operation: "delete",
    type: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    means: ["loses protection", /may make it public/],
  },
  {
    what: "a kind is deleted",
    operation: "delete",
    type: "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition",
    means: ["loses data", /all its objects/],
  },
  { what: "a bucket is created", operation: "create", type: bucket, name: "etcd-backup-bucket" },
  {
    what: "objects expire earlier",
    operation: "update",
    type: "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    means: ["loses data", /expire/],
  },
  { what: "the rules of a new bucket", operation: "create", type: "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration" },
  {
    what: "the file system of shared volumes is removed",
    operation: "delete",
    type: "aws:efs/fileSystem:FileSystem",
    means: ["loses data", /unless efsKeepFileSystem is true/],
  },
  { what: "a mount target is replaced", operation: "replace", type: "aws:efs/mountTarget:MountTarget", means: ["interrupts", /hang/] },
  { what: "a file system's throughput mode", operation: "update", type: "aws:efs/fileSystem:FileSystem", fields: ["throughputMode"] },
  {
    what: "a file system that a destroy will delete",
    operation: "update",
    type: "aws:efs/fileSystem:FileSystem",
    before: { tags: { "okd-aws/keep": "true" } },
    after: { tags: { "okd-aws/keep": "false" } },
    means: ["loses protection", /later destroy delete the file system/],
  },
  {
    what: "a file system that a destroy will keep",
    operation: "update",
    type: "aws:efs/fileSystem:FileSystem",
    before: { tags: { "okd-aws/keep": "false" } },
    after: { tags: { "okd-aws/keep": "true" } },
  },
  {
    what: "a file system's policy",
    operation: "update",
    type: "aws:efs/fileSystemPolicy:FileSystemPolicy",
    fields: ["policy"],
    means: ["interrupts", /without TLS/],
  },
  {
    what: "the backup of a file system",
    operation: "update",
    type: "aws:efs/backupPolicy:BackupPolicy",
    fields: ["backupPolicy"],
    means: ["loses protection", /AWS Backup/],
  },
  { what: "a firewall goes", operation: "delete", type: "aws:wafv2/webAcl:WebAcl", means: ["interrupts", /requests are not filtered/] },
  { what: "a firewall's rules", operation: "update", type: "aws:wafv2/webAcl:WebAcl", fields: ["rules"] },
  {
    what: "a certificate is replaced",
    operation: "replace",
    type: "aws:acm/certificate:Certificate",
    means: ["interrupts", /certificate/],
  },
  {
    what: "a shard's load balancer is deleted",
    operation: "delete",
    type: "aws:lb/loadBalancer:LoadBalancer",
    means: ["interrupts", /its services are down/],
  },
  {
    what: "the API's load balancer is replaced",
    operation: "replace",
    type: "aws:lb/loadBalancer:LoadBalancer",
    parent: "okd:network:LoadBalancers",
    means: ["interrupts", /interrupts the API/],
  },
  {
    what: "a shard moves",
    operation: "replace",
    type: router,
    fields: ["spec.domain"],
    before: domain("a.example"),
    after: domain("b.example"),
    means: ["interrupts", /from \*\.a\.example to \*\.b\.example: every application under the old domain is down/],
  },
  {
    what: "a shard goes",
    operation: "delete",
    type: router,
    before: domain("a.example"),
    means: ["interrupts", /can't be reached there any more/],
  },
  { what: "a shard grows", operation: "update", type: router, fields: ["spec.replicas"], means: ["restarts", /router's pods/] },
  {
    what: "login changes",
    operation: "update",
    type: "kubernetes:config.openshift.io/v1:OAuthPatch",
    means: ["restarts", /login servers/],
  },
  {
    what: "masters are configured",
    operation: "update",
    type: "kubernetes:machineconfiguration.openshift.io/v1:MachineConfig",
    name: "machine-configs-99-master-okd-aws-etcd-backup",
    means: ["restarts", /restarts all control plane nodes one by one/],
  },
  {
    what: "the role label of a MachineConfig names its pool",
    operation: "create",
    type: "kubernetes:machineconfiguration.openshift.io/v1:MachineConfig",
    after: { metadata: { labels: { "machineconfiguration.openshift.io/role": "worker" } } },
    means: ["restarts", /restarts all worker nodes one by one/],
  },
  {
    what: "users who log in with a password change",
    operation: "update",
    type: "command:local:Command",
    parent: "okd:cluster:HtpasswdUsers",
    means: ["interrupts", /who can log in/],
  },
  {
    what: "Grafana gets other groups",
    operation: "update",
    type: "kubernetes:grafana.integreatly.org/v1beta1:Grafana",
    parent: "okd:cluster:Grafana",
    fields: ['spec.config["auth.generic_oauth"].role_attribute_path'],
    means: ["restarts", /^restarts Grafana: everybody logs in again, and dashboards and tokens that somebody has made/],
  },
  {
    what: "Grafana is switched off",
    operation: "delete",
    type: "kubernetes:grafana.integreatly.org/v1beta1:Grafana",
    parent: "okd:cluster:Grafana",
    means: ["interrupts", /^removes Grafana/],
  },
  {
    what: "a dashboard changes",
    operation: "update",
    type: "kubernetes:grafana.integreatly.org/v1beta1:GrafanaDashboard",
    parent: "okd:cluster:Grafana",
    fields: ["spec.json"],
  },
  {
    what: "monitoring has other settings",
    operation: "update",
    type: "kubernetes:core/v1:ConfigMapPatch",
    parent: "okd:cluster:Monitoring",
    means: ["restarts", /metrics and silences that are not on a volume are lost/],
  },
  {
    what: "kubeadmin goes",
    operation: "create",
    type: "command:local:Command",
    name: "authentication-kubeadmin",
    means: ["can't be undone", /can't be restored/],
  },
  {
    what: "another release",
    operation: "update",
    type: "command:local:Command",
    name: "release",
    parent: "okd:cluster:Release",
    after: { create: '{"version":"4.19.1","force":false}' },
    means: ["can't be undone", /to 4\.19\.1: all nodes restart/],
  },
  {
    what: "the same release, forced",
    operation: "update",
    type: "command:local:Command",
    name: "release",
    parent: "okd:cluster:Release",
    before: { create: '{"version":"4.19.1","image":"x","force":false,"acceptRisks":false}' },
    after: { create: '{"version":"4.19.1","image":"x","force":true,"acceptRisks":false}' },
    means: ["can't be undone", /to 4\.19\.1: all nodes restart/],
  },
  {
    what: "the same release, whose risks are no longer accepted",
    operation: "update",
    type: "command:local:Command",
    name: "release",
    parent: "okd:cluster:Release",
    before: { create: '{"version":"4.19.1","image":"x","force":false,"acceptRisks":true}' },
    after: { create: '{"version":"4.19.1","image":"x","force":false,"acceptRisks":false}' },
  },
  {
    what: "the same release, with a gate acknowledged",
    operation: "update",
    type: "command:local:Command",
    name: "release",
    parent: "okd:cluster:Release",
    before: { create: '{"version":"4.19.1","force":false,"acceptRisks":false}' },
    after: { create: '{"version":"4.19.1","force":false,"acceptRisks":false,"acknowledgedGates":["ack-4.19-a"]}' },
  },
  {
    what: "a release that is not known yet",
    operation: "update",
    type: "command:local:Command",
    name: "release",
    parent: "okd:cluster:Release",
    before: { create: '{"version":"4.19.1","force":false,"acceptRisks":false}' },
    after: { create: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" },
    means: ["can't be undone", /to another release: all nodes restart/],
  },
  ...operatorCases,
  ...elasticCases,
  ...loggingCases,
  { what: "a worker is created", operation: "create", type: "aws:ec2/instance:Instance", name: "workers-3" },
  {
    what: "a worker goes",
    operation: "delete",
    type: "aws:ec2/instance:Instance",
    name: "workers-3",
    means: ["interrupts", /drain its node/],
  },
  {
    what: "a master goes",
    operation: "replace",
    type: "aws:ec2/instance:Instance",
    name: "masters-1",
    means: ["loses data", /etcd member/],
  },
  { what: "tags", operation: "update", type: "aws:ec2/instance:Instance", name: "masters-1", fields: ["tags.Name"] },
];

test.each(cases)(
  "the impact of a change: $what",
  ({ operation, type, name = "thing", parent, before = {}, after = {}, fields = [], means }) => {
    const urn = `urn:pulumi:dev::okd-aws::${parent === undefined ? "" : `${parent}$`}${type}::${name}`;
    const change: ResourceChange = { operation, urn, type, name, before, after, fields, protected: false };
    const impact = impactOf(change);
    expect(impact?.severity).toBe(means?.[0]);
    expect(impact?.text ?? "").toMatch(means?.[1] ?? /^$/);
  },
);
