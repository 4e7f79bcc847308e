/** Alertmanager's configuration. */
import { load } from "js-yaml";
import { alertmanagerConfig } from "../../../../cluster-objects/alerting/alertmanager-config";
import type { AlertingConfiguration } from "../../../../config/alerting/settings";
import { minorNamed } from "../../../../config/releases/minor";
import { Secret } from "../../../../config/secret";

const latest = minorNamed("4.22");
const slack = { type: "slack", name: "platform", channel: "#alerts", secret: new Secret("https://hooks.slack.com/services/x") } as const;
const settings: AlertingConfiguration = { receivers: [slack], routes: [], defaultReceiver: "platform" };

interface Content {
  readonly global?: object;
  readonly receivers: readonly { readonly name: string }[];
  readonly route: { readonly receiver: string; readonly routes: readonly Record<string, unknown>[] };
}
const contentOf = (given: AlertingConfiguration, original = "", minor = latest) =>
  load(alertmanagerConfig(given, original, minor)) as Content;

test("all alerts of a new cluster that no route fits go to the default receiver, also critical ones", () => {
  const { receivers, route } = contentOf(settings);
  expect(receivers).toEqual([
    { name: "Default" },
    { name: "Watchdog" },
    { name: "platform", slack_configs: [{ api_url: "https://hooks.slack.com/services/x", send_resolved: true, channel: "#alerts" }] },
  ]);
  expect(route).toMatchObject({ receiver: "platform", group_by: ["namespace"], repeat_interval: "12h" });
  expect(route.routes).toEqual([{ matchers: ["alertname = Watchdog"], receiver: "Watchdog" }]);
});

test("configured routes come after Watchdog's", () => {
  const routes: AlertingConfiguration["routes"] = [
    { receiver: "platform", severities: ["critical", "warning"], namespaces: ["payments", "shop"], continue: true },
    { receiver: "platform", severities: [], namespaces: [] },
  ];
  const { route } = contentOf({ ...settings, routes });
  expect(route.routes).toEqual([
    { matchers: ["alertname = Watchdog"], receiver: "Watchdog" },
    { receiver: "platform", matchers: ['severity =~ "critical|warning"', 'namespace =~ "payments|shop"'], continue: true },
    { receiver: "platform" },
  ]);
});

test("each type of receiver has its own settings", () => {
  const secret = new Secret("s3cret");
  const mail = { type: "email", name: "mail", to: "a@example.com", from: "b@example.com", smarthost: "smtp.example.com:587" } as const;
  const { receivers } = contentOf({
    receivers: [
      { type: "pagerduty", name: "pager", secret },
      { type: "opsgenie", name: "genie", secret },
      { type: "webhook", name: "hook", secret: new Secret("https://hook.example.com/t") },
      mail,
      { ...mail, name: "login", username: "okd", secret },
    ],
    routes: [],
  });
  const sent = { to: "a@example.com", from: "b@example.com", smarthost: "smtp.example.com:587", send_resolved: true };
  expect(receivers.slice(2)).toEqual([
    { name: "pager", pagerduty_configs: [{ routing_key: "s3cret" }] },
    { name: "genie", opsgenie_configs: [{ api_key: "s3cret" }] },
    { name: "hook", webhook_configs: [{ url: "https://hook.example.com/t" }] },
    { name: "mail", email_configs: [sent] },
    { name: "login", email_configs: [{ ...sent, auth_username: "okd", auth_password: "s3cret" }] },
  ]);
});

test("Watchdog repeats every five minutes when it goes to a dead man's switch", () => {
  const { receivers, route } = contentOf({ receivers: [], routes: [], watchdogUrl: new Secret("https://watchdog.example.com/1") });
  expect(receivers.filter(({ name }) => name === "Watchdog")).toEqual([
    { name: "Watchdog", webhook_configs: [{ url: "https://watchdog.example.com/1" }] },
  ]);
  expect(route.routes[0]).toMatchObject({ receiver: "Watchdog", repeat_interval: "5m" });
  expect(route.receiver).toBe("Default");
});

test("receivers that somebody has configured stay, with their routes and settings", () => {
  const byHand = `
global: {smtp_from: team@example.com}
receivers:
- {name: Default}
- {name: team, webhook_configs: [{url: "https://team.example.com"}]}
- {name: platform, webhook_configs: [{url: "https://old.example.com"}]}
route:
  receiver: team
  group_by: [job]
  routes:
  - {matchers: ["alertname = Watchdog"], receiver: Watchdog}
  - {matchers: ["team = a"], receiver: team}
`;
  const { global: settingsOfAll, receivers, route } = contentOf({ receivers: [slack], routes: [] }, byHand);
  expect(settingsOfAll).toEqual({ smtp_from: "team@example.com" });
  expect(receivers.map(({ name }) => name)).toEqual(["Default", "team", "platform"]);
  expect(route).toMatchObject({ receiver: "team", group_by: ["job"] });
  expect(route.routes.map(({ receiver }) => receiver)).toEqual(["Watchdog", "team"]);
});

test("a default that nobody has configured does not count as an original, because it differs between releases", () => {
  const untouched = "global: {resolve_timeout: 5m}\nreceivers: [{name: Default}]\nroute: {receiver: Default}\n";
  expect(contentOf(settings, untouched)).toEqual(contentOf(settings));
  expect(contentOf(settings, "", minorNamed("4.17")).global).toBeUndefined();
  expect(contentOf(settings, "", minorNamed("4.18")).global).toEqual({ http_config: { proxy_from_environment: true } });
});

test("an original that is not a map is refused", () => {
  expect(() => alertmanagerConfig(settings, "- a\n", latest)).toThrow("it is not a YAML map");
});
