import { isDeepStrictEqual } from "node:util";
import { isAtLeast, type Minor, minorNamed } from "../../config/releases/minor";

const inhibit = (source: string, target: string) => ({
  equal: ["namespace", "alertname"],
  source_matchers: [`severity = ${source}`],
  target_matchers: [`severity ${target}`],
});

const watchdog = { matchers: ["alertname = Watchdog"], receiver: "Watchdog" };
const critical = { matchers: ["severity = critical"], receiver: "Critical" };
const inhibitions = [inhibit("critical", "=~ warning|info"), inhibit("warning", "= info")];
const receivers = [{ name: "Default" }, { name: "Watchdog" }, { name: "Critical" }];
const times = { group_by: ["namespace"], group_interval: "5m", group_wait: "30s", receiver: "Default", repeat_interval: "12h" };

const from418 = {
  global: { http_config: { proxy_from_environment: true } },
  inhibit_rules: inhibitions,
  receivers,
  route: { ...times, routes: [watchdog, critical] },
};
const from416 = { inhibit_rules: inhibitions, receivers, route: { ...times, routes: [watchdog, critical] } };
const from414 = {
  global: { resolve_timeout: "5m" },
  inhibit_rules: [
    ...inhibitions,
    { equal: ["namespace"], source_matchers: ["alertname = InfoInhibitor"], target_matchers: ["severity = info"] },
  ],
  receivers: [...receivers, { name: "null" }],
  route: { ...times, routes: [watchdog, { matchers: ["alertname = InfoInhibitor"], receiver: "null" }, critical] },
};

/**
 * Alertmanager's configuration in a new cluster (openshift/cluster-monitoring-operator, `assets/alertmanager/secret.yaml`, release-4.14 to
 * release-5.0).
 */
export function defaultAlertmanagerConfig(minor: Minor): object {
  if (isAtLeast(minor, "4.18")) return from418;
  return isAtLeast(minor, "4.16") ? from416 : from414;
}

/** Whether nobody has changed a configuration: it is the default of a release, maybe of an earlier one than the cluster's. */
export function isDefaultConfig(content: unknown): boolean {
  return (["4.14", "4.16", "4.18"] as const).some((name) => isDeepStrictEqual(content, defaultAlertmanagerConfig(minorNamed(name))));
}
