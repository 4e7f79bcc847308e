import { ownValue } from "../../lib/own-value";
import type { Settings } from "../schema";
import { Secret } from "../secret";

type ReceiverSettings = Settings["alertReceivers"][number];

/** A receiver with its secret. */
export type AlertReceiver = ReceiverSettings & { readonly secret?: Secret };

/** A route: alerts with these severities and namespaces go to a receiver. */
export type AlertRoute = Settings["alertRoutes"][number];

/** The receivers of the platform's alerts. */
export interface AlertingConfiguration {
  readonly receivers: readonly AlertReceiver[];
  readonly routes: readonly AlertRoute[];
  /** If undefined, alerts that match no route go to the cluster's default receiver. */
  readonly defaultReceiver?: string;
  readonly watchdogUrl?: Secret;
}

/** The receivers of alerts; undefined without receivers and without a URL for Watchdog. */
export function alerting(settings: Settings): AlertingConfiguration | undefined {
  const { alertReceivers, alertReceiverSecrets, alertRoutes, alertDefaultReceiver, alertWatchdogUrl } = settings;
  if (alertReceivers.length === 0 && alertWatchdogUrl === "") return undefined;
  return {
    receivers: alertReceivers.map((each) => {
      const secret = secretOfReceiver(each) === undefined ? undefined : ownValue(alertReceiverSecrets, each.name);
      return { ...each, ...(secret !== undefined && { secret: new Secret(secret) }) };
    }),
    routes: alertRoutes,
    ...(alertDefaultReceiver !== "" && { defaultReceiver: alertDefaultReceiver }),
    ...(alertWatchdogUrl !== "" && { watchdogUrl: new Secret(alertWatchdogUrl) }),
  };
}

/** Describes the secret of a receiver; undefined if it needs none. */
export function secretOfReceiver(receiver: ReceiverSettings): string | undefined {
  switch (receiver.type) {
    case "slack":
      return "the URL of an incoming webhook";
    case "pagerduty":
      return "the integration key of its service";
    case "opsgenie":
      return "the API key of its integration";
    case "webhook":
      return "its URL";
    case "email":
      return receiver.username === undefined ? undefined : "the password of its username";
  }
}
