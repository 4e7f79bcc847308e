import { type Document, isMap, isSeq, type YAMLMap, YAMLSeq } from "yaml";
import type { AlertingConfiguration, AlertReceiver, AlertRoute } from "../../config/alerting/settings";
import type { Minor } from "../../config/releases/minor";
import { toYaml } from "../../lib/yaml";
import { nodeOf, parseYaml11, writeYaml11 } from "../../lib/yaml-1.1";
import { defaultAlertmanagerConfig, isDefaultConfig } from "./default-config";

/** The key of the Secret that holds Alertmanager's configuration. */
export const ALERTMANAGER_KEY = "alertmanager.yaml";

/** The Secret that Alertmanager reads (ALERTMANAGER_SECRET), and this program's copy of it from before the first change (ORIGINAL_SECRET). */
export const ALERTMANAGER_SECRET = { name: "alertmanager-main", namespace: "openshift-monitoring" } as const;
export const ORIGINAL_SECRET = { name: "okd-aws-alertmanager-original", namespace: "openshift-monitoring" } as const;

/** Annotation of `alertmanager-main` while this Secret holds this program's configuration. */
export const CONFIGURED_ANNOTATION = "okd-aws/configured";

/** Name of the receiver for Watchdog, the alert that always fires (dead man's switch). */
const WATCHDOG = "okd-aws-watchdog";

/**
 * URLs of PagerDuty and Opsgenie by region (support.pagerduty.com/docs/service-regions; docs.opsgenie.com/v1.0/docs/api-overview). For a
 * receiver without a URL, Alertmanager uses the URL in `global`, or else the URL for the United States (prometheus/alertmanager,
 * `config/config.go`, main).
 */
const PAGERDUTY = { us: "https://events.pagerduty.com/v2/enqueue", eu: "https://events.eu.pagerduty.com/v2/enqueue" };
const OPSGENIE = { us: "https://api.opsgenie.com/", eu: "https://api.eu.opsgenie.com/" };

type Fields = Readonly<Record<string, unknown>>;

/**
 * Alertmanager's configuration: `original` with the configured receivers. The configured routes come before all others except Watchdog's. If nobody
 * has changed the original, the default configuration of the configured release is used in place of it. The route to the receiver Critical is dropped
 * while that receiver sends nothing: otherwise critical alerts would end there and not reach the default receiver.
 *
 * @throws Error if the original can't be merged; it does not quote the original, which holds secrets
 */
export function alertmanagerConfig(settings: AlertingConfiguration, original: string, minor: Minor): string {
  const given = parseYaml11(original);
  const isUntouched = given.contents === null || isDefaultConfig(given.toJS());
  const document = isUntouched ? parseYaml11(toYaml(defaultAlertmanagerConfig(minor))) : given;
  if (!isMap(document.contents)) throw new Error("it is not a YAML map");
  const receivers = listIn(document, document.contents, "receivers");
  const route = document.contents.get("route");
  if (!isMap(route)) throw new Error("it has no route");
  const { watchdogUrl, defaultReceiver } = settings;
  const own = settings.receivers.map(receiverObject);
  if (watchdogUrl) own.push({ name: WATCHDOG, webhook_configs: [{ url: watchdogUrl.reveal() }] });
  receivers.items = receivers.items.filter((each) => own.every(({ name }) => fieldsOf(each).name !== name));
  arrangeRoutes(document, listIn(document, route, "routes"), settings, sendersIn(receivers));
  for (const each of own) receivers.add(nodeOf(document, each));
  if (defaultReceiver !== undefined) (route as YAMLMap).set("receiver", defaultReceiver);
  return writeYaml11(document);
}

