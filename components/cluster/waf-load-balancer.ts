import { createHash } from "node:crypto";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Partition } from "../../config/partition";
import type { WafConfiguration } from "../../config/ingress/settings";
import type { PrivateZone } from "../dns";
import type { PoolMachine } from "../machines/machine-pool";
import type { Naming } from "../naming";
import type { Network } from "../network/network";
import { requestCertificate } from "./acm-certificate";
import { type PassthroughCheckArgs, refusePassthrough } from "./passthrough-check";
import { WebAcl } from "./web-acl";

/**
 * AWS's recommendation for HTTPS listeners: TLS 1.2 with forward secrecy, and 1.3 (Elastic Load Balancing, "Security policies for your
 * Application Load Balancer").
 */
const tlsPolicy = "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09";

/**
 * Port on which a router with host networking listens, and below it the port and path of its health check (openshift/cluster-ingress-operator,
 * `pkg/manifests/assets/router/deployment.yaml`).
 */
const routerPort = 443;
const health = { port: 1936, path: "/healthz/ready" };

/** TTL in seconds of a record that cannot be an alias. */
const cnameTtl = 60;

export interface WafLoadBalancerArgs extends PassthroughCheckArgs {
  readonly naming: Naming;
  readonly partition: Partition;
  readonly network: Network;
  /** Security group of the workers and infra nodes. */
  readonly workerSecurityGroupId: pulumi.Input<string>;
  /** The private hosted zone; undefined with user-managed DNS. */
  readonly privateZone: PrivateZone | undefined;
  readonly clusterDomain: string;
  readonly waf: WafConfiguration;
  /** Instances that the shard's router runs on. */
  readonly machines: readonly PoolMachine[];
}

/**
 * An Application Load Balancer with a web ACL in front of a router shard with host networking. The load balancers that the cluster creates
 * cannot have a WAF. The load balancer terminates TLS and opens a new TLS connection to the router.
 */
export class WafLoadBalancer extends pulumi.ComponentResource {
  readonly dnsName: pulumi.Output<string>;

  constructor(name: string, args: WafLoadBalancerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("okd:cluster:WafLoadBalancer", name, {}, opts);
    const { naming, network, shard, waf } = args;
    const parent = { parent: this };
    const named = { ...parent, deleteBeforeReplace: true };
    const groupId = this.createSecurityGroup(name, args);
    const checked = refusePassthrough(args);
    const balancer = new aws.lb.LoadBalancer(
      name,
      {
        // The name waits for the check, so the load balancer is created only after the check has found no passthrough routes.
        name: pulumi.all([naming.name(shortName(shard.name)), checked]).apply(([full]) => full),
        loadBalancerType: "application",
        internal: false,
        subnets: network.publicSubnets.map(({ id }) => id),
        securityGroups: [groupId],
        dropInvalidHeaderFields: true,
        tags: naming.tags(`${shard.name}-waf`),
      },
      { ...named, ...(network.publicRoute && { dependsOn: network.publicRoute }) },
    );
    const targetGroupArn = this.createTargets(name, args);
    this.createListeners(name, args, { loadBalancerArn: balancer.arn, targetGroupArn });
    const acl = new WebAcl(`${name}-acl`, { naming, shard: shard.name, waf }, parent);
    new aws.wafv2.WebAclAssociation(name, { resourceArn: balancer.arn, webAclArn: acl.arn }, named);
    this.writeRecords(name, args, balancer);
    this.dnsName = balancer.dnsName;
    this.registerOutputs();
  }

  /** Creates a security group for the load balancer that admits the clients, and the rules for its connections to the instances. */
  private createSecurityGroup(
    name: string,
    { naming, network, workerSecurityGroupId, shard, waf }: WafLoadBalancerArgs,
  ): pulumi.Output<string> {
    const parent = { parent: this };
    const description = `WAF in front of the router ${shard.name}`;
    // The security group does not get the cluster's tag: the cloud controller expects exactly one security group with the tag.
    const group = new aws.ec2.SecurityGroup(
      name,
      { vpcId: network.vpcId, description, tags: naming.tagsWithoutClusterTag(`${shard.name}-waf`) },
      parent,
    );
    for (const range of waf.allowedRanges.length === 0 ? ["0.0.0.0/0"] : waf.allowedRanges)
      for (const port of [80, 443])
        new aws.vpc.SecurityGroupIngressRule(
          `${name}-${port}-${range}`,
          { securityGroupId: group.id, description: "clients", cidrIpv4: range, ipProtocol: "tcp", fromPort: port, toPort: port },
          parent,
        );
    for (const port of [routerPort, health.port]) {
      const traffic = { description: `${description}, port ${port}`, ipProtocol: "tcp", fromPort: port, toPort: port };
      new aws.vpc.SecurityGroupEgressRule(
        `${name}-to-router-${port}`,
        { ...traffic, securityGroupId: group.id, referencedSecurityGroupId: workerSecurityGroupId },
        parent,
      );
      new aws.vpc.SecurityGroupIngressRule(
        `${name}-router-${port}`,
        { ...traffic, securityGroupId: workerSecurityGroupId, referencedSecurityGroupId: group.id },
        parent,
      );
    }
    return group.id;
  }

