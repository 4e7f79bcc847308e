import type { EngineEvent } from "@pulumi/pulumi/automation";
import { plainText } from "./progress";

/** Commands whose progress the user has to see, since only the user can end what they wait for. */
const waitsForUser = /okd:network:UserRecords\$command:/;

/** What an event tells the user besides progress and errors: warnings, and what the program says. The output of other commands is none of it. */
export function noteIn({ diagnosticEvent }: EngineEvent): string | undefined {
  if (diagnosticEvent === undefined) return undefined;
  const { severity, message, urn = "", ephemeral } = diagnosticEvent;
  const told = severity === "warning" || (severity === "info" && (!urn.includes("command:") || waitsForUser.test(urn)));
  const text = plainText(message);
  if (!told || ephemeral === true || text === "") return undefined;
  return severity === "warning" ? `warning: ${text}` : text;
}
