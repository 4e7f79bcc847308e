import { NAMESPACE_NAME, selectorMatches } from "../ingress/label-selector";
import { selector } from "../ingress/settings";
import { isDisconnected } from "../mirror/fields";
import { type KeyProblem, removeCommand, setCommand } from "../problem";
import { httpsIsProxied } from "../proxy/fields";
import { rule } from "../rule";
import type { Warning } from "../warning";
import { GRAFANA_NAMESPACE, grafanaNamespaceLabels, grafanaRouterDomain } from "./settings";

const GROUP_KEYS = ["grafanaAdminGroups", "grafanaEditorGroups", "grafanaViewerGroups"] as const;

/** Grafana's own login form is switched off, so without a group nobody could log in. */
export const somebodyMayLogInToGrafana = rule(["grafana", ...GROUP_KEYS], ({ grafana, ...groups }) =>
  !grafana || GROUP_KEYS.some((key) => groups[key].length > 0)
    ? []
    : [
        {
          key: "grafana",
          wrong: `is true, but ${GROUP_KEYS.join(", ")} name no group, so nobody could log in`,
          allowed: "true with at least one group",
          fix: setCommand("grafanaAdminGroups", '["system:cluster-admins"]'),
        },
      ],
);

export const grafanaGroupsHaveOneRole = rule(GROUP_KEYS, (groups) =>
  GROUP_KEYS.flatMap((key, index) => {
    const higher = GROUP_KEYS.slice(0, index);
    return groups[key].flatMap((group) => {
      const other = higher.find((each) => groups[each].includes(group));
      return other === undefined
        ? []
        : [
            {
              key,
              wrong: `has the group ${group}, which is also in ${other}`,
              allowed: "each group in only one of the three keys",
              fix: "remove it from one of the two lists",
            },
          ];
    });
  }),
);

const OTHERS = [...GROUP_KEYS, "grafanaRouterShard", "grafanaHost", "grafanaImage", "grafanaOnInfraNodes"] as const;

export const grafanaSettingsNeedGrafana = rule(["grafana", ...OTHERS], ({ grafana, ...others }) => {
  if (grafana) return [];
  const set = OTHERS.filter((key) => (Array.isArray(others[key]) ? others[key].length > 0 : Boolean(others[key])));
  return set.map((key) => ({
    key,
    wrong: "is set, but grafana is not true",
    fix: `${setCommand("grafana", "true")}, or ${removeCommand(key)}`,
  }));
});

export const grafanaShardExists = rule(["grafanaRouterShard", "routerShards"], ({ grafanaRouterShard, routerShards }) => {
  const names = routerShards.map(({ name }) => name);
  if (grafanaRouterShard === "" || names.includes(grafanaRouterShard)) return [];
  return [
    {
      key: "grafanaRouterShard",
      wrong: "names a shard, but routerShards has none of this name",
      allowed: names.length > 0 ? names.join(", ") : "nothing, because routerShards has no shard",
      fix: names.length > 0 ? setCommand("grafanaRouterShard", names[0]) : removeCommand("grafanaRouterShard"),
    },
  ];
});

/**
 * Grafana's namespace has only the labels that the program sets, and the label with its name. The default router serves no namespace that a
 * shard selects.
 */
export const grafanaIsServedByItsRouter = rule(
  ["grafana", "grafanaRouterShard", "routerShards"],
  ({ grafana, grafanaRouterShard, routerShards }): KeyProblem[] => {
    if (!grafana) return [];
    const chosen = routerShards.find(({ name }) => name === grafanaRouterShard);
    const labels = { ...(chosen && grafanaNamespaceLabels(chosen)), [NAMESPACE_NAME]: GRAFANA_NAMESPACE };
    const selects = ({ namespaceSelector }: (typeof routerShards)[number]) => selectorMatches(selector(namespaceSelector), labels);
    if (chosen && !selects(chosen))
      return [
        {
          key: "routerShards",
          wrong: `has the shard ${chosen.name}, which selects namespaces by their names, but not ${GRAFANA_NAMESPACE}, so it would not serve Grafana`,
          allowed: `a namespaceSelector that selects ${GRAFANA_NAMESPACE}, if grafanaRouterShard is ${chosen.name}`,
          fix: `add ${GRAFANA_NAMESPACE} to the values of its namespaceSelector`,
        },
      ];
    const other = routerShards.find(selects);
    if (chosen || grafanaRouterShard !== "" || other === undefined) return [];
    return [
      {
        key: "grafanaRouterShard",
        wrong: `is not set, but the shard ${other.name} selects the namespace ${GRAFANA_NAMESPACE}, so the default router does not serve Grafana`,
        allowed: other.name,
        fix: setCommand("grafanaRouterShard", other.name),
      },
    ];
  },
);

