import { z } from "zod";
import { baseDomainProblem } from "../cluster/fields";
import { shardNameProblem } from "../ingress/fields";
import { flag, key, list, text } from "../key";
import { DASHBOARD_TOPICS, grafanaGroupProblem, grafanaImageProblem } from "./fields";

const MAX_GROUPS = 50;
const GROUPS = {
  allowed: `up to ${MAX_GROUPS} groups`,
  source: "Grafana (auth.generic_oauth, role_attribute_path); OpenShift (User, groups)",
};

/** Keys for Grafana. */
export const grafanaKeys = {
  grafana: key(flag(false), {
    description:
      "Whether Grafana runs in the cluster, with dashboards of the cluster and a login with OpenShift accounts. It needs the package grafana-operator in operators (docs/grafana.md).",
    example: "true",
    source: "Grafana operator (grafana.integreatly.org/v1beta1)",
  }),
  grafanaAdminGroups: key(list(grafanaGroupProblem, { max: MAX_GROUPS }), {
    description:
      "Groups whose members get Grafana's role Admin. A user who is in no group of grafanaAdminGroups, grafanaEditorGroups and grafanaViewerGroups can't log in.",
    example: '["platform-admins", "system:cluster-admins"]',
    ...GROUPS,
  }),
  grafanaEditorGroups: key(list(grafanaGroupProblem, { max: MAX_GROUPS }), {
    description: "Groups whose members get Grafana's role Editor.",
    example: '["sre"]',
    ...GROUPS,
  }),
  grafanaViewerGroups: key(list(grafanaGroupProblem, { max: MAX_GROUPS }), {
    description:
      "Groups whose members get Grafana's role Viewer. Viewers can read every metric of the cluster, including the metrics of all projects.",
    example: '["developers"]',
    ...GROUPS,
  }),
  grafanaDashboards: key(
    z.array(z.enum(DASHBOARD_TOPICS)).max(DASHBOARD_TOPICS.length).default(["health", "capacity", "etcd", "routers"]),
    {
      description:
        "Dashboards by topic. The dashboard backups is empty without etcdBackupSchedule and veleroSchedules, the dashboard logging without a log collector.",
      allowed: `a list of ${DASHBOARD_TOPICS.join(", ")}`,
      example: '["health", "capacity", "etcd", "routers", "backups"]',
      source: "this project",
    },
  ),
  grafanaRouterShard: key(text(shardNameProblem), {
    description: "Router shard that serves Grafana.",
    allowed: "the name of a shard in routerShards",
    example: "private",
    source: "OpenShift (IngressController, namespaceSelector and routeSelector)",
    whenEmpty: "the default router",
  }),
  grafanaHost: key(text(baseDomainProblem), {
    description: "Host name of Grafana, directly below the domain of its router.",
    allowed: "a host name",
    example: "metrics.apps.prod.example.com",
    source: "OpenShift (Route, host)",
    whenEmpty: "grafana.<domain of the router>",
  }),
  grafanaImage: key(text(grafanaImageProblem), {
    description:
      "Image of Grafana. Set this key to run another version, or an image in your mirror. Each release of the operator supports the version of Grafana that it runs by default.",
    allowed: "<registry>/<path>:<tag> or <registry>/<path>@sha256:<digest>",
    example: "registry.example.com/grafana/grafana:12.4.1",
    source: "Grafana operator (Grafana, spec.version)",
    whenEmpty: "the version that the operator's release v5.22.2 runs",
  }),
  grafanaOnInfraNodes: key(flag(false), {
    description: "Whether Grafana's pod runs on the infra nodes. For the operator's pod, set onInfraNodes in the key operators.",
    example: "true",
    source: "Grafana operator (Grafana, spec.deployment)",
  }),
} as const;
