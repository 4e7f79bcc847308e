/** Receivers and routes of alerts that are refused, and the keys that the error names. */
import { problemsOf, withKeys } from "../fixture";
import { type RefusedConfiguration, testRefusals } from "../refusals";

const SLACK = { type: "slack", name: "platform" };
const MAIL = { type: "email", name: "mail", to: "on-call@example.com", from: "okd@example.com", smarthost: "smtp.example.com:587" };
const HOOK = "https://hooks.slack.com/services/T0/B0/x";
const WITH_SLACK = { alertReceivers: [SLACK], alertReceiverSecrets: { platform: HOOK }, alertDefaultReceiver: "platform" };

const REFUSED: readonly RefusedConfiguration[] = [
  ["a receiver without its secret", { alertReceivers: [SLACK], alertDefaultReceiver: "platform" }, ["alertReceiverSecrets"]],
  ["a secret without a receiver", { alertReceiverSecrets: { platform: HOOK } }, ["alertReceiverSecrets"]],
  ["a webhook without TLS", { ...WITH_SLACK, alertReceiverSecrets: { platform: "http://hooks.example.com" } }, ["alertReceiverSecrets"]],
  ["a token in place of the webhook's URL", { ...WITH_SLACK, alertReceiverSecrets: { platform: "xoxb-1" } }, ["alertReceiverSecrets"]],
  ["two receivers with one name", { ...WITH_SLACK, alertReceivers: [SLACK, SLACK] }, ["alertReceivers"]],
  ["the name of a receiver of the cluster", { alertReceivers: [{ type: "pagerduty", name: "watchdog" }] }, ["alertReceivers"]],
  ["a channel without #", { ...WITH_SLACK, alertReceivers: [{ ...SLACK, channel: "alerts" }] }, ["alertReceivers"]],
  ["a channel that is a template", { ...WITH_SLACK, alertReceivers: [{ ...SLACK, channel: "#{{ .x }}" }] }, ["alertReceivers"]],
  ["a mail server without a port", { alertReceivers: [{ ...MAIL, smarthost: "smtp.example.com" }] }, ["alertReceivers"]],
  ["a mail server with an invalid port", { alertReceivers: [{ ...MAIL, smarthost: "smtp.example.com:70000" }] }, ["alertReceivers"]],
  ["two addresses in one", { alertReceivers: [{ ...MAIL, to: "a@example.com, b@example.com" }] }, ["alertReceivers"]],
  [
    "a user of the mail server without a password",
    { alertReceivers: [{ ...MAIL, username: "okd" }], alertDefaultReceiver: "mail" },
    ["alertReceiverSecrets"],
  ],
  [
    "a password for a mail server without a login",
    { alertReceivers: [MAIL], alertReceiverSecrets: { mail: "x" }, alertDefaultReceiver: "mail" },
    ["alertReceiverSecrets"],
  ],
  [
    "a route to a receiver that does not exist",
    { ...WITH_SLACK, alertRoutes: [{ receiver: "pager", severities: ["critical"] }] },
    ["alertRoutes"],
  ],
  ["a route by an unknown severity", { ...WITH_SLACK, alertRoutes: [{ receiver: "platform", severities: ["high"] }] }, ["alertRoutes"]],
  [
    "a route after one that matches every alert",
    { ...WITH_SLACK, alertRoutes: [{ receiver: "platform" }, { receiver: "platform", severities: ["critical"] }] },
    ["alertRoutes"],
  ],
  [
    "a route for every alert beside another default receiver",
    {
      alertReceivers: [SLACK, MAIL],
      alertReceiverSecrets: { platform: HOOK },
      alertRoutes: [{ receiver: "platform" }],
      alertDefaultReceiver: "mail",
    },
    ["alertRoutes"],
  ],
  ["a receiver that gets no alerts", { ...WITH_SLACK, alertDefaultReceiver: "" }, ["alertReceivers"]],
  [
    "a default receiver that does not exist",
    { ...WITH_SLACK, alertRoutes: [{ receiver: "platform", severities: ["critical"] }], alertDefaultReceiver: "pager" },
    ["alertDefaultReceiver"],
  ],
  ["a dead man's switch without TLS", { alertWatchdogUrl: "http://watchdog.example.com/1" }, ["alertWatchdogUrl"]],
];

testRefusals(REFUSED);

test("the error on the URL of a dead man's switch does not show the URL, which is secret", () => {
  const problems = problemsOf(withKeys({ alertWatchdogUrl: "http://watchdog.example.com/t0ken" }));
  expect(problems.map(({ key }) => key)).toEqual(["alertWatchdogUrl"]);
  expect(JSON.stringify(problems)).not.toContain("t0ken");
});
