import type { Service } from "../../machines";
import type { Api, KubeObject } from "../api";
import type { BootstrapConfig } from "../bootstrap-config";
import { domainOf, type IngressController, type IngressFacts, routerLabel, strategyOf, writesRecords } from "./ingress-controller";
import { type RouterDeployment, routerDeployment } from "./router-deployment";
import { routerListens, type RouterPod } from "./router-listeners";
import { balancerHost, keptAnnotations, type RouterService, routerService } from "./router-service";
import { routerConditions } from "./router-status";
import { changeRecords } from "./wildcard-records";

const controllers = "/apis/operator.openshift.io/v1/namespaces/openshift-ingress-operator/ingresscontrollers";
const namespace = "openshift-ingress";
const core = `/api/v1/namespaces/${namespace}`;
const deployments = `/apis/apps/v1/namespaces/${namespace}/deployments`;
const finalizer = "ingresscontroller.operator.openshift.io/finalizer-ingresscontroller";
const manager = "ingress-operator";

/** Milliseconds from a failed step for a router to the next attempt. */
const retryMilliseconds = 3000;

interface ServiceEvent extends KubeObject {
  involvedObject: { kind: string; name?: string; uid?: string };
  reason?: string;
  message?: string;
}

interface Options {
  readonly region: string;
  readonly say: (text: string) => void;
}

/** The objects that the API server has in the routers' namespace. */
interface Found {
  readonly deployments: readonly RouterDeployment[];
  readonly services: readonly RouterService[];
  readonly pods: readonly RouterPod[];
}

/**
 * Takes the place of the ingress operator: for every IngressController it creates the Deployment, the Service, the records of the domain and the status, and
 * deletes all of this with the IngressController. The real scheduler places the pods, and the real cloud controller creates the load balancers.
 */
export class IngressOperatorStandIn {
  private found: Found = { deployments: [], services: [], pods: [] };
  /** The wanted objects of each router as they were last applied, as JSON. */
  private readonly applied = new Map<string, string>();
  /** The load balancer's host name in the records of each router. */
  private readonly records = new Map<string, string>();
  /** The last status of each router, as JSON. */
  private readonly reported = new Map<string, string>();
  private readonly failures = new Map<string, { readonly text: string; readonly until: number }>();
  private accountExists = false;
  readonly facts: IngressFacts;

  constructor(
    private readonly api: Api,
    private readonly config: BootstrapConfig,
    private readonly options: Options,
  ) {
    this.facts = factsOf(config);
  }

  /** The router's service that answers at a port of a node; undefined if no router answers there. */
  listens(node: string, port: number): Service | undefined {
    return routerListens(this.found.services, this.found.pods, node, port);
  }

  /** Does the steps that are possible now. Returns why the default router is not available; undefined if it is. */
  async advance(): Promise<string | undefined> {
    await this.ensureAccount();
    const [all, ...lists] = await Promise.all([
      this.api.list<IngressController>(controllers),
      this.api.list<RouterDeployment>(deployments),
      this.api.list<RouterService>(`${core}/services`),
      this.api.list<RouterPod>(`${core}/pods`),
    ]);
    this.found = { deployments: lists[0], services: lists[1], pods: lists[2] };
    if (!all.some(({ metadata }) => metadata.name === "default")) await this.createDefault();
    for (const controller of all) await this.attempt(controller);
    const conditions = all.find(({ metadata }) => metadata.name === "default")?.status?.conditions;
    const available = conditions?.find(({ type }) => type === "Available");
    return (
      this.failures.get("default")?.text ?? (available?.status === "True" ? undefined : (available?.message ?? "the router is not set up"))
    );
  }

  private async attempt(controller: IngressController): Promise<void> {
    const { name = "" } = controller.metadata;
    const known = this.failures.get(name);
    if (known !== undefined && known.until > Date.now()) return;
    try {
      if (controller.metadata.deletionTimestamp === undefined) await this.reconcile(controller);
      else await this.remove(controller);
      this.failures.delete(name);
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      if (known?.text !== text) this.options.say(`router ${name}: ${text}`);
      this.failures.set(name, { text, until: Date.now() + retryMilliseconds });
    }
  }

