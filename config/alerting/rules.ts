import { ownValue } from "../../lib/own-value";
import { urlProblem } from "../url";
import { type KeyProblem, removeCommand, setCommand, setSecretEntryCommand } from "../problem";
import { rule } from "../rule";
import { secretEntryProblems, wantedSecrets } from "../secret-entries";
import type { Settings } from "../schema";
import { secretOfReceiver } from "./settings";

type Receiver = Settings["alertReceivers"][number];

export const receiversHaveTheirSecrets = rule(["alertReceivers", "alertReceiverSecrets"], (facts) => {
  const { alertReceivers: receivers, alertReceiverSecrets: secrets } = facts;
  const wanted = wantedSecrets(receivers, secretOfReceiver);
  return [
    ...secretEntryProblems({ key: "alertReceiverSecrets", secrets, owners: "alertReceivers", owner: "receiver", wanted }),
    ...receivers.flatMap((each) => urlSecretProblems(each, ownValue(secrets, each.name))),
  ];
});

/** The secrets of Slack and webhook receivers are URLs. */
function urlSecretProblems({ type, name }: Receiver, secret: string | undefined): KeyProblem[] {
  if (secret === undefined || (type !== "slack" && type !== "webhook")) return [];
  const found = urlProblem(secret, ({ scheme }) => (scheme === "https" ? undefined : { wrong: "is not an https URL" }));
  const key = "alertReceiverSecrets";
  return found
    ? [{ key, wrong: `entry ${JSON.stringify(name)} ${found.wrong}`, allowed: "an https URL", fix: setSecretEntryCommand(key, name) }]
    : [];
}

export const routesNameReceivers = rule(
  ["alertReceivers", "alertRoutes", "alertDefaultReceiver"],
  ({ alertReceivers, alertRoutes, alertDefaultReceiver }): KeyProblem[] => {
    const names = alertReceivers.map(({ name }) => name);
    const allowed = names.length === 0 ? "a receiver that alertReceivers declares" : names.join(", ");
    const unknown = alertRoutes.flatMap(({ receiver }, index): KeyProblem[] =>
      names.includes(receiver)
        ? []
        : [
            {
              key: "alertRoutes",
              wrong: `item ${index + 1} names the receiver ${receiver}, but alertReceivers does not have it`,
              allowed,
              fix: "add the receiver, or name another one",
            },
          ],
    );
    const lost = alertDefaultReceiver !== "" && !names.includes(alertDefaultReceiver);
    return lost
      ? [
          ...unknown,
          {
            key: "alertDefaultReceiver",
            wrong: "names a receiver, but alertReceivers does not have it",
            allowed,
            fix: `add it to alertReceivers, or ${removeCommand("alertDefaultReceiver")}`,
          },
        ]
      : unknown;
  },
);

/** Refuses a receiver that gets no alerts: nobody would notice this mistake. */
export const receiversGetAlerts = rule(
  ["alertReceivers", "alertRoutes", "alertDefaultReceiver"],
  ({ alertReceivers, alertRoutes, alertDefaultReceiver }): KeyProblem[] => {
    const used = [alertDefaultReceiver, ...alertRoutes.map(({ receiver }) => receiver)];
    return alertReceivers.flatMap(({ name }, index): KeyProblem[] =>
      used.includes(name)
        ? []
        : [
            {
              key: "alertReceivers",
              wrong: `item ${index + 1} (${name}) is set, but neither alertRoutes nor alertDefaultReceiver sends it alerts`,
              fix: `${setCommand("alertDefaultReceiver", name)}, or add a route to alertRoutes`,
            },
          ],
    );
  },
);

/** After a route that matches every alert and has no `continue: true`, later routes and the default receiver get no alerts. */
export const routesCanBeReached = rule(["alertRoutes", "alertDefaultReceiver"], ({ alertRoutes, alertDefaultReceiver }): KeyProblem[] => {
  const all = alertRoutes.findIndex((each) => matchesEveryAlert(each) && each.continue !== true);
  if (all === -1) return [];
  const isLast = all === alertRoutes.length - 1;
  if (isLast && (alertDefaultReceiver === "" || alertDefaultReceiver === alertRoutes[all].receiver)) return [];
  return [
    {
      key: "alertRoutes",
      wrong: `item ${all + 1} matches every alert, so ${isLast ? "alertDefaultReceiver gets" : "the items after it get"} no alerts`,
      fix: isLast
        ? `remove the item, or ${removeCommand("alertDefaultReceiver")}`
        : "move the item to the end of the list, or remove it and name its receiver in alertDefaultReceiver",
    },
  ];
});

function matchesEveryAlert({ severities = [], namespaces = [] }: Settings["alertRoutes"][number]): boolean {
  return severities.length === 0 && namespaces.length === 0;
}
