import { isFailure, type Listening, resolve, type AwsSnapshot, type Service } from "../machines";
import type { Api, KubeObject } from "./api";
import type { BootstrapConfig } from "./bootstrap-config";
import { PodProcesses } from "./applications/pod-processes";
import { Canary } from "./canary";
import { CredentialsRequests } from "./credentials/requests";
import { ClusterEck } from "./eck-stand-in/running";
import { EtcdBackups } from "./etcd-backups";
import { ClusterGrafana } from "./grafana/running";
import type { MasterTools } from "./master-root";
import { ClusterLogging } from "./logging/running";
import type { ContainerNode } from "./kubelet/container-node";
import { NodeLife } from "./node-life";
import { NamedCertificate } from "./named-certificate";
import { definitionsIn } from "./olm-stand-in/known-definitions";
import { ClusterOlm } from "./olm-stand-in/running";
import { OAuthServer, oauthRouteHost } from "./oauth-server";
import { routerCa } from "./router-ca";
import { ensureRegistryBucket } from "./registry-bucket";
import { IngressOperatorStandIn } from "./routers/ingress-operator-stand-in";
import { ServedRoutes } from "./routers/served-routes";
import type { CsiDriverStandIn } from "./storage/csi-driver-stand-in";
import { ebsDriverStandIn } from "./storage/ebs-driver-stand-in";
import { efsDriverStandIn } from "./storage/efs-driver-stand-in";
import type { SimulatedInstance } from "./machine";
import type { Hold, Stage } from "./operators";
import { kubeTime } from "./kube-time";
import { oadpDefinitions, OadpOperatorStandIn } from "./velero/oadp-operator-stand-in";
import { VeleroServer, type VeleroTools } from "./velero/server";

type Pending = Partial<Record<Stage, string>>;

export interface OperatorsLoopOptions {
  readonly infraId: string;
  readonly region: string;
  /** The cluster's directory. */
  readonly directory: string;
  /** Loopback port of the cluster's API server. */
  readonly port: number;
  readonly programs: MasterTools & VeleroTools;
  /** The cluster's real node, if it has one. It is closed with the loop. */
  readonly node?: ContainerNode;
  readonly say: (text: string) => void;
}

/** Simulates operators of a running cluster: they create the routers with their records, the registry's bucket, and the console. */
export class OperatorsLoop {
  private readonly routers: IngressOperatorStandIn;
  private bucket?: string;
  private oauth?: OAuthServer;
  private readonly backups: EtcdBackups;
  private readonly certificate: NamedCertificate;
  private readonly nodes: NodeLife;
  private readonly canary: Canary;
  private readonly olm: ClusterOlm;
  private readonly credentials: CredentialsRequests;
  private readonly oadp: OadpOperatorStandIn;
  private readonly velero: VeleroServer;
  private readonly efsDriver: CsiDriverStandIn;
  private readonly ebsDriver: ReturnType<typeof ebsDriverStandIn>;
  private readonly pods: PodProcesses;
  private readonly routes: ServedRoutes;
  private readonly eck: ClusterEck;
  private readonly grafana: ClusterGrafana;
  private readonly logging: ClusterLogging;

  constructor(
    private readonly api: Api,
    private readonly config: BootstrapConfig,
    private readonly options: OperatorsLoopOptions,
  ) {
    this.backups = new EtcdBackups(api, { ...options, tools: options.programs });
    this.routers = new IngressOperatorStandIn(api, config, options);
    this.nodes = new NodeLife(api, options.say);
    this.canary = new Canary(config.domain);
    const definitions = definitionsIn([oadpDefinitions, options.programs["velero-definitions"]]);
    this.olm = new ClusterOlm(api, config.release.version, options.say, definitions);
    this.eck = new ClusterEck(api, options.say);
    this.efsDriver = efsDriverStandIn(api, { ...options, tags: config.resourceTags });
    this.ebsDriver = ebsDriverStandIn(api, { ...options, tags: config.resourceTags });
    this.pods = new PodProcesses(api, options);
    this.routes = new ServedRoutes(api, this.routers.facts, (uid) => options.node?.portOf(uid) ?? this.pods.portOf(uid));
    this.logging = new ClusterLogging(api, options.say);
    this.certificate = new NamedCertificate(api, config, options.directory);
    this.credentials = new CredentialsRequests(api, config, options);
    this.oadp = new OadpOperatorStandIn(api, options.say);
    this.velero = new VeleroServer(api, options);
    this.grafana = new ClusterGrafana(api, options.say);
  }

  /** The router's service that answers at an instance's port; undefined if no router answers there. */
  listens(machine: SimulatedInstance, port: number): Service | undefined {
    return machine.isRegistered ? this.routers.listens(machine.node, port) : undefined;
  }

