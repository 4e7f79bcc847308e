/** Alertmanager's configuration. */
import { dump, load } from "js-yaml";
import { alertmanagerConfig } from "../../../../cluster-objects/alerting/alertmanager-config";
import { defaultAlertmanagerConfig } from "../../../../cluster-objects/alerting/default-config";
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

/** Names of the receivers that the routes name; Alertmanager refuses a route to a receiver that does not exist. */
const named = ({ route, receivers }: Content) =>
  [route.receiver, ...route.routes.map(({ receiver }) => receiver)].filter((each) => receivers.every(({ name }) => name !== each));

test("all alerts of a new cluster that match no route go to the default receiver, also critical ones", () => {
  const content = contentOf(settings);
  expect(content.receivers).toEqual([
    { name: "Default" },
    { name: "Watchdog" },
    { name: "Critical" },
    { name: "platform", slack_configs: [{ api_url: "https://hooks.slack.com/services/x", send_resolved: true, channel: "#alerts" }] },
  ]);
  expect(content.route).toMatchObject({ receiver: "platform", group_by: ["namespace"], repeat_interval: "12h" });
  expect(content.route.routes).toEqual([{ matchers: ["alertname = Watchdog"], receiver: "Watchdog" }]);
});

test("a critical alert still inhibits warnings of the same name and namespace", () => {
  const { inhibit_rules: rules } = contentOf(settings) as unknown as { inhibit_rules: object[] };
  expect(rules[0]).toEqual({
    source_matchers: ["severity = critical"],
    target_matchers: ["severity =~ warning|info"],
    equal: ["namespace", "alertname"],
  });
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
  const sent = { to: "a@example.com", from: "b@example.com", smarthost: "smtp.example.com:587", require_tls: true, send_resolved: true };
  expect(receivers.slice(3)).toEqual([
    { name: "pager", pagerduty_configs: [{ routing_key: "s3cret" }] },
    { name: "genie", opsgenie_configs: [{ api_key: "s3cret" }] },
    { name: "hook", webhook_configs: [{ url: "https://hook.example.com/t" }] },
    { name: "mail", email_configs: [sent] },
    { name: "login", email_configs: [{ ...sent, auth_username: "okd", auth_password: "s3cret" }] },
  ]);
});

test("a receiver's region selects the URL of PagerDuty or Opsgenie, and a receiver without a region keeps the cluster's own setting", () => {
  const secret = new Secret("s3cret");
  const pager = { type: "pagerduty", secret } as const;
  const genie = { type: "opsgenie", secret } as const;
  const all: AlertingConfiguration["receivers"] = [
    { ...pager, name: "pager-eu", region: "eu" },
    { ...pager, name: "pager-us", region: "us" },
    { ...pager, name: "pager" },
    { ...genie, name: "genie-eu", region: "eu" },
    { ...genie, name: "genie-us", region: "us" },
    { ...genie, name: "genie" },
  ];
  const service = "https://events.eu.pagerduty.com/v2/enqueue";
  expect(contentOf({ receivers: all, routes: [] }).receivers.slice(3)).toEqual([
    { name: "pager-eu", pagerduty_configs: [{ routing_key: "s3cret", url: service }] },
    { name: "pager-us", pagerduty_configs: [{ routing_key: "s3cret", url: service.replace(".eu", "") }] },
    { name: "pager", pagerduty_configs: [{ routing_key: "s3cret" }] },
    { name: "genie-eu", opsgenie_configs: [{ api_key: "s3cret", api_url: "https://api.eu.opsgenie.com/" }] },
    { name: "genie-us", opsgenie_configs: [{ api_key: "s3cret", api_url: "https://api.opsgenie.com/" }] },
    { name: "genie", opsgenie_configs: [{ api_key: "s3cret" }] },
  ]);
});

test("mail through port 465 does not require STARTTLS", () => {
  const mail = { type: "email", name: "mail", to: "a@example.com", from: "b@example.com", smarthost: "smtp.example.com:465" } as const;
  const [{ email_configs: sent }] = contentOf({ receivers: [mail], routes: [] }).receivers.slice(3) as unknown as [
    { email_configs: object[] },
  ];
  expect(sent).toEqual([expect.objectContaining({ require_tls: false })]);
});

