import type { AwsSnapshot } from "../../machines";
import type { Api, KubeObject } from "../api";
import type { BootstrapConfig } from "../bootstrap-config";
import type { SimulatedInstance } from "../machine";
import { condition } from "../operators";
import { type BalancerType, type RouterService, tagsAnnotation } from "./balancer";
import { classicBalancer } from "./classic-balancer";
import { networkBalancer } from "./network-balancer";
import { changeRecords } from "./wildcard-records";

const controllers = "/apis/operator.openshift.io/v1/namespaces/openshift-ingress-operator/ingresscontrollers";
const services = "/api/v1/namespaces/openshift-ingress/services";
const finalizer = "ingresscontroller.operator.openshift.io/finalizer-ingresscontroller";

/** Milliseconds after which a failed setup of a router is tried again. */
const retryMilliseconds = 3000;

/** Ports of a router with host networking. */
const hostPorts = [80, 443, 1936];

interface Strategy {
  type: "LoadBalancerService" | "HostNetwork" | "Private" | "NodePortService";
  loadBalancer?: {
    scope: "Internal" | "External";
    dnsManagementPolicy: "Managed" | "Unmanaged";
    allowedSourceRanges?: string[];
    providerParameters?: {
      aws?: {
        type: "NLB" | "Classic";
        networkLoadBalancer?: { subnets?: { ids?: string[] } };
        classicLoadBalancer?: { subnets?: { ids?: string[] } };
      };
    };
  };
}

interface IngressController extends KubeObject {
  spec: {
    domain?: string;
    endpointPublishingStrategy?: Strategy;
    nodePlacement?: { nodeSelector?: { matchLabels?: Record<string, string> } };
  };
  status?: { conditions?: Parameters<typeof condition>[0] };
}

/** A router after its setup. */
interface Router {
  readonly ports: readonly number[];
  /** Names of the nodes that forward traffic to the router. */
  readonly nodes: readonly string[];
  /** The inputs of the router's setup, as JSON. If they change, the router is set up again. */
  readonly from: string;
}

interface Options {
  readonly infraId: string;
  readonly region: string;
  readonly say: (text: string) => void;
}

/**
 * Simulates the ingress operator and the cloud controller for every IngressController. They create its Service, a load balancer of its type
 * with the needed AWS resources, the records of its domain and its status, and delete all of this when the IngressController is deleted.
 */
export class IngressControllers {
  private readonly routers = new Map<string, Router>();
  private readonly failures = new Map<string, { readonly error: Error; readonly until: number }>();

  constructor(
    private readonly api: Api,
    private readonly config: BootstrapConfig,
    private readonly options: Options,
  ) {}

  /** Whether a router's pods listen on an instance's port, directly or through a node port of their Service. */
  listens(machine: SimulatedInstance, port: number): boolean {
    return [...this.routers.values()].some(({ ports, nodes }) => ports.includes(port) && nodes.includes(machine.node));
  }

  /** @throws Error with the real controller's message about the default router, if the default router can't be set up */
  async advance(snapshot: AwsSnapshot, machines: readonly SimulatedInstance[]): Promise<void> {
    const found = await this.api.list<IngressController>(controllers);
    if (!found.some(({ metadata }) => metadata.name === "default")) found.push(await this.createDefault());
    for (const controller of found) {
      const { name = "" } = controller.metadata;
      await this.reconcile(controller, snapshot, machines).catch((error: unknown) => {
        const known = this.failures.get(name);
        const failure = error instanceof Error ? error : new Error(String(error));
        if (known?.error.message !== failure.message && name !== "default") this.options.say(`router ${name}: ${failure.message}`);
        this.failures.set(name, { error: failure, until: Date.now() + retryMilliseconds });
      });
    }
    const failed = this.failures.get("default");
    if (failed !== undefined) throw failed.error;
  }

  private async createDefault(): Promise<IngressController> {
    const metadata = { name: "default", namespace: "openshift-ingress-operator" };
    await this.api.create({ apiVersion: "operator.openshift.io/v1", kind: "IngressController", metadata, spec: {} });
    return this.api.send<IngressController>("GET", `${controllers}/default`);
  }

