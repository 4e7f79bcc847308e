import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { DescribeSecurityGroupsCommand, EC2Client, StopInstancesCommand, TerminateInstancesCommand } from "@aws-sdk/client-ec2";
import { DescribeLoadBalancersCommand, ElasticLoadBalancingClient } from "@aws-sdk/client-elastic-load-balancing";
import {
  DescribeLoadBalancersCommand as DescribeNetworkBalancersCommand,
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { recordedCalls } from "@okd-aws/sandbox/aws";
import { clientConfiguration } from "../../lib/aws/client";

interface Condition {
  readonly type: string;
  readonly status: string;
}

interface Node {
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
  readonly spec: { readonly providerID: string; readonly taints?: readonly { readonly key: string }[] };
  readonly status: {
    readonly addresses: readonly { readonly type: string; readonly address: string }[];
    readonly conditions: readonly Condition[];
  };
}

interface Named {
  readonly metadata: { readonly name: string };
}

interface Pod {
  readonly spec: { readonly nodeName: string };
  readonly status: { readonly conditions: readonly Condition[] };
}

const idOf = ({ spec }: Node): string => spec.providerID.replace(/^.*\//, "");
const statusOf = (conditions: readonly Condition[], wanted: string) => conditions.find(({ type }) => type === wanted)?.status;

interface SimulatedCluster {
  readonly kubectl: (...args: string[]) => Promise<string>;
  readonly directory: string;
  readonly infraId: string;
  readonly region: string;
}

async function listOf<T>({ kubectl }: SimulatedCluster, ...args: string[]): Promise<T[]> {
  return (JSON.parse(await kubectl("get", ...args, "-o", "json")) as { items: T[] }).items;
}

const nodesOf = (cluster: SimulatedCluster) => listOf<Node>(cluster, "nodes");

function routerPods(cluster: SimulatedCluster): Promise<Pod[]> {
  const selector = "ingresscontroller.operator.openshift.io/deployment-ingresscontroller=default";
  return listOf<Pod>(cluster, "pods", "-n", "openshift-ingress", "-l", selector);
}

/** Waits until a question has the wanted answer. */
async function until<T>(ask: () => Promise<T>, wanted: T): Promise<void> {
  let found = await ask();
  for (const deadline = Date.now() + 90_000; !isDeepStrictEqual(found, wanted) && Date.now() < deadline; found = await ask())
    await sleep(500);
  expect(found).toEqual(wanted);
}

/** The tests of the AWS cloud controller and of the routers' pods in an installed cluster. */
export function testCloudController(cluster: () => SimulatedCluster): void {
  it("has nodes that the AWS cloud controller has initialised, with the permissions of the control plane instances", async () => {
    for (const { metadata, spec, status } of await nodesOf(cluster())) {
      expect(metadata.labels).toMatchObject({
        "node.kubernetes.io/instance-type": "m6i.xlarge",
        "topology.kubernetes.io/region": "us-east-1",
        "topology.kubernetes.io/zone": "us-east-1a",
      });
      expect((spec.taints ?? []).map(({ key }) => key).filter((key) => key.includes("cloudprovider"))).toEqual([]);
      expect(status.addresses.map(({ type }) => type)).toEqual(expect.arrayContaining(["InternalIP", "InternalDNS", "Hostname"]));
    }
    const calls = recordedCalls(readFileSync(join(cluster().directory, "aws", "calls.jsonl"), "utf8"));
    const own = calls.filter(({ role }) => role === `${cluster().infraId}-master-role`);
    expect(own.map(({ action }) => action)).toEqual(
      expect.arrayContaining(["ec2:DescribeInstances", "ec2:AuthorizeSecurityGroupIngress", "elasticloadbalancing:CreateLoadBalancer"]),
    );
    const failed = own.filter(({ status }) => status >= 400).map(({ action, error }) => `${action} ${error ?? ""}`);
    expect([...new Set(failed)]).toEqual(["elasticloadbalancing:DescribeLoadBalancers LoadBalancerNotFound"]);
  });

  it("has a load balancer with all nodes, of which those with a router's pod are healthy", async () => {
    const nodes = await nodesOf(cluster());
    const { LoadBalancerDescriptions: [balancer] = [] } = await new ElasticLoadBalancingClient(clientConfiguration(cluster().region)).send(
      new DescribeLoadBalancersCommand({}),
    );
    const targets = (balancer.Instances ?? []).map(({ InstanceId = "" }) => InstanceId);
    expect(targets.sort()).toEqual(nodes.map(idOf).sort());
    const hosts = (await routerPods(cluster())).map(({ spec }) => spec.nodeName).sort();
    expect(hosts).toEqual(
      nodes
        .filter(({ metadata }) => "node-role.kubernetes.io/worker" in metadata.labels)
        .map(({ metadata }) => metadata.name)
        .sort(),
    );
    const port = balancer.ListenerDescriptions?.find(({ Listener }) => Listener?.LoadBalancerPort === 443)?.Listener?.InstancePort ?? 0;
    const health = JSON.parse(readFileSync(join(cluster().directory, "aws", "target-health.json"), "utf8")) as Record<
      string,
      Record<string, { state: string }>
    >;
    const healthy = Object.entries(health[`${balancer.LoadBalancerName ?? ""}:${port}`]).filter(([, { state }]) => state === "healthy");
    const expected = nodes.filter(({ metadata }) => hosts.includes(metadata.name)).map((node) => `${idOf(node)}:${port}`);
    expect(healthy.map(([target]) => target).sort()).toEqual(expected.sort());
  });
}

/** The test of a router with a Network Load Balancer. */
export function testFurtherRouter(cluster: () => SimulatedCluster): void {
  /** The resources that exist because of the router: load balancers and security group rules in AWS, and objects in the cluster. */
  const belongings = async () => {
    const configuration = clientConfiguration(cluster().region);
    const balancing = new ElasticLoadBalancingV2Client(configuration);
    const { LoadBalancers = [] } = await balancing.send(new DescribeNetworkBalancersCommand({}));
    const { TargetGroups = [] } = await balancing.send(new DescribeTargetGroupsCommand({}));
    const { SecurityGroups = [] } = await new EC2Client(configuration).send(new DescribeSecurityGroupsCommand({}));
    const ranges = SecurityGroups.flatMap(({ IpPermissions = [] }) => IpPermissions.flatMap(({ IpRanges = [] }) => IpRanges));
    const deployments = await listOf<Named>(cluster(), "deployments,services", "-n", "openshift-ingress");
    return {
      balancers: LoadBalancers.filter(({ Scheme }) => Scheme === "internet-facing").length,
      targetGroups: TargetGroups.filter(({ TargetGroupName = "" }) => TargetGroupName.startsWith("k8s-")).map(
        ({ HealthCheckProtocol, HealthCheckPath, HealthCheckIntervalSeconds }) =>
          `${HealthCheckProtocol ?? ""} ${HealthCheckPath ?? ""} ${HealthCheckIntervalSeconds ?? 0}`,
      ),
      rules: ranges.some(({ Description = "" }) => Description.startsWith("kubernetes.io/rule/nlb/client=")),
      objects: deployments.filter(({ metadata }) => metadata.name === "router-extra").length,
    };
  };

  it("gives a further router a Network Load Balancer, and deletes with the router everything that belongs to it", async () => {
    const { kubectl, directory } = cluster();
    const before = await belongings();
    const file = join(directory, "router.yaml");
    const aws = { type: "AWS", aws: { type: "NLB" } };
    const endpointPublishingStrategy = { type: "LoadBalancerService", loadBalancer: { scope: "External", providerParameters: aws } };
    const metadata = { name: "extra", namespace: "openshift-ingress-operator" };
    const spec = { domain: "extra.dev.okd.example.com", endpointPublishingStrategy };
    writeFileSync(file, JSON.stringify({ apiVersion: "operator.openshift.io/v1", kind: "IngressController", metadata, spec }));
    await kubectl("apply", "-f", file);
    await kubectl("wait", "-f", file, "--for=condition=Available", "--timeout=90s");
    expect(await belongings()).toEqual({
      balancers: before.balancers + 1,
      targetGroups: ["HTTP /healthz 10", "HTTP /healthz 10"],
      rules: true,
      objects: 2,
    });
    await kubectl("delete", "-f", file, "--timeout=90s");
    await until(belongings, before);
  });
}

/** The test of a stopped and terminated worker. It must be the last one of a cluster. */
export function testStoppedInstance(cluster: () => SimulatedCluster): void {
  it("marks the pods of a stopped instance as not ready, takes the node out of service, and deletes it with the instance", async () => {
    const ec2 = new EC2Client(clientConfiguration(cluster().region));
    const name = (await routerPods(cluster()))[0].spec.nodeName;
    const nodes = () => nodesOf(cluster());
    const node = (await nodes()).find(({ metadata }) => metadata.name === name);
    const InstanceIds = [node === undefined ? "" : idOf(node)];
    await ec2.send(new StopInstancesCommand({ InstanceIds }));
    const states = async () => {
      const found = (await nodes()).find(({ metadata }) => metadata.name === name);
      const pods = (await routerPods(cluster())).filter(({ spec }) => spec.nodeName === name);
      return {
        node: statusOf(found?.status.conditions ?? [], "Ready"),
        pods: pods.map(({ status }) => statusOf(status.conditions, "Ready")),
        isShutDown: found?.spec.taints?.some(({ key }) => key === "node.cloudprovider.kubernetes.io/shutdown"),
      };
    };
    await until(states, { node: "Unknown", pods: ["False"], isShutDown: true });
    await ec2.send(new TerminateInstancesCommand({ InstanceIds }));
    await until(async () => (await nodes()).some(({ metadata }) => metadata.name === name), false);
  });
}
