import type { EngineEvent } from "@pulumi/pulumi/automation";
import { plainText } from "./progress";

/** Commands whose output is shown, because each of them waits for an action of the user. */
const waitsForUser = /okd:network:UserRecords\$command:/;

/** The text of an event that is neither progress nor an error: a warning or a message of the program. The output of other commands is left out. */
export function noteIn({ diagnosticEvent }: EngineEvent): string | undefined {
  if (diagnosticEvent === undefined) return undefined;
  const { severity, message, urn = "", ephemeral } = diagnosticEvent;
  const told = severity === "warning" || (severity === "info" && (!urn.includes("command:") || waitsForUser.test(urn)));
  const text = plainText(message);
  if (!told || ephemeral === true || text === "") return undefined;
  return severity === "warning" ? `warning: ${text}` : text;
}