  /** Does the steps that are possible now. Returns the reason for each stage that is not reached. */
  async advance(
    snapshot: AwsSnapshot,
    listening: Listening,
    machines: readonly SimulatedInstance[],
    mastersSchedulable: boolean,
  ): Promise<Pending> {
    this.nodes.advance(machines);
    const unavailableRouter = await this.routers.advance();
    const nodes = machines.filter((machine) => machine.isRegistered && (mastersSchedulable || !machine.isMaster));
    const wanted = this.replicas;
    if (nodes.length < wanted) {
      const text = `${nodes.length} of at least ${wanted} nodes for workloads are ready`;
      return { workers: text, router: text, names: text, registry: text };
    }
    this.olm.advance();
    this.logging.advance();
    const pending: Pending = {};
    try {
      this.bucket ??= await ensureRegistryBucket(this.api, this.config.resourceTags, this.options);
    } catch (error) {
      pending.registry = describe(error);
    }
    if (unavailableRouter !== undefined) return { ...pending, router: unavailableRouter, names: "the router is not available" };
    const host = `console-openshift-console.apps.${this.config.domain}`;
    const answer = resolve(snapshot, nodes[0].instance.vpcId, host);
    if (isFailure(answer)) pending.names = `the cluster can't resolve its own name ${host}: ${answer.reason}`;
    else if (this.oauth === undefined) {
      await makeRoutes(this.api, this.config.domain);
      this.oauth = await OAuthServer.start(this.api, this.config.domain);
    }
    this.checkRoutes(snapshot, listening, machines, pending);
    if (Object.keys(pending).length === 0) {
      await this.certificate.advance();
      await this.backups.advance(snapshot, machines);
      await this.credentials.advance();
      await this.oadp.advance();
      await this.velero.advance();
      await this.efsDriver.advance();
      await this.ebsDriver.volumes.advance();
      await this.ebsDriver.snapshots.advance();
      this.pods.advance();
      this.options.node?.advance();
      await this.routes.advance();
      await this.eck.advance();
      await this.grafana.advance();
    }
    return pending;
  }

  /** The reason why operators are degraded, by stage. */
  get degraded(): Pending {
    return { ...(this.canary.degraded !== undefined && { router: this.canary.degraded }) };
  }

  /** The operators that hold back updates to another minor version. */
  get holds(): ReadonlyMap<string, Hold> {
    const { hold } = this.olm;
    return new Map(hold && [["operator-lifecycle-manager", hold]]);
  }

  /** With a proxy the check is skipped, because the proxy's address is unknown here: the routes are treated as reachable. */
  private checkRoutes(snapshot: AwsSnapshot, listening: Listening, machines: readonly SimulatedInstance[], pending: Pending): void {
    const master = machines.find(({ isMaster, isRegistered }) => isMaster && isRegistered);
    if (this.config.hasProxy || master === undefined || pending.names !== undefined) return;
    this.canary.check(snapshot, listening, master.instance);
    if (this.canary.unanswered !== undefined) pending.names = `the cluster can't reach its own routes: ${this.canary.unanswered}`;
  }

  /** Hosts of the Routes that the routers serve. */
  get routeHosts(): readonly string[] {
    return this.routes.hosts;
  }

  /** The loopback port that serves the name of the OAuth server, or of a Route. */
  portOf(host: string): number | undefined {
    if (host === oauthRouteHost(this.config.domain)) return this.oauth?.port;
    return this.routeHosts.includes(host) ? this.routes.portOf(host) : undefined;
  }

  close(): void {
    this.backups.end();
    this.oauth?.close();
    this.routes.close();
    this.options.node?.close();
  }

  /** Number of nodes over which router and monitoring are spread. */
  private get replicas(): number {
    const { infrastructureTopology } = this.config.manifest("Infrastructure").status as { infrastructureTopology: string };
    return infrastructureTopology === "SingleReplica" ? 1 : 2;
  }
}

/** A route that the default router has admitted. */
function routeTo(namespace: string, name: string, host: string, domain: string, termination: "reencrypt" | "passthrough"): KubeObject {
  const admission = {
    host,
    routerName: "default",
    routerCanonicalHostname: `router-default.apps.${domain}`,
    wildcardPolicy: "None",
    conditions: [{ type: "Admitted", status: "True", lastTransitionTime: kubeTime() }],
  };
  return {
    apiVersion: "route.openshift.io/v1",
    kind: "Route",
    metadata: { name, namespace },
    spec: {
      host,
      port: { targetPort: "https" },
      tls: { termination, insecureEdgeTerminationPolicy: "Redirect" },
      to: { kind: "Service", name, weight: 100 },
      wildcardPolicy: "None",
    },
    status: { ingress: [admission] },
  };
}

async function makeRoutes(api: Api, domain: string): Promise<void> {
  const host = `console-openshift-console.apps.${domain}`;
  const { cert } = await routerCa(api);
  const objects: KubeObject[] = [
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "default-ingress-cert", namespace: "openshift-config-managed" },
      data: { "ca-bundle.crt": cert },
    },
    routeTo("openshift-console", "console", host, domain, "reencrypt"),
    routeTo("openshift-authentication", "oauth-openshift", oauthRouteHost(domain), domain, "passthrough"),
  ];
  for (const object of objects) await api.apply(object, "console-operator");
  await api.patchStatus("/apis/config.openshift.io/v1/consoles/cluster", { consoleURL: `https://${host}` });
}

export function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
