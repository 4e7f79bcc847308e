import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { RouterShard, Routers } from "../../config/ingress/settings";
import { defaultRouter } from "../../cluster-objects/ingress/default-router";
import { requiredHsts } from "../../cluster-objects/ingress/hsts";
import { withOwnRanges } from "../../cluster-objects/ingress/own-ranges";
import {
  routerCertificateSecret,
  FIXED_ROUTER_FIELDS,
  ROUTER_NAMESPACE,
  ROUTER_NODE_LABEL,
  routerServiceName,
  shardRouter,
} from "../../cluster-objects/ingress/router";
import type { AppsRecordsArgs } from "../apps-records";
import type { PoolMachine } from "../machines/machine-pool";
import { readyWhen } from "./cluster-api";
import type { RouterCertificate } from "./cluster-settings";
import { nodeLabelsAndTaints } from "./node-labels";
import { WafLoadBalancer, type WafLoadBalancerArgs } from "./waf-load-balancer";

/** TTL in seconds of the record that points to a router's load balancer. */
const recordTtl = 60;

/** A load balancer takes some minutes to create, and its record one more. */
const timeouts = { create: "15m", update: "15m", delete: "10m" };

export interface RouterShardsArgs extends Omit<WafLoadBalancerArgs, "shard" | "waf" | "machines" | "router"> {
  readonly routers: Routers;
  /** Source CIDR blocks of the cluster's own requests to the default router. */
  readonly ownRanges: pulumi.Input<readonly string[]>;
  /** The infra nodes' instances; each shard names the instances on which its router runs. */
  readonly infra: readonly PoolMachine[];
  /** Resources that exist when the infra nodes have their role. */
  readonly infraRoles: readonly pulumi.Resource[];
  /** The default router's certificate; without it the ingress operator creates one. */
  readonly defaultCertificate?: RouterCertificate | undefined;
  /** Hosted zones of the cluster's domain, where this program writes the cluster's records. */
  readonly appsZones: Pick<AppsRecordsArgs, "privateZone" | "publicZoneId"> | undefined;
}

/** Facts about a router shard that are known once it exists. */
export interface ShardOutput {
  readonly name: string;
  readonly domain: string;
  /** DNS name of its load balancer, to which `*.<domain>` must point. */
  readonly balancer: string;
  /** Whether the user must create the record of its domain. */
  readonly recordIsMissing: boolean;
}

interface ServiceStatus {
  readonly loadBalancer?: { readonly ingress?: readonly { readonly hostname?: string }[] };
}

/** The router shards, and the settings by which the default router ignores the shards' routes. */
export class RouterShards extends pulumi.ComponentResource {
  /** Undefined if there are no shards. */
  readonly shards: pulumi.Output<ShardOutput[]> | undefined;

  constructor(
    private readonly baseName: string,
    private readonly args: RouterShardsArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("okd:cluster:RouterShards", baseName, {}, opts);
    const { api, routers } = args;
    const child = { parent: this };
    const hsts = requiredHsts(routers.shards);
    if (hsts) api.patch(`${baseName}-hsts`, hsts, child);
    const declared = routers.shards.map((shard) => this.shard(shard));
    const certificate = args.defaultCertificate;
    const { allowedSourceRanges: ranges } = routers.default;
    const allowed = ranges.length > 0 ? pulumi.output(args.ownRanges).apply((own) => withOwnRanges(ranges, own)) : undefined;
    const settings = defaultRouter(routers, certificate?.name, allowed);
    // The default router is changed last: until a shard is ready, the default router must serve the shard's routes.
    const before = [...declared.map(({ router }) => router), ...args.infraRoles, ...(certificate ? [certificate.secret] : [])];
    if (settings) api.patch(`${baseName}-default`, settings, { ...child, dependsOn: before });
    this.shards = declared.length === 0 ? undefined : pulumi.all(declared.map(({ output }) => output));
    this.registerOutputs();
  }

  private shard(shard: RouterShard): { readonly router: pulumi.CustomResource; readonly output: pulumi.Output<ShardOutput> } {
    const { api, infra } = this.args;
    const name = `${this.baseName}-${shard.name}`;
    const child = { parent: this };
    const machines = infra.filter(({ key }) => shard.infraNodes.includes(key));
    const before: pulumi.Resource[] = machines.map(({ key, instance }) =>
      nodeLabelsAndTaints(`${name}-${key}`, { api, instance, labels: { [ROUTER_NODE_LABEL]: shard.name }, taints: [] }, child),
    );
    if (shard.certificate) {
      const { chain, key } = shard.certificate;
      before.push(api.object(`${name}-certificate`, routerCertificateSecret(shard.name, chain, pulumi.secret(key.reveal())), child));
    }
    const router = api.object(name, readyWhen("Available", shardRouter(shard)), {
      ...child,
      dependsOn: before,
      customTimeouts: timeouts,
      replaceOnChanges: [...FIXED_ROUTER_FIELDS],
      deleteBeforeReplace: true,
    });
    return { router, output: this.balancer(name, shard, router, machines) };
  }

  private balancer(
    name: string,
    shard: RouterShard,
    router: pulumi.CustomResource,
    machines: readonly PoolMachine[],
  ): pulumi.Output<ShardOutput> {
    const { api } = this.args;
    const { publishing, domain } = shard;
    const known = { name: shard.name, domain };
    if (publishing.kind === "waf") {
      const balancer = new WafLoadBalancer(`${name}-waf`, { ...this.args, shard, waf: publishing, machines, router }, { parent: this });
      return balancer.dnsName.apply((host) => ({ ...known, balancer: host, recordIsMissing: false }));
    }
    const service = { apiVersion: "v1", kind: "Service", namespace: ROUTER_NAMESPACE, name: routerServiceName(shard.name) };
    const { status } = api.read<ServiceStatus | undefined>(`${name}-service`, service, router, { parent: this });
    const balancer = status.apply((found) => found?.loadBalancer?.ingress?.[0]?.hostname ?? "");
    const written = this.records(name, shard, balancer);
    return balancer.apply((host) => ({ ...known, balancer: host, recordIsMissing: shard.record.by === "user" && !written }));
  }

  /**
   * Writes the wildcard record of a shard's domain if the cluster does not. Returns whether this program wrote the record to the shard's own
   * zone.
   */
  private records(name: string, { domain, record }: RouterShard, balancer: pulumi.Output<string>): boolean {
    const write = (zone: string, zoneId: pulumi.Input<string>, provider?: aws.Provider) =>
      new aws.route53.Record(
        `${name}-${zone}`,
        { zoneId, name: `*.${domain}`, type: "CNAME", ttl: recordTtl, records: [balancer] },
        { parent: this, deleteBeforeReplace: true, ...(provider && { provider }) },
      );
    if (record.by === "zone") write("record", record.zoneId);
    const { appsZones } = this.args;
    if (record.by === "cluster" && appsZones) {
      write("private-record", appsZones.privateZone.zoneId, appsZones.privateZone.zoneProvider);
      if (appsZones.publicZoneId !== undefined) write("public-record", appsZones.publicZoneId);
    }
    return record.by === "zone";
  }
}
