import { newIn } from "../engine/kinds";
import { describeWithTools } from "../engine/requirements";
import { region } from "../region";
import { InstalledCluster, type Named } from "./installed-cluster";
import { until } from "../engine/until";

const MINUTE_MS = 60_000;
const domain = "shop.waf.okd.example.com";
const role = "node-role.kubernetes.io/infra";

const publicZone = `
zones = boto3.client("route53").list_hosted_zones_by_name(DNSName="okd.example.com")["HostedZones"]
print(json.dumps([zone["Id"].split("/")[-1] for zone in zones if not zone["Config"]["PrivateZone"]]))
`;

/** The settings of the load balancer with WAF and its parts, read by AWS's own client. */
const readLoadBalancer = `
elb, waf, acm = boto3.client("elbv2"), boto3.client("wafv2"), boto3.client("acm")
[balancer] = [each for each in elb.describe_load_balancers()["LoadBalancers"] if each["Type"] == "application"]
arn = balancer["LoadBalancerArn"]
[group] = elb.describe_target_groups(LoadBalancerArn=arn)["TargetGroups"]
health = elb.describe_target_health(TargetGroupArn=group["TargetGroupArn"])["TargetHealthDescriptions"]
listeners = elb.describe_listeners(LoadBalancerArn=arn)["Listeners"]
[secure] = [each for each in listeners if each["Protocol"] == "HTTPS"]
certificate = acm.describe_certificate(CertificateArn=secure["Certificates"][0]["CertificateArn"])["Certificate"]
acl = waf.get_web_acl_for_resource(ResourceArn=arn).get("WebACL", {})
logging = waf.get_logging_configuration(ResourceArn=acl["ARN"])["LoggingConfiguration"]
print(json.dumps({
    "scheme": balancer["Scheme"],
    "zones": sorted(zone["ZoneName"] for zone in balancer["AvailabilityZones"]),
    "health": sorted(each["TargetHealth"]["State"] for each in health),
    "targets": sorted(each["Target"]["Id"] for each in health),
    "listeners": sorted(f'{each["Protocol"]} {each["Port"]} {each["DefaultActions"][0]["Type"]}' for each in listeners),
    "certificate": [certificate["DomainName"], certificate["Status"]],
    "rules": [rule["Name"] for rule in sorted(acl["Rules"], key=lambda rule: rule["Priority"])],
    "log": logging["LogDestinationConfigs"][0].split(":log-group:")[1].split("-", 3)[:3],
    "name": balancer["DNSName"],
}))
`;

interface Node extends Named {
  readonly metadata: Named["metadata"] & { readonly labels: Readonly<Record<string, string>> };
  readonly spec: { readonly providerID: string; readonly taints?: readonly { readonly key: string; readonly effect: string }[] };
}

interface WafLoadBalancer {
  readonly targets: readonly string[];
  readonly health: readonly string[];
  readonly name: string;
}

/**
 * Installs a cluster with infra nodes, to which the default router and the image registry move. A router shard runs on the infra nodes behind a
 * load balancer with WAF. The tests check the account and the cluster.
 */