/** Puts Watchdog's routes first, then the configured ones, then the others. */
function arrangeRoutes(document: Document, routes: YAMLSeq, settings: AlertingConfiguration, senders: ReadonlySet<unknown>): void {
  const watchdogs = routes.items.filter((each) => isWatchdog(fieldsOf(each)));
  const others = routes.items.filter(
    (each) => !isWatchdog(fieldsOf(each)) && (senders.has("Critical") || fieldsOf(each).receiver !== "Critical"),
  );
  const first = settings.watchdogUrl ? [nodeOf(document, watchdogRoute())] : watchdogs;
  routes.items = [...first, ...settings.routes.map((each) => nodeOf(document, routeObject(each))), ...others];
}

/** The list in a field; a field that is missing or empty becomes an empty list. */
function listIn(document: Document, map: YAMLMap, field: string): YAMLSeq {
  const found: unknown = map.get(field);
  if (isSeq(found)) return found;
  if (found !== undefined && found !== null) throw new Error(`its field ${field} is not a list`);
  const made = new YAMLSeq(document.schema);
  map.set(field, made);
  return made;
}

/** Names of the receivers that send alerts: those with at least one field such as `email_configs`. */
function sendersIn(receivers: YAMLSeq): ReadonlySet<unknown> {
  const fields = receivers.items.map(fieldsOf);
  return new Set(fields.filter((each) => Object.keys(each).some((field) => field.endsWith("_configs"))).map(({ name }) => name));
}

function isWatchdog({ matchers, match }: Fields): boolean {
  const named = Array.isArray(matchers) && matchers.some((each) => /^\s*alertname\s*=\s*"?Watchdog"?\s*$/.test(String(each)));
  return named || (match as Fields | undefined)?.alertname === "Watchdog";
}

function fieldsOf(node: unknown): Fields {
  return isMap(node) ? (node.toJSON() as Fields) : {};
}

function receiverObject(receiver: AlertReceiver): { readonly name: string; readonly [configs: string]: unknown } {
  const { name } = receiver;
  const secret = receiver.secret?.reveal() ?? "";
  switch (receiver.type) {
    case "slack": {
      const channel = receiver.channel === undefined ? {} : { channel: receiver.channel };
      return { name, slack_configs: [{ api_url: secret, send_resolved: true, ...channel }] };
    }
    case "pagerduty":
      return { name, pagerduty_configs: [{ routing_key: secret, ...(receiver.region && { url: PAGERDUTY[receiver.region] }) }] };
    case "opsgenie":
      return { name, opsgenie_configs: [{ api_key: secret, ...(receiver.region && { api_url: OPSGENIE[receiver.region] }) }] };
    case "webhook":
      return { name, webhook_configs: [{ url: secret }] };
    case "email": {
      const { to, from, smarthost, username } = receiver;
      const login = username === undefined ? {} : { auth_username: username, auth_password: secret };
      // On port 465 the connection begins with TLS, so STARTTLS must not be required. Before v0.31 Alertmanager required it in addition
      // (prometheus/alertmanager, `notify/email/email.go`).
      const tls = { require_tls: !smarthost.endsWith(":465") };
      return { name, email_configs: [{ to, from, smarthost, ...tls, send_resolved: true, ...login }] };
    }
  }
}

/** A route in Alertmanager's format. Alertmanager anchors the expressions of matchers, so `shop` does not match the namespace `shop-test`. */
function routeObject({ receiver, severities = [], namespaces = [], continue: goesOn }: AlertRoute): object {
  const matchers = [
    ...(severities.length > 0 ? [`severity =~ "${severities.join("|")}"`] : []),
    ...(namespaces.length > 0 ? [`namespace =~ "${namespaces.join("|")}"`] : []),
  ];
  return { receiver, ...(matchers.length > 0 && { matchers }), ...(goesOn && { continue: true }) };
}

/**
 * The route of Watchdog. Alertmanager repeats an alert at the first tick of `group_interval` after `repeat_interval`, so Watchdog is sent
 * about every five minutes.
 */
function watchdogRoute(): object {
  return { matchers: ["alertname = Watchdog"], receiver: WATCHDOG, group_wait: "0s", group_interval: "1m", repeat_interval: "4m" };
}