test("with a dead man's switch, Watchdog's route goes to a receiver for the switch and repeats every 4 minutes", () => {
  const content = contentOf({ receivers: [], routes: [], watchdogUrl: new Secret("https://watchdog.example.com/1") });
  expect(content.receivers.at(-1)).toEqual({ name: "okd-aws-watchdog", webhook_configs: [{ url: "https://watchdog.example.com/1" }] });
  expect(content.route.routes).toEqual([
    { matchers: ["alertname = Watchdog"], receiver: "okd-aws-watchdog", group_wait: "0s", group_interval: "1m", repeat_interval: "4m" },
  ]);
  expect(content.route.receiver).toBe("Default");
});

describe("a configuration that somebody has changed", () => {
  const byHand = `# ours
global: {smtp_from: team@example.com}
receivers:
- {name: default}
- {name: "null"}
- {name: Critical}
- {name: team, webhook_configs: [{url: "https://team.example.com", max_alerts: 0}]}
- {name: platform, webhook_configs: [{url: "https://old.example.com"}]}
route:
  receiver: team
  group_by: [job]
  routes:
  - {matchers: ["alertname = InfoInhibitor"], receiver: "null"}
  - {matchers: ["alertname=Watchdog"], receiver: team, repeat_interval: 2m}
  - {matchers: ["severity = critical"], receiver: Critical}
  - {match: {team: on}, receiver: team}
`;
  const given: AlertingConfiguration = { receivers: [slack], routes: [{ receiver: "platform", severities: ["critical"] }] };

  test("keeps its receivers, routes, times and comments", () => {
    const text = alertmanagerConfig(given, byHand, latest);
    const content = load(text) as Content;
    expect(text).toMatch(/^# ours\n/);
    expect(text).toContain("match: { team: on }");
    expect(content.receivers.map(({ name }) => name)).toEqual(["default", "null", "Critical", "team", "platform"]);
    expect(content.route).toMatchObject({ receiver: "team", group_by: ["job"] });
    expect(content.route.routes.map(({ receiver }) => receiver)).toEqual(["team", "platform", "null", "team"]);
    expect(content.route.routes[0]).toMatchObject({ repeat_interval: "2m" });
    expect(named(content)).toEqual([]);
  });

  test("gets the configured default receiver in place of the receiver that somebody has set", () => {
    expect(contentOf({ ...given, defaultReceiver: "platform" }, byHand).route.receiver).toBe("platform");
  });

  test("keeps the route to the receiver Critical if this receiver sends alerts somewhere", () => {
    const sends = byHand.replace("{name: Critical}", '{name: Critical, webhook_configs: [{url: "https://critical.example.com"}]}');
    expect(contentOf(given, sends).route.routes.map(({ receiver }) => receiver)).toContain("Critical");
  });

  test("may have empty lists", () => {
    const content = contentOf(settings, "receivers:\nroute:\n  receiver: x\n  routes:\n");
    expect(content.receivers.map(({ name }) => name)).toEqual(["platform"]);
    expect(content.route.routes).toEqual([]);
  });
});

test.each(["4.14", "4.16", "4.18"] as const)(
  "the unchanged default of OpenShift %s is replaced by the default of the configured release",
  (name) => {
    const untouched = dump(defaultAlertmanagerConfig(minorNamed(name)));
    expect(alertmanagerConfig(settings, untouched, latest)).toBe(alertmanagerConfig(settings, "", latest));
    expect(named(contentOf(settings, "", minorNamed(name)))).toEqual([]);
  },
);

test("the default of 4.14 keeps its route that silences InfoInhibitor", () => {
  const { route } = contentOf(settings, "", minorNamed("4.14"));
  expect(route.routes.map(({ receiver }) => receiver)).toEqual(["Watchdog", "null"]);
});

test.each([
  ["is not a map", "- t0ken\n", "it is not a YAML map"],
  ["has no route", "receivers: []\n", "it has no route"],
  ["has a map of receivers", "receivers: {t0ken: 1}\nroute: {receiver: x}\n", "its field receivers is not a list"],
  ["has aliases", "receivers: [&a {name: t0ken}]\nroute: {receiver: x, routes: [*a]}\n", /^it has YAML aliases/],
])("a configuration in the cluster that %s is refused, and the message does not quote it", (_name, original, message) => {
  expect(() => alertmanagerConfig(settings, original, latest)).toThrow(message);
});
