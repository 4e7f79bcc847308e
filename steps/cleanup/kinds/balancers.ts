import {
  DeleteLoadBalancerCommand as DeleteClassicCommand,
  DescribeTagsCommand as DescribeClassicTagsCommand,
  paginateDescribeLoadBalancers as paginateClassic,
} from "@aws-sdk/client-elastic-load-balancing";
import {
  DeleteLoadBalancerCommand,
  DeleteTargetGroupCommand,
  DescribeTagsCommand,
  type ElasticLoadBalancingV2Client,
  paginateDescribeLoadBalancers,
  paginateDescribeTargetGroups,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { batches } from "../batches";
import { type ClusterResource, isOwned, type ResourceKind, type CleanupContext, type CleanupTarget } from "../resource-kind";
import { collectPages } from "../../../lib/aws/pages";

/** Maximum number of load balancers per request for tags (Elastic Load Balancing, `DescribeTags`). */
const perQuestion = 20;

/** A load balancer with its DNS name, to which records point. */
export interface OwnedBalancer extends ClusterResource {
  readonly dnsName: string;
}

/** Classic Load Balancers, which the cloud controller creates for Services and the router. */
export const classicBalancers: ResourceKind<OwnedBalancer> = {
  name: "classic load balancers",
  arns: /^arn:[^:]+:elasticloadbalancing:.*:loadbalancer\/(?!(net|app|gwy)\/)/,
  async list({ target, clients: { classic: client } }) {
    const all = (await collectPages(paginateClassic({ client }, {}), (page) => page.LoadBalancerDescriptions)).filter(
      ({ VPCId }) => VPCId === target.vpcId,
    );
    const owned = new Set<string>();
    for (const part of batches(all, perQuestion)) {
      const names = part.map(({ LoadBalancerName = "" }) => LoadBalancerName);
      const { TagDescriptions = [] } = await client.send(new DescribeClassicTagsCommand({ LoadBalancerNames: names }));
      for (const { LoadBalancerName = "", Tags } of TagDescriptions) if (isOwned(Tags, target)) owned.add(LoadBalancerName);
    }
    return all
      .map(({ LoadBalancerName = "", DNSName = "" }) => ({ id: LoadBalancerName, dnsName: DNSName }))
      .filter(({ id }) => owned.has(id));
  },
  async remove({ id }, { clients }) {
    await clients.classic.send(new DeleteClassicCommand({ LoadBalancerName: id }));
  },
};

/** Network and Application Load Balancers; AWS deletes the listeners with the load balancer. */
export const balancers: ResourceKind<OwnedBalancer> = {
  name: "load balancers",
  arns: /^arn:[^:]+:elasticloadbalancing:.*:(loadbalancer\/(net|app|gwy)\/|listener)/,
  async list({ target, clients: { balancing: client } }) {
    const all = await collectPages(paginateDescribeLoadBalancers({ client }, {}), (page) => page.LoadBalancers);
    const here = all.filter(({ VpcId }) => VpcId === target.vpcId);
    return ownedOf(
      here.map(({ LoadBalancerArn = "", DNSName = "" }) => ({ id: LoadBalancerArn, dnsName: DNSName })),
      target,
      client,
    );
  },
  async remove({ id }, { clients }) {
    await clients.balancing.send(new DeleteLoadBalancerCommand({ LoadBalancerArn: id }));
  },
};

/** Target groups, which outlive their load balancers. */
export const targetGroups: ResourceKind = {
  name: "target groups",
  arns: /^arn:[^:]+:elasticloadbalancing:.*:targetgroup\//,
  async list({ target, clients: { balancing: client } }) {
    const all = await collectPages(paginateDescribeTargetGroups({ client }, {}), (page) => page.TargetGroups);
    const here = all.filter(({ VpcId }) => VpcId === target.vpcId);
    return ownedOf(
      here.map(({ TargetGroupArn = "" }) => ({ id: TargetGroupArn })),
      target,
      client,
    );
  },
  async remove({ id }, { clients }) {
    await clients.balancing.send(new DeleteTargetGroupCommand({ TargetGroupArn: id }));
  },
};

/** DNS names of the cluster's load balancers. */
export async function balancerNames(context: CleanupContext): Promise<string[]> {
  const found = await Promise.all([classicBalancers.list(context), balancers.list(context)]);
  return found.flat().map(({ dnsName }) => dnsName);
}

async function ownedOf<Thing extends ClusterResource>(
  things: readonly Thing[],
  target: CleanupTarget,
  client: ElasticLoadBalancingV2Client,
): Promise<Thing[]> {
  const owned = new Set<string | undefined>();
  for (const part of batches(things, perQuestion)) {
    const { TagDescriptions = [] } = await client.send(new DescribeTagsCommand({ ResourceArns: part.map(({ id }) => id) }));
    for (const { ResourceArn, Tags } of TagDescriptions) if (isOwned(Tags, target)) owned.add(ResourceArn);
  }
  return things.filter(({ id }) => owned.has(id));
}