describeWithTools("a cluster with infra nodes and a router shard behind a load balancer with WAF", () => {
  let cluster: InstalledCluster;

  beforeAll(async () => {
    cluster = await InstalledCluster.open("waf", {
      clusterName: "waf",
      baseDomain: "okd.example.com",
      workerCount: 2,
      infraCount: 2,
      adminCidrs: ["198.51.100.0/24"],
    });
    const [zoneId] = (await cluster.topology.boto(publicZone)) as [string];
    const waf = { rateLimit: 2000, blocked: ["192.0.2.0/24"], alwaysAllowed: ["198.51.100.7/32"] };
    const namespaceSelector = { matchLabels: { exposure: "public" } };
    cluster.set({
      routerShards: [{ name: "shop", domain, scope: "External", namespaceSelector, infraNodes: ["infra-0", "infra-1"], zoneId, waf }],
    });
  });

  afterAll(async () => {
    await cluster.topology.close();
  }, MINUTE_MS);

  test("is installed by one update, with nothing to change afterwards", async () => {
    await cluster.install();
    expect(await cluster.isAvailable()).toBe(true);
    await cluster.topology.expectNoChanges();
  });

  test("has infra nodes with only the infra role and its taint, and runs its default router and image registry on them", async () => {
    const nodes = await cluster.objects<Node>("nodes");
    expect(nodes).toHaveLength(7);
    const infra = nodes.filter(({ metadata }) => role in metadata.labels);
    expect(infra.map(({ metadata }) => metadata.labels["okd-aws/router"])).toEqual(["shop", "shop"]);
    const taints = nodes.map(({ metadata, spec }) => [role in metadata.labels, (spec.taints ?? []).filter(({ key }) => key === role)]);
    expect(taints.filter(([isInfra]) => isInfra)).toEqual([1, 2].map(() => [true, [{ key: role, effect: "NoSchedule" }]]));
    expect(taints.filter(([isInfra]) => !isInfra)).toEqual([1, 2, 3, 4, 5].map(() => [false, []]));
    const routers = await cluster.objects<{ metadata: { name: string }; spec: { nodePlacement?: { nodeSelector?: object } } }>(
      ...["ingresscontrollers", "--namespace", "openshift-ingress-operator"],
    );
    const main = routers.find(({ metadata }) => metadata.name === "default");
    expect(main?.spec.nodePlacement?.nodeSelector).toEqual({ matchLabels: { [role]: "" } });
    const registries = await cluster.objects<{ spec: { nodeSelector?: object } }>("configs.imageregistry.operator.openshift.io");
    expect(registries.map(({ spec }) => spec.nodeSelector)).toEqual([{ [role]: "" }]);
  });

  test("has a load balancer with WAF whose certificate is issued, whose WAF rules are in order and whose targets are healthy", async () => {
    const read = async () => (await cluster.topology.boto(readLoadBalancer)) as WafLoadBalancer;
    await until("the targets are healthy", async () => (await read()).health.every((state) => state === "healthy"));
    const { name, targets, ...balancer } = await read();
    expect(balancer).toEqual({
      scheme: "internet-facing",
      zones: ["us-east-1a", "us-east-1b"],
      health: ["healthy", "healthy"],
      listeners: ["HTTP 80 redirect", "HTTPS 443 forward"],
      certificate: [`*.${domain}`, "ISSUED"],
      rules: expect.arrayContaining(["blocked", "allowed", "rate"]) as unknown,
      log: ["aws", "waf", "logs"],
    });
    const instances = cluster.stack.made(region, "ec2/instances").filter(({ Tags }) => /^infra-/.test(cluster.stack.suffix(Tags)));
    expect(targets).toEqual(instances.map(({ InstanceId }) => InstanceId).sort());
    expect((await cluster.topology.outputs()).routers).toMatchObject({ shop: { domain, balancer: name } });
  });

  test("has no healthy target after the security group rule for the health check is deleted", async () => {
    const closed = await cluster.topology.boto(closeHealthPort, cluster.stack.infraId);
    expect(closed).toBe(1);
    const read = async () => ((await cluster.topology.boto(readLoadBalancer)) as WafLoadBalancer).health;
    await until("no target is healthy", async () => !(await read()).includes("healthy"));
    expect(await read()).toEqual(["unhealthy", "unhealthy"]);
  });

  test("is destroyed, and leaves the account as it was", async () => {
    const { before } = cluster.stack;
    await cluster.topology.destroy();
    expect(newIn(before, await cluster.topology.inventory())).toEqual({});
  });
});

/** Deletes the rule that lets the load balancer check the router's health. Returns the number of deleted rules. */
const closeHealthPort = `
ec2 = boto3.client("ec2")
rules = ec2.describe_security_group_rules()["SecurityGroupRules"]
found = [rule for rule in rules if not rule["IsEgress"] and rule.get("FromPort") == 1936 and rule.get("ReferencedGroupInfo") and "WAF" in rule.get("Description", "")]
for rule in found:
    ec2.revoke_security_group_ingress(GroupId=rule["GroupId"], SecurityGroupRuleIds=[rule["SecurityGroupRuleId"]])
print(len(found))
`;
