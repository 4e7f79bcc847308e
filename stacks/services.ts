import type * as pulumi from "@pulumi/pulumi";
import type { ClusterApi } from "../components/cluster/cluster-api";
import type { Operator } from "../components/cluster/operator";
import type { OperatorExtension } from "../components/cluster/operator-extension";
import type { Configuration, PlatformConfiguration } from "../config/configuration";
import { neededElasticOperator } from "../config/elastic/settings";
import { grafanaOperator } from "../config/grafana/settings";
import { CONSOLE_OPERATOR, neededLoggingOperator, neededLokiOperator } from "../config/logging/operators";
import type { NeededOperator } from "../config/operators/needed-operator";
import { minorOf } from "../config/releases/version";
import { oadpOperator } from "../config/velero/oadp";
import type { Infrastructure } from "./infrastructure";

/** The cluster in which the services run. */
export interface ServicesCluster {
  readonly api: ClusterApi;
  /** The resources that make nodes infra nodes. */
  readonly infraRoles: readonly pulumi.Resource[];
  /** The resources that give the cluster mirrored catalogs. */
  readonly catalogs: readonly pulumi.Resource[];
  /** The router shards. */
  readonly routers: pulumi.Resource;
}

/** The declared operators of version 0 of OLM, by package. The services use only these. */
export type OperatorsByPackage = ReadonlyMap<string, Operator>;

/** The cluster with its operators, on which some services depend. */
interface ClusterWithOperators extends ServicesCluster {
  readonly operators: OperatorsByPackage;
}

/** The declared services. */
export interface Services {
  /** Checks that wait for answers of the cluster. They run in a preview of an installed cluster, once everything is declared. */
  readonly checkInPreview: () => Promise<void>;
}

/**
 * Configures the services that run on the cluster. A service that is not configured is off, and its component is not imported, because
 * loading it takes time.
 */
export async function configureServices(
  configuration: Configuration,
  infrastructure: Infrastructure,
  cluster: ServicesCluster,
): Promise<Services> {
  const operators = await installOperators(configuration.platform, cluster);
  const extensions = await installExtensions(configuration.platform, cluster);
  const services: ClusterWithOperators = { ...cluster, operators };
  await Promise.all([
    configureMonitoring(configuration, services),
    configureVelero(configuration, infrastructure, services),
    deployExample(configuration, services),
    configureElastic(configuration, services),
    configureGrafana(configuration, services),
    configureLogging(configuration, infrastructure, services),
  ]);
  return { checkInPreview: () => checkOperators([...operators.values(), ...extensions]) };
}

async function installOperators(
  { operators }: PlatformConfiguration,
  { api, infraRoles, catalogs }: ServicesCluster,
): Promise<OperatorsByPackage> {
  if (operators.length === 0) return new Map();
  const { Operator } = await import("../components/cluster/operator");
  return new Map(
    operators.map((entry) => {
      const after = [...catalogs, ...(entry.placement ? infraRoles : [])];
      return [entry.package, new Operator(`operator-${entry.package}`, { api, entry, after })];
    }),
  );
}

async function installExtensions({ extensions }: PlatformConfiguration, { api, catalogs }: ServicesCluster): Promise<OperatorExtension[]> {
  if (extensions.length === 0) return [];
  const { OperatorExtension } = await import("../components/cluster/operator-extension");
  return extensions.map((entry) => new OperatorExtension(`operator-${entry.package}`, { api, entry, after: catalogs }));
}

async function checkOperators(operators: readonly Pick<Operator, "checks">[]): Promise<void> {
  if (operators.length === 0) return;
  const { Operator } = await import("../components/cluster/operator");
  await Operator.checkInPreview(operators);
}

/**
 * The resource that exists when the operator of a service runs. The service's custom resources depend on it, so that they are created after
 * the operator and deleted before it.
 *
 * @throws Error if no operator has one of the packages; a rule of the service refuses such a configuration
 */
