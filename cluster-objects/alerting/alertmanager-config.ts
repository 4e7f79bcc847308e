import type { AlertingConfiguration, AlertReceiver, AlertRoute } from "../../config/alerting/settings";
import { isAtLeast, type Minor } from "../../config/releases/minor";
import { toYaml } from "../../lib/yaml";
import { parseYaml11 } from "../../lib/yaml-1.1";

/** The key of the Secret that holds Alertmanager's configuration. */
export const ALERTMANAGER_KEY = "alertmanager.yaml";

/** Paths of the Secret that Alertmanager reads, and of the copy that this program makes of it before the first change. */
export const ALERTMANAGER_SECRET = { name: "alertmanager-main", namespace: "openshift-monitoring" } as const;
export const ORIGINAL_SECRET = { name: "okd-aws-alertmanager-original", namespace: "openshift-monitoring" } as const;

interface NamedReceiver {
  readonly name: string;
  readonly [configs: string]: unknown;
}

/** The parts of Alertmanager's configuration that are read here (prometheus/alertmanager, `config/config.go`, main). */
interface Content {
  readonly receivers?: readonly NamedReceiver[];
  readonly route?: { readonly receiver?: string; readonly routes?: readonly object[]; readonly [field: string]: unknown };
  readonly [field: string]: unknown;
}

/**
 * Alertmanager's configuration: the cluster's own, with the configured receivers and routes before the others. If somebody has added receivers
 * to `original`, they stay; otherwise the release's default takes its place, because it differs between releases.
 *
 * @throws Error if the original is not a YAML map; it does not quote the original, which holds secrets
 */
export function alertmanagerConfig(settings: AlertingConfiguration, original: string, minor: Minor): string {
  const base = baseOf(original, minor);
  const own = settings.receivers.map(receiverObject);
  const watchdog = settings.watchdogUrl && { name: "Watchdog", webhook_configs: [{ url: settings.watchdogUrl.reveal() }] };
  const replaced = [...own, ...(watchdog ? [watchdog] : [])];
  const kept = (base.receivers ?? []).filter(({ name }) => replaced.every((each) => each.name !== name));
  const { receiver = "Default", routes = [], ...route } = base.route ?? {};
  const content = {
    ...base,
    receivers: [...kept, ...replaced],
    route: {
      ...route,
      receiver: settings.defaultReceiver ?? receiver,
      routes: [watchdogRoute(watchdog !== undefined), ...settings.routes.map(routeObject), ...routes.filter((each) => !isWatchdog(each))],
    },
  };
  return toYaml(content);
}

/**
 * Alertmanager's configuration in a new cluster (openshift/cluster-monitoring-operator, `assets/alertmanager/secret.yaml`), without its receiver
 * Critical and the route to it: that receiver sends nothing, so critical alerts would not reach the default receiver.
 */
function defaultContent(minor: Minor): Content {
  const inhibit = (source: string, target: string) => ({
    equal: ["namespace", "alertname"],
    source_matchers: [`severity = ${source}`],
    target_matchers: [`severity ${target}`],
  });
  return {
    ...(isAtLeast(minor, "4.18") && { global: { http_config: { proxy_from_environment: true } } }),
    inhibit_rules: [inhibit("critical", "=~ warning|info"), inhibit("warning", "= info")],
    receivers: [{ name: "Default" }, { name: "Watchdog" }],
    route: {
      group_by: ["namespace"],
      group_interval: "5m",
      group_wait: "30s",
      receiver: "Default",
      repeat_interval: "12h",
    },
  };
}

/** The original, if somebody has configured it; otherwise the release's default. */
function baseOf(original: string, minor: Minor): Content {
  const content: unknown = parseYaml11(original).toJS() ?? {};
  if (typeof content !== "object" || Array.isArray(content)) throw new Error("it is not a YAML map");
  const { receivers = [] } = content as Content;
  const isConfigured = receivers.some((each) => Object.keys(each).some((field) => field.endsWith("_configs")));
  return isConfigured ? (content as Content) : defaultContent(minor);
}

function receiverObject(receiver: AlertReceiver): NamedReceiver {
  const { name } = receiver;
  const secret = receiver.secret?.reveal() ?? "";
  switch (receiver.type) {
    case "slack": {
      const channel = receiver.channel === undefined ? {} : { channel: receiver.channel };
      return { name, slack_configs: [{ api_url: secret, send_resolved: true, ...channel }] };
    }
    case "pagerduty":
      return { name, pagerduty_configs: [{ routing_key: secret }] };
    case "opsgenie":
      return { name, opsgenie_configs: [{ api_key: secret }] };
    case "webhook":
      return { name, webhook_configs: [{ url: secret }] };
    case "email": {
      const { to, from, smarthost, username } = receiver;
      const login = username === undefined ? {} : { auth_username: username, auth_password: secret };
      return { name, email_configs: [{ to, from, smarthost, send_resolved: true, ...login }] };
    }
  }
}

/** Alertmanager anchors the expressions of its matchers. */
function routeObject({ receiver, severities = [], namespaces = [], continue: goesOn }: AlertRoute): object {
  const matchers = [
    ...(severities.length > 0 ? [`severity =~ "${severities.join("|")}"`] : []),
    ...(namespaces.length > 0 ? [`namespace =~ "${namespaces.join("|")}"`] : []),
  ];
  return { receiver, ...(matchers.length > 0 && { matchers }), ...(goesOn && { continue: true }) };
}

/** Watchdog is not for people. It repeats every five minutes if it is sent to a dead man's switch. */
function watchdogRoute(isSent: boolean): object {
  const often = { group_wait: "0s", group_interval: "1m", repeat_interval: "5m" };
  return { matchers: ["alertname = Watchdog"], receiver: "Watchdog", ...(isSent && often) };
}

function isWatchdog(route: object): boolean {
  return (route as { receiver?: string }).receiver === "Watchdog";
}