  /** Creates a target group and registers the router's instances. Returns the target group's ARN. */
  private createTargets(name: string, { naming, network, shard, machines }: WafLoadBalancerArgs): pulumi.Output<string> {
    const named = { parent: this, deleteBeforeReplace: true };
    const { arn } = new aws.lb.TargetGroup(
      name,
      {
        name: naming.name(shortName(shard.name)),
        vpcId: network.vpcId,
        protocol: "HTTPS",
        port: routerPort,
        targetType: "instance",
        healthCheck: {
          protocol: "HTTP",
          port: String(health.port),
          path: health.path,
          matcher: "200",
          interval: 10,
          healthyThreshold: 2,
          unhealthyThreshold: 2,
        },
        tags: naming.tags(`${shard.name}-waf`),
      },
      named,
    );
    for (const { key, instance } of machines)
      new aws.lb.TargetGroupAttachment(`${name}-${key}`, { targetGroupArn: arn, targetId: instance.id, port: routerPort }, named);
    return arn;
  }

  /** Creates the listeners for HTTPS, with a certificate, and for HTTP, which redirects to HTTPS. */
  private createListeners(
    name: string,
    { naming, shard, waf }: WafLoadBalancerArgs,
    {
      loadBalancerArn,
      targetGroupArn,
    }: { readonly loadBalancerArn: pulumi.Output<string>; readonly targetGroupArn: pulumi.Output<string> },
  ): void {
    const named = { parent: this, deleteBeforeReplace: true };
    const certificateArn = waf.certificateArn ?? requestCertificate(name, { naming, shard, zoneId: waf.zoneId }, { parent: this });
    const listener = { loadBalancerArn, tags: naming.tags(`${shard.name}-waf`) };
    new aws.lb.Listener(
      `${name}-https`,
      {
        ...listener,
        port: 443,
        protocol: "HTTPS",
        sslPolicy: tlsPolicy,
        certificateArn,
        defaultActions: [{ type: "forward", targetGroupArn }],
      },
      named,
    );
    new aws.lb.Listener(
      `${name}-http`,
      {
        ...listener,
        port: 80,
        protocol: "HTTP",
        defaultActions: [{ type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } }],
      },
      named,
    );
  }

  /**
   * Writes `*.<domain>` to the configured zone. If the domain is below the cluster's domain, the record is also needed in the private zone,
   * because instances then ask only the private zone.
   */
  private writeRecords(
    name: string,
    { partition, privateZone, clusterDomain, shard, waf }: WafLoadBalancerArgs,
    balancer: aws.lb.LoadBalancer,
  ): void {
    const record = (zone: string, zoneId: pulumi.Input<string>, provider?: aws.Provider) =>
      new aws.route53.Record(
        `${name}-${zone}`,
        {
          zoneId,
          name: `*.${shard.domain}`,
          ...(partition.aliasRecords
            ? { type: "A", aliases: [{ name: balancer.dnsName, zoneId: balancer.zoneId, evaluateTargetHealth: false }] }
            : { type: "CNAME", ttl: cnameTtl, records: [balancer.dnsName] }),
        },
        { parent: this, deleteBeforeReplace: true, ...(provider && { provider }) },
      );
    record("public", waf.zoneId);
    if (privateZone && shard.domain.endsWith(`.${clusterDomain}`)) record("private", privateZone.zoneId, privateZone.zoneProvider);
  }
}

/**
 * A name for the shard with four characters: a load balancer's name has at most 32, of which the infraID and the hyphen need 28 (ELB API
 * reference, CreateLoadBalancer).
 */
function shortName(shard: string): string {
  const hash = createHash("sha256").update(shard).digest().readUInt32BE();
  return `w${(hash % 36 ** 3).toString(36).padStart(3, "0")}`;
}
