import type { Api, KubeObject } from "../api";
import { certificateIn, type ServingCertificate } from "../certificate-authority";
import { routerCertificateFor } from "../router-ca";
import { domainOf, type IngressController, type IngressFacts } from "./ingress-controller";
import { type ClusterRoute, routeStatus, selects } from "./route-admission";
import { RouteServer } from "./route-server";

const controllers = "/apis/operator.openshift.io/v1/namespaces/openshift-ingress-operator/ingresscontrollers";

/** Milliseconds between two reads of the Routes. */
const intervalMs = 1000;

interface Slice extends KubeObject {
  readonly endpoints?:
    readonly { readonly conditions?: { readonly ready?: boolean }; readonly targetRef?: { readonly uid?: string } }[] | null;
}

/** A router with its server. */
interface Serving {
  readonly domain: string;
  readonly server: RouteServer;
  /** The certificate and the backends with which the server was last updated, as JSON. */
  known: string;
}

/** The loopback port of the process in a pod's place; undefined if the pod has none. */
export type PodPort = (uid: string) => number | undefined;

/**
 * The routers' work on Routes: each router admits the Routes that its selectors choose, and serves the admitted Routes
 * whose pods have a process. The Routes of the console and of the login are served by operators-loop.ts.
 */
export class ServedRoutes {
  private readonly serving = new Map<string, Serving>();
  private admittedHosts: readonly string[] = [];
  private next = 0;

  constructor(
    private readonly api: Api,
    private readonly facts: IngressFacts,
    private readonly podPort: PodPort,
  ) {}

  /** Hosts of the Routes that some router serves. */
  get hosts(): readonly string[] {
    return this.admittedHosts;
  }

  /** The port of the router to whose domain a host belongs. */
  portOf(host: string): number | undefined {
    const [router] = [...this.serving.values()]
      .filter(({ domain }) => host.endsWith(`.${domain}`))
      .sort((one, other) => other.domain.length - one.domain.length);
    return (router as Serving | undefined)?.server.port;
  }

  async advance(): Promise<void> {
    if (Date.now() < this.next) return;
    this.next = Date.now() + intervalMs;
    const all = (await this.api.list<ClusterRoute>("/apis/route.openshift.io/v1/routes")).filter(
      ({ metadata }) => metadata.namespace?.startsWith("openshift-") !== true,
    );
    if (all.length === 0 && this.serving.size === 0) return;
    const [routers, namespaces] = await Promise.all([this.api.list<IngressController>(controllers), this.api.list("/api/v1/namespaces")]);
    const labels = new Map(namespaces.map(({ metadata }) => [metadata.name, metadata.labels ?? {}]));
    const hosts = new Set<string>();
    for (const router of routers) {
      const own: ClusterRoute[] = [];
      for (const route of all) {
        const selected = selects(router, route, labels.get(route.metadata.namespace) ?? {});
        if (selected) own.push(route);
        const status = routeStatus(router, this.facts, route, selected);
        if (status === undefined) continue;
        const path = `/apis/route.openshift.io/v1/namespaces/${route.metadata.namespace ?? ""}/routes/${route.metadata.name ?? ""}`;
        await this.api.patchStatus(path, status);
        // The next router adds its entry to this status.
        Object.assign(route, { status });
      }
      for (const { spec } of own) if (spec.host !== undefined) hosts.add(spec.host);
      await this.serve(router, own);
    }
    this.admittedHosts = [...hosts].sort();
    this.closeOthers(routers);
  }

  close(): void {
    for (const { server } of this.serving.values()) server.close();
    this.serving.clear();
  }

  private async serve(router: IngressController, routes: readonly ClusterRoute[]): Promise<void> {
    const { name = "" } = router.metadata;
    if (routes.length === 0 && !this.serving.has(name)) return;
    const domain = domainOf(router, this.facts);
    const certificate = await this.certificateOf(router, domain);
    const backends = new Map<string, readonly number[]>();
    for (const route of routes) if (route.spec.host !== undefined) backends.set(route.spec.host, await this.backendsOf(route));
    const known = JSON.stringify([certificate.cert, domain, [...backends]]);
    const before = this.serving.get(name);
    if (before?.known === known) return;
    if (before?.domain === domain) {
      before.server.update({ certificate, backends });
      before.known = known;
      return;
    }
    before?.server.close();
    this.serving.set(name, { domain, known, server: await RouteServer.start({ certificate, backends }) });
  }

  /** The Secret that the IngressController names; otherwise the certificate that the operator makes for the domain. */
  private async certificateOf(router: IngressController, domain: string): Promise<ServingCertificate> {
    const { defaultCertificate } = router.spec as { defaultCertificate?: { name: string } };
    const given = defaultCertificate && (await certificateIn(this.api, "openshift-ingress", defaultCertificate.name));
    return given ?? routerCertificateFor(this.api, router.metadata.name ?? "", domain);
  }

  /** Ports of the processes of the ready pods behind a Route. */
  private async backendsOf({ metadata, spec }: ClusterRoute): Promise<readonly number[]> {
    const label = encodeURIComponent(`kubernetes.io/service-name=${spec.to.name}`);
    const path = `/apis/discovery.k8s.io/v1/namespaces/${metadata.namespace ?? ""}/endpointslices?labelSelector=${label}`;
    const endpoints = (await this.api.list<Slice>(path)).flatMap(({ endpoints: each }) => each ?? []);
    const ports = endpoints.flatMap(({ conditions, targetRef }) =>
      conditions?.ready === false ? [] : (this.podPort(targetRef?.uid ?? "") ?? []),
    );
    return [...new Set(ports)].sort((one, other) => one - other);
  }

  private closeOthers(routers: readonly IngressController[]): void {
    for (const [name, { server }] of this.serving) {
      if (routers.some(({ metadata }) => metadata.name === name)) continue;
      server.close();
      this.serving.delete(name);
    }
  }
}