  private async reconcile(controller: IngressController, snapshot: AwsSnapshot, machines: readonly SimulatedInstance[]): Promise<void> {
    const { name = "", deletionTimestamp, finalizers } = controller.metadata as IngressController["metadata"] & { finalizers?: string[] };
    if ((this.failures.get(name)?.until ?? 0) > Date.now()) return;
    if (deletionTimestamp !== undefined) {
      await this.remove(controller, snapshot);
      await this.api.patch(`${controllers}/${name}`, { metadata: { finalizers: (finalizers ?? []).filter((each) => each !== finalizer) } });
      this.failures.delete(name);
      return;
    }
    const nodes = machines.map(({ node }) => node).sort();
    const from = JSON.stringify([controller.metadata.uid, controller.spec, nodes]);
    if (this.routers.get(name)?.from === from) return;
    if (finalizers?.includes(finalizer) !== true)
      await this.api.patch(`${controllers}/${name}`, { metadata: { finalizers: [...(finalizers ?? []), finalizer] } });
    const strategy = this.strategyOf(controller);
    const router =
      strategy.type === "HostNetwork"
        ? await this.onNodes(controller, nodes)
        : await this.behindBalancer(controller, strategy, snapshot, machines);
    await this.report(controller, strategy);
    this.routers.set(name, { ...router, from });
    this.failures.delete(name);
  }

  private strategyOf({ spec }: IngressController): Strategy {
    return (
      spec.endpointPublishingStrategy ?? {
        type: "LoadBalancerService",
        loadBalancer: { scope: "External", dnsManagementPolicy: "Managed" },
      }
    );
  }

  private domainOf({ spec }: IngressController): string {
    return spec.domain ?? `apps.${this.config.domain}`;
  }

  /** A router with host networking on the nodes that match its node selector. */
  private async onNodes({ spec, metadata: { name = "" } }: IngressController, nodes: readonly string[]): Promise<Omit<Router, "from">> {
    const wanted = Object.entries(spec.nodePlacement?.nodeSelector?.matchLabels ?? {});
    const all = await this.api.list("/api/v1/nodes");
    const own = all
      .filter(({ metadata: { labels = {} } }) => wanted.every(([key, value]) => labels[key] === value))
      .map(({ metadata }) => metadata.name ?? "")
      .filter((node) => nodes.includes(node));
    if (own.length === 0)
      throw new Error(`0/${all.length} nodes are available for the pods of router-${name}: none matches its node selector`);
    return { ports: hostPorts, nodes: own };
  }

  private async behindBalancer(
    controller: IngressController,
    strategy: Strategy,
    snapshot: AwsSnapshot,
    machines: readonly SimulatedInstance[],
  ): Promise<Omit<Router, "from">> {
    const { name = "" } = controller.metadata;
    const { infraId, region, say } = this.options;
    const service = await this.ensureService(name, strategy);
    const aws = strategy.loadBalancer?.providerParameters?.aws;
    const balancer = await typeOf(service).ensure({
      infraId,
      region,
      snapshot,
      service,
      instances: machines.map(({ instance }) => instance),
      internal: strategy.loadBalancer?.scope === "Internal",
      subnetIds: aws?.networkLoadBalancer?.subnets?.ids ?? aws?.classicLoadBalancer?.subnets?.ids ?? [],
    });
    if (!this.routers.has(name)) {
      if (this.writesRecords(controller, strategy)) await changeRecords("UPSERT", this.domainOf(controller), this.config, region, balancer);
      say(
        name === "default"
          ? `the router's load balancer is ${balancer.dnsName}`
          : `the load balancer of the router ${name} is ${balancer.dnsName}`,
      );
    }
    await this.api.patchStatus(`${services}/router-${name}`, { loadBalancer: { ingress: [{ hostname: balancer.dnsName }] } });
    const nodes = machines.map(({ node }) => node).sort();
    return { ports: [...service.spec.ports.map(({ nodePort }) => nodePort), service.spec.healthCheckNodePort], nodes };
  }

