import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type ApiService, apiServices } from "../lib/openshift/api-services";
import type { Naming } from "./naming";
import type { Network } from "./network/network";
import { BalancerSecurityGroup } from "./security-groups/balancer-security-group";

/** Seconds for a deregistered target's connections to end (openshift/installer, `upi/aws/cloudformation/02_cluster_infra.yaml`). */
const deregistrationDelay = 60;

export interface LoadBalancersArgs {
  readonly naming: Naming;
  readonly network: Network;
  /** CIDR blocks of the cluster's instances. */
  readonly machineCidrs: readonly string[];
  readonly publish: "External" | "Internal";
}

/** A load balancer's name, and the values that its DNS records need. */
export interface ApiLoadBalancer {
  readonly name: pulumi.Output<string>;
  readonly dnsName: pulumi.Output<string>;
  readonly zoneId: pulumi.Output<string>;
}

/** A service, its load balancer, and the ARN of the target group that the load balancer forwards the service to. */
interface ServiceTarget {
  readonly service: ApiService;
  readonly balancer: aws.lb.LoadBalancer;
  readonly arn: pulumi.Output<string>;
}

/** The network load balancers of the API and of the machine config server. */
export class LoadBalancers extends pulumi.ComponentResource {
  /** For clients outside the VPC; undefined in a private cluster. */
  readonly external?: ApiLoadBalancer;
  readonly internal: ApiLoadBalancer;
  /** Listeners, which forward traffic to registered instances. */
  readonly listeners: readonly pulumi.Resource[];
  /** Rules of the internal load balancer's security group. */
  readonly rules: readonly pulumi.Resource[];
  private readonly targetGroups: readonly ServiceTarget[];

  constructor(
    private readonly baseName: string,
    args: LoadBalancersArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("okd:network:LoadBalancers", baseName, {}, opts);
    const { naming, network, machineCidrs } = args;
    // The external load balancer has no security group: it forwards only the API, which everyone may reach.
    const group = new BalancerSecurityGroup(`${baseName}-int-group`, { naming, vpcId: network.vpcId, machineCidrs }, { parent: this });
    this.rules = group.rules;
    const internal = this.createBalancer("int", args, { securityGroups: [group.groupId] });
    const external = args.publish === "External" ? this.createBalancer("ext", args) : undefined;
    const balancers = { int: internal, ext: external };
    const published = apiServices.flatMap((service) => {
      const balancer = balancers[service.balancer];
      return balancer === undefined ? [] : [{ service, balancer }];
    });
    this.targetGroups = published.map((one) => ({ ...one, arn: this.createTargetGroup(one.service, args).arn }));
    this.listeners = this.targetGroups.map((target) => this.createListener(target, naming));
    this.internal = internal;
    if (external !== undefined) this.external = external;
    this.registerOutputs();
  }

  private createBalancer(
    key: ApiService["balancer"],
    { naming, network }: LoadBalancersArgs,
    { securityGroups }: Pick<aws.lb.LoadBalancerArgs, "securityGroups"> = {},
  ): aws.lb.LoadBalancer {
    return new aws.lb.LoadBalancer(
      `${this.baseName}-${key}`,
      {
        name: naming.name(key),
        loadBalancerType: "network",
        internal: key === "int",
        subnets: (key === "int" ? network.privateSubnets : network.publicSubnets).map(({ id }) => id),
        ...(securityGroups && { securityGroups }),
        enableCrossZoneLoadBalancing: true,
        tags: naming.tags(key),
      },
      // An internet-facing load balancer needs its subnets' route to the internet. While it has addresses, AWS does not delete the internet
      // gateway, so the load balancer is deleted before the route.
      { ...this.named, ...(key === "ext" && network.publicRoute && { dependsOn: network.publicRoute }) },
    );
  }

  private createTargetGroup(
    { key, port, healthCheckPath: path }: ApiService,
    { naming, network: { vpcId } }: LoadBalancersArgs,
  ): aws.lb.TargetGroup {
    return new aws.lb.TargetGroup(
      `${this.baseName}-${key}`,
      {
        name: naming.name(key),
        vpcId,
        protocol: "TCP",
        port,
        // The target of a control plane node that calls the load balancer may be this node itself. That works only if the target sees the load
        // balancer's address as the source, so client IP preservation is off.
        targetType: "ip",
        preserveClientIp: "false",
        deregistrationDelay,
        healthCheck: { protocol: "HTTPS", port: String(port), path, interval: 10, healthyThreshold: 2, unhealthyThreshold: 2 },
        tags: naming.tags(key),
      },
      this.named,
    );
  }

  private createListener({ service: { key, port }, balancer, arn }: ServiceTarget, naming: Naming): aws.lb.Listener {
    return new aws.lb.Listener(
      `${this.baseName}-${key}`,
      {
        loadBalancerArn: balancer.arn,
        protocol: "TCP",
        port,
        defaultActions: [{ type: "forward", targetGroupArn: arn }],
        tags: naming.tags(key),
      },
      this.named,
    );
  }

  /**
   * Options of load balancers and target groups. Their names are unique in the region, so an old resource must be deleted before its replacement
   * is created.
   */
  private get named(): pulumi.CustomResourceOptions {
    return { parent: this, deleteBeforeReplace: true };
  }

  get targetGroupArns(): pulumi.Output<string>[] {
    return this.targetGroups.map(({ arn }) => arn);
  }

  /** Registers a control plane instance for every service. */
  register(machine: string, address: pulumi.Input<string>, opts: pulumi.CustomResourceOptions): pulumi.Resource[] {
    return this.targetGroups.map(
      ({ service: { key, port }, arn }) =>
        new aws.lb.TargetGroupAttachment(
          `${this.baseName}-${key}-${machine}`,
          { targetGroupArn: arn, targetId: address, port },
          { deleteBeforeReplace: true, ...opts },
        ),
    );
  }
}