  /** The pods' account. */
  private async ensureAccount(): Promise<void> {
    if (!this.accountExists) await this.api.create({ apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "router", namespace } });
    this.accountExists = true;
  }

  private async createDefault(): Promise<void> {
    const metadata = { name: "default", namespace: "openshift-ingress-operator" };
    await this.api.create({ apiVersion: "operator.openshift.io/v1", kind: "IngressController", metadata, spec: {} });
  }

  private async reconcile(controller: IngressController): Promise<void> {
    const { name = "", finalizers = [] } = controller.metadata as IngressController["metadata"] & { finalizers?: string[] };
    if (!finalizers.includes(finalizer))
      await this.api.patch(`${controllers}/${name}`, { metadata: { finalizers: [...finalizers, finalizer] } });
    const wanted = routerDeployment(controller, this.facts);
    await this.apply(`deployment ${name}`, wanted, this.found.deployments);
    const deployment = named(this.found.deployments, `router-${name}`);
    // The Deployment owns the Service, so the Service waits until the next step has read the new Deployment.
    if (deployment === undefined) return;
    const balanced = strategyOf(controller, this.facts).type === "LoadBalancerService";
    const service = balanced ? named(this.found.services, `router-${name}`) : undefined;
    const kept = keptAnnotations(
      routerService(controller, this.facts, { ...deployment, apiVersion: "apps/v1", kind: "Deployment" }),
      service,
    );
    if (balanced) await this.apply(`service ${name}`, kept.service, this.found.services);
    const problem = await this.ensureRecord(controller, balancerHost(service));
    await this.report(controller, deployment, { balanced, service, changed: balanced ? kept.changed : [], problem });
  }

  /** Applies an object, unless the object exists and the same text was applied last time. */
  private async apply(key: string, object: KubeObject, present: readonly KubeObject[]): Promise<void> {
    const text = JSON.stringify(object);
    if (this.applied.get(key) === text && named(present, object.metadata.name ?? "") !== undefined) return;
    await this.api.apply(object, manager);
    this.applied.set(key, text);
  }

  /** Writes the router's records. Returns why that failed. */
  private async ensureRecord(controller: IngressController, host: string | undefined): Promise<string | undefined> {
    const { name = "" } = controller.metadata;
    if (host === undefined || this.records.get(name) === host) return undefined;
    try {
      if (writesRecords(controller, this.facts))
        await changeRecords("UPSERT", domainOf(controller, this.facts), this.config, this.options.region, host);
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
    this.records.set(name, host);
    this.options.say(name === "default" ? `the router's load balancer is ${host}` : `the load balancer of the router ${name} is ${host}`);
    return undefined;
  }

  private async report(
    controller: IngressController,
    deployment: RouterDeployment,
    { balanced, service, changed, problem }: Balancing,
  ): Promise<void> {
    const { name = "" } = controller.metadata;
    const before = controller.status?.conditions ?? [];
    const strategy = strategyOf(controller, this.facts);
    const records = {
      zones: this.facts.hasZones,
      managed: writesRecords(controller, this.facts),
      written: this.records.has(name),
      problem,
    };
    const pods = this.found.pods.filter(({ metadata }) => metadata.labels?.[routerLabel] === name);
    const failure = service !== undefined && balancerHost(service) === undefined ? await this.failureOf(service) : undefined;
    const status = {
      availableReplicas: deployment.status?.availableReplicas ?? 0,
      selector: `${routerLabel}=${name}`,
      domain: domainOf(controller, this.facts),
      endpointPublishingStrategy: strategy,
      conditions: routerConditions({ deployment, pods, balanced, service, failure, changed, records }, before),
    };
    controller.status = status;
    const text = JSON.stringify([controller.metadata.uid, status]);
    if (this.reported.get(name) === text) return;
    await this.api.patchStatus(`${controllers}/${name}`, status);
    this.reported.set(name, text);
  }

  /** The cloud controller's last event about a Service whose load balancer it could not create. */
  private async failureOf({ metadata }: RouterService): Promise<string | undefined> {
    const selector = encodeURIComponent(`reason=SyncLoadBalancerFailed,involvedObject.uid=${metadata.uid ?? ""}`);
    const events = await this.api.list<ServiceEvent>(`${core}/events?fieldSelector=${selector}`);
    return events.at(-1)?.message;
  }

  /** Deletes the records, then the Service with its load balancer, then the Deployment, and at last the finalizer. One step at a time. */
  private async remove(controller: IngressController): Promise<void> {
    const { name = "", finalizers = [] } = controller.metadata as IngressController["metadata"] & { finalizers?: string[] };
    const service = named(this.found.services, `router-${name}`);
    const host = balancerHost(service);
    if (service !== undefined) {
      if (service.metadata.deletionTimestamp !== undefined) return;
      if (host !== undefined && writesRecords(controller, this.facts))
        await changeRecords("DELETE", domainOf(controller, this.facts), this.config, this.options.region, host);
      await this.api.send("DELETE", `${core}/services/router-${name}`);
      return;
    }
    if (named(this.found.deployments, `router-${name}`) !== undefined) {
      const policy = { apiVersion: "v1", kind: "DeleteOptions", propagationPolicy: "Background" };
      await this.api.send("DELETE", `${deployments}/router-${name}`, policy);
    }
    for (const kind of ["deployment", "service"]) this.applied.delete(`${kind} ${name}`);
    this.records.delete(name);
    this.reported.delete(name);
    await this.api.patch(`${controllers}/${name}`, { metadata: { finalizers: finalizers.filter((each) => each !== finalizer) } });
    this.options.say(`the router ${name} is deleted`);
  }
}

/** The state of a router's load balancer and records. */
interface Balancing {
  readonly balanced: boolean;
  readonly service: RouterService | undefined;
  readonly changed: readonly string[];
  readonly problem: string | undefined;
}

function named<T extends KubeObject>(objects: readonly T[], name: string): T | undefined {
  return objects.find(({ metadata }) => metadata.name === name);
}

function factsOf(config: BootstrapConfig): IngressFacts {
  const { spec, status } = config.manifest("Ingress") as KubeObject & {
    spec: { loadBalancer?: { platform?: { aws?: { type?: "NLB" | "Classic" } } } };
    status?: { defaultPlacement?: "Workers" | "ControlPlane" };
  };
  const topologies = config.manifest("Infrastructure").status as { infrastructureTopology: string; controlPlaneTopology: string };
  const placement = status?.defaultPlacement ?? "Workers";
  const dns = config.manifest("DNS").spec as { privateZone?: { id?: string }; publicZone?: { id?: string } };
  return {
    appsDomain: `apps.${config.domain}`,
    clusterDomain: config.domain,
    placement,
    singleReplica: (placement === "Workers" ? topologies.infrastructureTopology : topologies.controlPlaneTopology) === "SingleReplica",
    balancerType: spec.loadBalancer?.platform?.aws?.type ?? "Classic",
    resourceTags: config.resourceTags,
    hasZones: dns.privateZone !== undefined || dns.publicZone !== undefined,
  };
}
