import { imageReference } from "../container-images";
import type { Demand } from "../capacity/demand";
import { type Requirement, requirementsOf } from "../ingress/label-selector";
import { selector } from "../ingress/settings";
import { type Placement, servicePlacement } from "../machines/settings";
import type { NeededOperator } from "../operators/needed-operator";
import type { Settings } from "../schema";
import type { DashboardTopic } from "./fields";

/** The namespace of Grafana and its operator: in mode OwnNamespace the operator serves only Grafanas beside it. */
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

/** What the operator's Deployment of Grafana requests (grafana/grafana-operator, `controllers/reconcilers/grafana/deployment_reconciler.go`, v5.22.2). */
const REQUESTS = { pods: 1, cpuMillis: 100, memoryMib: 256 };

/** Settings of Grafana. */
export interface GrafanaConfiguration {
  readonly host: string;
  /** Labels by which a router shard selects the namespace and the route; both are empty for the default router. */
  readonly shardLabels: { readonly namespace: Readonly<Record<string, string>>; readonly route: Readonly<Record<string, string>> };
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
  return {
    host: settings.grafanaHost || `grafana.${grafanaRouterDomain(settings)}`,
    shardLabels: {
      namespace: shard ? selectedLabels(requirementsOf(selector(shard.namespaceSelector))) : {},
      route: shard ? selectedLabels(requirementsOf(selector(shard.routeSelector))) : {},
    },
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

/** Labels that satisfy requirements: the first value of each list. A label that must be missing is left out. */
function selectedLabels(requirements: readonly Requirement[]): Record<string, string> {
  const present = requirements.filter(({ operator }) => operator === "In" || operator === "Exists");
  return Object.fromEntries(present.map(({ key, values = [""] }) => [key, values[0]]));
}

/** The requests of Grafana's pod. */
export function grafanaDemands(settings: Pick<Settings, "grafana" | "grafanaOnInfraNodes" | "infraCount">): Demand[] {
  if (!settings.grafana) return [];
  const nodes = settings.grafanaOnInfraNodes && servicePlacement(settings, REQUESTS.pods) ? "infra" : "worker";
  return [{ what: "Grafana", ...REQUESTS, nodes }];
}
