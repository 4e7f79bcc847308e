import { imageReference } from "../container-images";
import type { Demand } from "../capacity/demand";
import { NAMESPACE_NAME, selectedLabels } from "../ingress/label-selector";
import { isBelow, selector } from "../ingress/settings";
import { type Placement, servicePlacement } from "../machines/settings";
import type { NeededOperator } from "../operators/needed-operator";
import type { Settings } from "../schema";
import type { ShardSettings } from "../ingress/keys";
import type { DashboardTopic } from "./fields";

/** The namespace of Grafana and its operator: in mode OwnNamespace the operator serves only Grafana objects in its own namespace. */
export const GRAFANA_NAMESPACE = "grafana-operator";

/** Grafana's operator. */
export const grafanaOperator: NeededOperator = {
  service: "Grafana",
  packages: ["grafana-operator"],
  namespace: GRAFANA_NAMESPACE,
  watch: "either",
  example: {
    name: "grafana-operator",
    namespace: GRAFANA_NAMESPACE,
    source: "community-operators",
    channel: "v5",
    startingCSV: "grafana-operator.v5.22.2",
    targetNamespaces: [GRAFANA_NAMESPACE],
  },
};

/** Requests of Grafana's pod, as the operator sets them (grafana/grafana-operator, `controllers/reconcilers/grafana/deployment_reconciler.go`, v5.22.2). */
const REQUESTS = { pods: 1, cpuMillis: 100, memoryMib: 256 };

/** Settings of Grafana. */
export interface GrafanaConfiguration {
  readonly host: string;
  /** Labels by which a router shard selects the namespace and the route; both are empty for the default router. */
  readonly shardLabels: { readonly namespace: Readonly<Record<string, string>>; readonly route: Readonly<Record<string, string>> };
  /** Seconds for which browsers use only TLS for the host. */
  readonly hstsMaxAge: number;
  /** Groups by Grafana's roles; at least one group. */
  readonly roles: Readonly<Record<"Admin" | "Editor" | "Viewer", readonly string[]>>;
  readonly dashboards: readonly DashboardTopic[];
  /** Pull specification of Grafana's image. */
  readonly image: string;
  readonly placement?: Placement;
}

/** The settings of Grafana; undefined if it is off. */
export function grafana(settings: Settings): GrafanaConfiguration | undefined {
  if (!settings.grafana) return undefined;
  const { grafanaAdminGroups, grafanaEditorGroups, grafanaViewerGroups, grafanaDashboards, grafanaImage } = settings;
  const shard = settings.routerShards.find(({ name }) => name === settings.grafanaRouterShard);
  const placement = settings.grafanaOnInfraNodes ? servicePlacement(settings, REQUESTS.pods) : undefined;
  const host = settings.grafanaHost || `grafana.${grafanaRouterDomain(settings)}`;
  return {
    host,
    shardLabels: {
      namespace: shard ? grafanaNamespaceLabels(shard) : {},
      route: shard ? selectedLabels(selector(shard.routeSelector)) : {},
    },
    hstsMaxAge: hstsMaxAge(host, settings),
    roles: { Admin: grafanaAdminGroups, Editor: grafanaEditorGroups, Viewer: grafanaViewerGroups },
    dashboards: grafanaDashboards,
    image: grafanaImage || imageReference("grafana"),
    ...(placement && { placement }),
  };
}

/** The domain of the router that serves Grafana. */
export function grafanaRouterDomain(
  settings: Pick<Settings, "grafanaRouterShard" | "routerShards" | "clusterName" | "baseDomain">,
): string {
  const { grafanaRouterShard, routerShards, clusterName, baseDomain } = settings;
  return routerShards.find(({ name }) => name === grafanaRouterShard)?.domain ?? `apps.${clusterName}.${baseDomain}`;
}

/**
 * The labels that the program sets on the namespace, so that a shard selects it. The label with the namespace's name is left out, because only
 * the API server can set it.
 */
export function grafanaNamespaceLabels({ namespaceSelector }: Pick<ShardSettings, "namespaceSelector">): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(selectedLabels(selector(namespaceSelector))).filter(([key]) => key !== NAMESPACE_NAME));
}

/** Seconds of a year. */
const YEAR = 31_536_000;

/**
 * A year, or a larger age if the policy of a shard requires it. A star in a policy's pattern matches several labels, too
 * (openshift/openshift-apiserver, `pkg/route/apiserver/admission/requiredrouteannotations/admission.go`, main). With at
 * least a year, most policies do not change the age, so their removal does not change the route. The API could refuse a
 * changed route: an update deletes a removed policy only after it has changed the route, and the API compares the route
 * with the policies that exist at that moment.
 */
function hstsMaxAge(host: string, { routerShards }: Pick<Settings, "routerShards">): number {
  const policies = routerShards.flatMap(({ domain, hsts }) => (hsts !== undefined && isBelow(host, domain) ? [hsts.maxAge] : []));
  return Math.max(YEAR, ...policies);
}

/** The requests of Grafana's pod. */
export function grafanaDemands(settings: Pick<Settings, "grafana" | "grafanaOnInfraNodes" | "infraCount">): Demand[] {
  if (!settings.grafana) return [];
  const nodes = settings.grafanaOnInfraNodes && servicePlacement(settings, REQUESTS.pods) ? "infra" : "worker";
  return [{ consumer: "Grafana", ...REQUESTS, nodes }];
}