export function operatorReady(operators: OperatorsByPackage, { packages }: Pick<NeededOperator, "packages">): pulumi.Resource {
  const found = packages.map((name) => operators.get(name)).find((operator) => operator !== undefined);
  if (found === undefined) throw new Error(`none of the operators ${packages.join(", ")} is declared`);
  return found.ready;
}

async function configureMonitoring({ platform, release }: Configuration, { api, infraRoles }: ServicesCluster): Promise<void> {
  const { monitoring, alerting } = platform;
  const minor = minorOf(release);
  if (monitoring) {
    const { Monitoring } = await import("../components/cluster/monitoring");
    await Monitoring.configure("monitoring", { api, minor, settings: monitoring, infraRoles });
  }
  if (alerting) {
    const { Alerting } = await import("../components/cluster/alerting");
    await Alerting.configure("alerting", { api, minor, settings: alerting });
  }
}

async function configureVelero(
  { platform: { velero: settings }, region, iam }: Configuration,
  { naming, partition, cloudCredentials }: Infrastructure,
  { api, infraRoles, operators }: ClusterWithOperators,
): Promise<void> {
  if (settings === undefined) return;
  const operator = settings.oadp && operatorReady(operators, oadpOperator(settings.oadp));
  const { Velero } = await import("../components/cluster/velero");
  const storage = { naming, partition, region, issuer: cloudCredentials?.issuer, permissionsBoundaryArn: iam.permissionsBoundaryArn };
  new Velero("velero", { api, settings, storage, infraRoles, operator });
}

async function deployExample({ platform }: Configuration, { api, routers }: ServicesCluster): Promise<void> {
  const { exampleApplication: settings } = platform;
  if (settings === undefined) return;
  const { ExampleGuestbook } = await import("../components/cluster/example-application");
  new ExampleGuestbook("example-application", { api, settings, routers });
}

async function configureElastic(
  { platform: { elastic: settings }, distribution }: Configuration,
  { api, infraRoles, operators }: ClusterWithOperators,
): Promise<void> {
  if (settings === undefined) return;
  const { Elastic } = await import("../components/cluster/elastic");
  const operator = operatorReady(operators, neededElasticOperator({ distribution }));
  new Elastic("elastic", { api, settings, operator, infraRoles });
}

async function configureGrafana(
  { platform: { grafana: settings }, clusterDomain }: Configuration,
  { api, infraRoles, operators }: ClusterWithOperators,
): Promise<void> {
  if (settings === undefined) return;
  const { Grafana } = await import("../components/cluster/grafana");
  const operator = operatorReady(operators, grafanaOperator);
  new Grafana("grafana", { api, settings, clusterDomain, operator, infraRoles });
}

async function configureLogging(
  { platform: { logging: settings }, region, iam, release, distribution }: Configuration,
  { naming, partition, cloudCredentials }: Infrastructure,
  { api, infraRoles, operators }: ClusterWithOperators,
): Promise<void> {
  if (settings === undefined) return;
  const [{ Logging }, { LokiStorage }] = await Promise.all([import("../components/cluster/logging"), import("../components/loki-storage")]);
  const { loki } = settings;
  const issuer = cloudCredentials?.issuer;
  const storage =
    loki &&
    new LokiStorage("loki-storage", {
      ...{ naming, partition, region, settings: loki, issuer },
      permissionsBoundaryArn: iam.permissionsBoundaryArn,
    });
  const cluster = { release, distribution };
  new Logging("logging", {
    api,
    settings,
    operators: {
      collectors: operatorReady(operators, neededLoggingOperator(cluster)),
      loki: loki && operatorReady(operators, neededLokiOperator(cluster)),
      console: settings.console ? operatorReady(operators, CONSOLE_OPERATOR) : undefined,
    },
    storage: storage && { bucket: storage.bucket, region, statements: storage.statements, roleArn: storage.roleArn },
    infraRoles,
  });
}