/**
 * Names that routes of the platform have in the default router's domain (OpenShift documentation, "Ingress Operator"; cluster-authentication-operator,
 * console-operator, cluster-ingress-operator, cluster-monitoring-operator). The router admits only the oldest route of a host.
 */
const PLATFORM_HOST =
  /^(oauth-openshift|console-openshift-console|downloads-openshift-console|canary-openshift-ingress-canary|default-route-openshift-image-registry|(alertmanager-main|prometheus-k8s|prometheus-k8s-federate|thanos-querier|thanos-ruler|federate)-openshift-(user-workload-)?monitoring)\.apps\./;

export const grafanaHostIsFree = rule(["grafanaHost"], ({ grafanaHost }) =>
  PLATFORM_HOST.test(grafanaHost)
    ? [
        {
          key: "grafanaHost",
          wrong: "is the host of a route of the platform, so the router would not serve Grafana there",
          allowed: "a host that no other route has",
          fix: removeCommand("grafanaHost"),
        },
      ]
    : [],
);

/** The router's DNS record and certificate cover only host names with one label in front of the router's domain. */
export const grafanaHostIsBelowItsRouter = rule(
  ["grafanaHost", "grafanaRouterShard", "routerShards", "clusterName", "baseDomain"],
  ({ grafanaHost, ...settings }) => {
    const domain = grafanaRouterDomain(settings);
    const [label] = grafanaHost.split(".");
    if (grafanaHost === "" || grafanaHost === `${label}.${domain}`) return [];
    return [
      {
        key: "grafanaHost",
        wrong: `is a host name, but not directly below ${domain}, so neither the router's DNS record nor its certificate covers it`,
        allowed: `<name>.${domain}`,
        fix: setCommand("grafanaHost", `${label}.${domain}`),
      },
    ];
  },
);

export const grafanaHasInfraNodes = rule(["grafanaOnInfraNodes", "infraCount"], ({ grafanaOnInfraNodes, infraCount }) =>
  !grafanaOnInfraNodes || infraCount > 0
    ? []
    : [
        {
          key: "grafanaOnInfraNodes",
          wrong: "is true, but infraCount is 0",
          fix: `${setCommand("infraCount", 3)}, or ${removeCommand("grafanaOnInfraNodes")}`,
        },
      ],
);

/**
 * At a login Grafana requests a token at the OAuth server's route. It does not use the cluster's proxy, because neither OLM nor Grafana's
 * operator sets the proxy's environment variables (grafana/grafana-operator, `controllers/reconcilers/grafana/deployment_reconciler.go`,
 * v5.22.2).
 */
export const grafanaReachesTheLogin = rule<"grafana" | "httpsProxy" | "noProxy" | "publish" | "natGateways" | "vpcId" | "mirror", Warning>(
  ["grafana", "httpsProxy", "noProxy", "publish", "natGateways", "vpcId", "mirror"],
  ({ grafana, httpsProxy, noProxy, publish, natGateways, vpcId, mirror }) => {
    const hasNat = vpcId === "" && natGateways !== "none" && !isDisconnected(mirror);
    if (!grafana || publish !== "External" || hasNat || !httpsIsProxied({ httpsProxy, noProxy })) return [];
    return [
      {
        key: "grafana",
        text:
          "Grafana does not use the cluster's proxy, and the default router's load balancer has only public addresses. " +
          `Without a network route to these addresses nobody can log in to Grafana${vpcId === "" ? "" : "; check whether the VPC has such a route"}.`,
        fix: `${setCommand("publish", "Internal")}, or ${setCommand("natGateways", "per-zone")}`,
      },
    ];
  },
);
