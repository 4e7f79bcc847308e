import { neededOperatorProblems } from "../operators/needed-operator";
import { removeCommand, setCommand } from "../problem";
import { rule } from "../rule";
import { grafanaOperator, grafanaRouterDomain } from "./settings";

export const grafanaHasItsOperator = rule(["grafana", "operators"], ({ grafana, operators }) =>
  grafana ? neededOperatorProblems("grafana", operators, grafanaOperator) : [],
);

const GROUP_KEYS = ["grafanaAdminGroups", "grafanaEditorGroups", "grafanaViewerGroups"] as const;

/** The form for a login is switched off, so without a group nobody could log in. */
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
              wrong: `has the group ${group}, which ${other} has, too`,
              allowed: "each group once",
              fix: "remove it from one of the two lists",
            },
          ];
    });
  }),
);

const OTHERS = [...GROUP_KEYS, "grafanaRouterShard", "grafanaHost", "grafanaImage", "grafanaOnInfraNodes"] as const;

export const grafanaSettingsNeedIt = rule(["grafana", ...OTHERS], ({ grafana, ...others }) => {
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
      wrong: "is not the name of a shard in routerShards",
      allowed: names.length > 0 ? names.join(", ") : "nothing, because routerShards has no shard",
      fix: names.length > 0 ? setCommand("grafanaRouterShard", names[0]) : removeCommand("grafanaRouterShard"),
    },
  ];
});

/** The router's DNS record and certificate are for one label below its domain. */
export const grafanaHostIsBelowItsRouter = rule(
  ["grafanaHost", "grafanaRouterShard", "routerShards", "clusterName", "baseDomain"],
  ({ grafanaHost, ...settings }) => {
    const domain = grafanaRouterDomain(settings);
    const [label] = grafanaHost.split(".");
    if (grafanaHost === "" || grafanaHost === `${label}.${domain}`) return [];
    return [
      {
        key: "grafanaHost",
        wrong: `is not directly below ${domain}, so neither the router's DNS record nor its certificate covers it`,
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
