import { z } from "zod";
import { httpsProblem } from "../cluster-settings/fields";
import { field, listField, records, secretMap, textField } from "../field";
import { key, text } from "../key";
import { channelProblem, mailProblem, namespaceProblem, receiverNameProblem, smarthostProblem } from "./fields";

const SOURCE = "OpenShift (Secret openshift-monitoring/alertmanager-main); Alertmanager (configuration";

const name = field(textField(receiverNameProblem), "Name of the receiver; unique.");

/** PagerDuty and Opsgenie have separate services in Europe. */
const serviceRegion = field(
  z.enum(["us", "eu"]).optional(),
  "Region of the account; if not set, Alertmanager uses the URL in the Secret's section global, or us if there is none.",
);

/** A receiver; its secret is in alertReceiverSecrets. */
const receiver = z.discriminatedUnion("type", [
  z.strictObject({
    type: field(z.literal("slack"), "A Slack channel; the secret is the URL of an incoming webhook."),
    name,
    channel: field(textField(channelProblem).optional(), "Channel; if not set, the channel of the webhook."),
  }),
  z.strictObject({
    type: field(z.literal("pagerduty"), "A PagerDuty service; the secret is its integration key (Events API v2)."),
    name,
    region: serviceRegion,
  }),
  z.strictObject({
    type: field(z.literal("opsgenie"), "An Opsgenie team; the secret is the API key of its integration."),
    name,
    region: serviceRegion,
  }),
  z.strictObject({
    type: field(z.literal("email"), "Mail; the secret is the password of username. Without username there is no secret."),
    name,
    to: field(textField(mailProblem), "Address that gets the alerts."),
    from: field(textField(mailProblem), "Address of the sender."),
    smarthost: field(textField(smarthostProblem), "Mail server as host:port. The connection must use TLS."),
    username: field(textField().optional(), "User name at the mail server; if not set, Alertmanager does not log in."),
  }),
  z.strictObject({ type: field(z.literal("webhook"), "An HTTP endpoint; the secret is its URL."), name }),
]);

const route = z.strictObject({
  receiver: field(textField(receiverNameProblem), "Receiver of the alerts, from alertReceivers."),
  severities: field(
    z
      .array(z.enum(["critical", "warning", "info", "none"]))
      .min(1)
      .optional(),
    "Severities of the alerts; if not set, any.",
  ),
  namespaces: field(listField(namespaceProblem).optional(), "Namespaces of the alerts; if not set or empty, any."),
  continue: field(z.boolean().optional(), "Whether the alerts of this route are also compared with later routes; if not set, false."),
});

/** Keys for the receivers of alerts. */
export const alertingKeys = {
  alertReceivers: key(records(receiver, { max: 50, unique: "name" }), {
    description: "Receivers of the platform's alerts.",
    allowed: "a list of receivers",
    example: '[{"type": "slack", "name": "platform", "channel": "#platform-alerts"}]',
    source: `${SOURCE}, receivers)`,
    whenEmpty: "none",
  }),
  alertReceiverSecrets: key(secretMap(), {
    description: "The secret of each receiver, by the receiver's name: a URL, a key or a password, depending on the receiver's type.",
    allowed: "a map from a receiver's name to its secret",
    example: '{"platform": "https://hooks.slack.com/services/…"}',
    source: `${SOURCE}, receivers)`,
    whenEmpty: "none",
    secret: true,
  }),
  alertRoutes: key(records(route, { max: 100 }), {
    description:
      "Which receiver gets which alerts. The first route that matches an alert decides. If that route has continue: true, the alert is also compared with the routes after it.",
    allowed: "a list of routes",
    example: '[{"receiver": "platform", "severities": ["critical", "warning"]}]',
    source: `${SOURCE}, route)`,
    whenEmpty: "every alert goes to alertDefaultReceiver",
  }),
  alertDefaultReceiver: key(text(receiverNameProblem), {
    description: "Receiver of the alerts that match no route.",
    allowed: "the name of one of alertReceivers",
    example: "platform",
    source: `${SOURCE}, route)`,
    whenEmpty: "the default receiver of the cluster, which sends nothing unless somebody has changed it",
  }),
  alertWatchdogUrl: key(text(httpsProblem), {
    description:
      "URL of a dead man's switch. The alert Watchdog always fires and is sent there about every five minutes; the service at this URL raises the alarm when the alert no longer arrives.",
    allowed: "an https URL without a user or password",
    example: "https://watchdog.example.com/ping/0123",
    source: `${SOURCE}, receivers)`,
    whenEmpty: "Watchdog is not sent",
    secret: true,
  }),
} as const;