  /** The operator writes records only for domains below the cluster's own domain. */
  private writesRecords(controller: IngressController, { loadBalancer }: Strategy): boolean {
    return loadBalancer?.dnsManagementPolicy !== "Unmanaged" && this.domainOf(controller).endsWith(`.${this.config.domain}`);
  }

  private async ensureService(name: string, { loadBalancer }: Strategy): Promise<RouterService> {
    const tags = this.config.resourceTags;
    const annotations = {
      ...(loadBalancer?.scope === "Internal" && { "service.beta.kubernetes.io/aws-load-balancer-internal": "true" }),
      ...(loadBalancer?.providerParameters?.aws?.type === "NLB" && { [typeAnnotation]: "nlb" }),
      // openshift/cluster-ingress-operator, pkg/operator/controller/ingress/load_balancer_service.go of release-4.19
      ...(tags.length > 0 && { [tagsAnnotation]: tags.map(({ key, value }) => `${key}=${value}`).join(",") }),
    };
    const ranges = loadBalancer?.allowedSourceRanges;
    await this.api.apply(
      {
        apiVersion: "v1",
        kind: "Service",
        metadata: {
          name: `router-${name}`,
          namespace: "openshift-ingress",
          labels: { "ingresscontroller.operator.openshift.io/owning-ingresscontroller": name },
          annotations,
        },
        spec: {
          type: "LoadBalancer",
          externalTrafficPolicy: "Local",
          selector: { "ingresscontroller.operator.openshift.io/deployment-ingresscontroller": name },
          ...(ranges && ranges.length > 0 && { loadBalancerSourceRanges: ranges }),
          ports: [
            { name: "http", port: 80, protocol: "TCP", targetPort: "http" },
            { name: "https", port: 443, protocol: "TCP", targetPort: "https" },
          ],
        },
      },
      "ingress-operator",
    );
    return this.api.send<RouterService>("GET", `${services}/router-${name}`);
  }

  private async remove(controller: IngressController, snapshot: AwsSnapshot): Promise<void> {
    const { name = "" } = controller.metadata;
    const { infraId, region, say } = this.options;
    const path = `${services}/router-${name}`;
    const service = await this.api.get<RouterService>(path);
    if (service !== undefined) {
      const balancer = await typeOf(service).find(region, service);
      if (balancer !== undefined && this.writesRecords(controller, this.strategyOf(controller)))
        await changeRecords("DELETE", this.domainOf(controller), this.config, region, balancer);
      await typeOf(service).remove({ infraId, region, snapshot, service });
      await this.api.send("DELETE", path);
    }
    this.routers.delete(name);
    say(`the router ${name} is deleted`);
  }

  private async report(controller: IngressController, strategy: Strategy): Promise<void> {
    const before = controller.status?.conditions ?? [];
    const balanced = strategy.type === "LoadBalancerService";
    const managed = balanced && this.writesRecords(controller, strategy);
    const states = {
      Admitted: true,
      DeploymentAvailable: true,
      LoadBalancerManaged: balanced,
      ...(balanced && { LoadBalancerReady: true }),
      DNSManaged: managed,
      ...(managed && { DNSReady: true }),
      Available: true,
      Progressing: false,
      Degraded: false,
    };
    await this.api.patchStatus(`${controllers}/${controller.metadata.name ?? ""}`, {
      domain: this.domainOf(controller),
      endpointPublishingStrategy: strategy,
      conditions: Object.entries(states).map(([type, state]) => condition(before, type, state ? "True" : "False", "AsExpected", "")),
    });
  }
}

const typeAnnotation = "service.beta.kubernetes.io/aws-load-balancer-type";

function typeOf({ metadata: { annotations = {} } }: RouterService): BalancerType {
  return annotations[typeAnnotation] === "nlb" ? networkBalancer : classicBalancer;
}
