import type { ValueProblem } from "../problem";
import { isDnsLabel } from "../object-name";

/** Checks the name of a receiver. The cluster's own receivers are Default, Watchdog and Critical. */
export function receiverNameProblem(name: string): ValueProblem | undefined {
  if (["default", "watchdog", "critical"].includes(name)) return { wrong: "is too similar to the name of a receiver of the cluster" };
  return isDnsLabel(name)
    ? undefined
    : { wrong: "is not a name of lower-case letters, digits and hyphens", allowed: "1 to 63 lower-case letters, digits and hyphens" };
}

/** Checks a Slack channel: its name after #, or its ID. Braces are refused, because Alertmanager would read them as a template. */
export function channelProblem(channel: string): ValueProblem | undefined {
  return /^(#[\p{Ll}\p{N}_.-]{1,80}|[CGD][A-Z0-9]{8,})$/u.test(channel)
    ? undefined
    : { wrong: "is neither the name nor the ID of a channel", allowed: "#name, or an ID such as C0123456789", instead: "#alerts" };
}

/** Checks one mail address without a display name. */
export function mailProblem(address: string): ValueProblem | undefined {
  return /^[^\s@<>(),;:"{}]+@[a-zA-Z0-9]([a-zA-Z0-9.-]*[a-zA-Z0-9])?$/.test(address)
    ? undefined
    : { wrong: "is not a mail address", allowed: "one address such as on-call@example.com" };
}

/** Checks the mail server: Alertmanager needs its port, too. */
export function smarthostProblem(text: string): ValueProblem | undefined {
  const match = /^[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?:(\d{1,5})$/.exec(text);
  if (match !== null && Number(match[1]) >= 1 && Number(match[1]) <= 65_535) return undefined;
  return { wrong: "is not of the form host:port", allowed: "a host and a port, such as smtp.example.com:587" };
}

/** Checks a namespace in a route; Alertmanager compares it with the alert's label `namespace`. */
export function namespaceProblem(name: string): ValueProblem | undefined {
  return isDnsLabel(name)
    ? undefined
    : { wrong: "is not a valid name of a namespace", allowed: "1 to 63 lower-case letters, digits and hyphens" };
}
