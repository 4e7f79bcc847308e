import {
  type InjectedFailure,
  must,
  networkOf,
  machineIn,
  group,
  int,
  targetGroup,
  removeRecord,
  removeRule,
  internalName,
} from "./scene-parts";

/** Failures between a client and an instance: names, load balancers, security groups. */
export const loadBalancerFailures: readonly InjectedFailure[] = [
  // DNS
  [
    "DNS support",
    (scene) => (networkOf(scene).dnsSupport = false),
    "DNS",
    "VPC vpc-1 has enableDnsSupport turned off, so its instances can't resolve the cluster's names",
  ],
  [
    "DNS hostnames",
    (scene) => (networkOf(scene).dnsHostnames = false),
    "DNS",
    "VPC vpc-1 has enableDnsHostnames turned off, so its instances can't resolve the cluster's names",
  ],
  [
    "the private zone",
    ({ evidence }) => Object.assign(evidence.dns, { associated: [], privateZones: [] }),
    "DNS",
    "the private zone dev.example.com does not exist, so the instances can't resolve api-int.dev.example.com",
  ],
  [
    "the private zone's VPC",
    ({ evidence }) => Object.assign(evidence.dns, { associated: [] }),
    "DNS",
    "private zone dev.example.com (ZPRIVATE) isn't associated with VPC vpc-1, so the instances can't resolve api-int.dev.example.com",
  ],
  [
    "api-int",
    (scene) => removeRecord(scene, "ZPRIVATE", "api-int.dev.example.com"),
    "DNS",
    "api-int.dev.example.com has no record in private zone ZPRIVATE",
  ],
  [
    "api inside",
    (scene) => removeRecord(scene, "ZPRIVATE", "api.dev.example.com"),
    "DNS",
    "api.dev.example.com has no record in private zone ZPRIVATE",
  ],
  [
    "api outside",
    (scene) => removeRecord(scene, "ZPUBLIC", "api.dev.example.com"),
    "DNS",
    "api.dev.example.com has no record in public zone ZPUBLIC",
  ],
  [
    "api-int's target",
    ({ evidence }) =>
      (must(must(evidence.dns.records[1]).found[0]).AliasTarget = {
        HostedZoneId: "Z0",
        DNSName: "old.elb.amazonaws.com.",
        EvaluateTargetHealth: false,
      }),
    "DNS",
    `api-int.dev.example.com in private zone ZPRIVATE points to old.elb.amazonaws.com, not to the internal load balancer ${internalName}`,
  ],
  [
    "the public zone",
    ({ evidence }) => (evidence.dns.publicZone = null),
    "DNS",
    "the public zone example.com does not exist, so nobody outside the VPC can resolve api.dev.example.com",
  ],
  // Load balancers
  [
    "the balancer's state",
    (scene) => (int(scene).balancer.State = { Code: "failed", Reason: "no addresses" }),
    "load balancer",
    "load balancer dev-abcde-int is failed (no addresses), not active",
  ],
  [
    "the balancer's scheme",
    (scene) => (int(scene).balancer.Scheme = "internet-facing"),
    "load balancer",
    "load balancer dev-abcde-int is internet-facing, not internal",
  ],
  [
    "the balancer's VPC",
    (scene) => (int(scene).balancer.VpcId = "vpc-2"),
    "load balancer",
    "load balancer dev-abcde-int is in VPC vpc-2, but the instances are in vpc-1",
  ],
  [
    "the external balancer",
    ({ evidence }) => (evidence.balancing.balancers.ext = null),
    "load balancer",
    "load balancer dev-abcde-ext doesn't exist",
  ],
  ["a listener", (scene) => must(int(scene).listeners).pop(), "load balancer", "load balancer dev-abcde-int has no listener on port 22623"],
  [
    "a listener's target",
    (scene) => (must(must(int(scene).listeners)[0]).DefaultActions = [{ Type: "forward", TargetGroupArn: "other" }]),
    "load balancer",
    "load balancer dev-abcde-int doesn't forward port 6443 to target group dev-abcde-aint",
  ],
  [
    "the health check's path",
    (scene) => (targetGroup(scene, "aint").group.HealthCheckPath = "/"),
    "load balancer",
    "target group dev-abcde-aint has health check path /, not /readyz",
  ],
  [
    "the health check's protocol",
    (scene) => (targetGroup(scene, "sint").group.HealthCheckProtocol = "TCP"),
    "load balancer",
    "target group dev-abcde-sint has health check protocol TCP, not HTTPS",
  ],
  [
    "the target type",
    (scene) => (targetGroup(scene, "aext").group.TargetType = "instance"),
    "load balancer",
    "target group dev-abcde-aext has target type instance, not ip",
  ],
  [
    "a target group",
    ({ evidence }) => (evidence.balancing.targets.sint = null),
    "load balancer",
    "target group dev-abcde-sint doesn't exist",
  ],
  [
    "a target",
    (scene) => must(targetGroup(scene, "aint").health).pop(),
    "load balancer",
    "master-0 (i-master-0) isn't registered in target group dev-abcde-aint as 10.0.16.5:6443",
  ],
  // Security groups
  [
    "the API's rule",
    (scene) => {
      removeRule(scene, "sg-masters", 6443, "10.0.0.0/16");
    },
    "security group",
    "security group dev-abcde-master-sg (sg-masters) doesn't allow tcp 6443 from 10.0.0.0/16: Kubernetes API, through the load balancers",
  ],
  [
    "etcd's rule",
    (scene) => {
      removeRule(scene, "sg-masters", 2379, "sg-masters");
    },
    "security group",
    "security group dev-abcde-master-sg (sg-masters) doesn't allow tcp 2379-2380 from dev-abcde-master-sg (sg-masters): etcd",
  ],
  [
    "Geneve's rule, one way",
    (scene) => {
      removeRule(scene, "sg-workers", 6081, "sg-masters");
    },
    "security group",
    "security group dev-abcde-worker-sg (sg-workers) doesn't allow udp 6081 from dev-abcde-master-sg (sg-masters): Geneve",
  ],
  [
    "a rule that got too narrow",
    (scene) =>
      (must(group(scene, "sg-masters").IpPermissions?.find(({ FromPort }) => FromPort === 22623)).IpRanges = [{ CidrIp: "10.0.0.0/20" }]),
    "security group",
    "security group dev-abcde-master-sg (sg-masters) doesn't allow tcp 22623 from 10.0.0.0/16: machine config server",
  ],
  [
    "the internal balancer's rule for the machine config server",
    (scene) => {
      removeRule(scene, "sg-int", 22623, "10.0.0.0/16");
    },
    "security group",
    "the security group of load balancer dev-abcde-int (sg-int) doesn't allow tcp 22623 from 10.0.0.0/16: machine config server",
  ],
  [
    "the internal load balancer's egress",
    (scene) => (group(scene, "sg-int").IpPermissionsEgress = []),
    "security group",
    "the security group of load balancer dev-abcde-int (sg-int) doesn't allow all outbound traffic",
  ],
  [
    "a security group's egress",
    (scene) => (group(scene, "sg-workers").IpPermissionsEgress = []),
    "security group",
    "security group dev-abcde-worker-sg (sg-workers) doesn't allow all outbound traffic",
  ],
  [
    "a machine's group",
    (scene) => (machineIn(scene, "bootstrap").instance.SecurityGroups = [{ GroupId: "sg-bootstrap" }]),
    "security group",
    "bootstrap (i-bootstrap) doesn't have security group dev-abcde-master-sg",
  ],
  [
    "the cluster's tag on more than one security group",
    (scene) => must(group(scene, "sg-bootstrap").Tags).push({ Key: "kubernetes.io/cluster/dev-abcde", Value: "owned" }),
    "security group",
    "bootstrap (i-bootstrap) has 2 security groups with the tag kubernetes.io/cluster/dev-abcde, so the cluster adds no load balancer's rules to any of them",
  ],
];
