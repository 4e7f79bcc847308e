import { withExplanations } from "../../lib/aws/errors";
import { failureTexts } from "../driver/failure-text";
import { type EngineFailure, plainText, withoutRepetitions } from "../driver/progress";
import { typesOf } from "../../lib/pulumi/urn";
import type { Preview } from "../../lib/pulumi/change";

/** Errors of a preview, each once, with their line breaks, as `make up` shows them, and with a fix for errors of AWS. */
export function errorsOf(preview: Preview): string[] {
  const failures = withoutRepetitions(diagnosticsOf(preview, "error"));
  return [...new Set(failureTexts(failures).map((text) => withExplanations(text)))];
}

/**
 * Warnings of a preview, each once, with their line breaks. Warnings of the AWS provider are left out: they concern the program's code, such as
 * "Type checking failed" (pulumi/pulumi-terraform-bridge, `pkg/tfbridge/provider.go`).
 */
export function warningsOf(preview: Preview): string[] {
  const own = diagnosticsOf(preview, "warning").filter(
    ({ urn = "" }) => !/^(?:aws:|pulumi:providers:aws$)/.test(typesOf(urn).at(-1) ?? ""),
  );
  return [...new Set(own.map(({ message }) => message))];
}

/** Diagnostics of one severity, each once. `pulumi preview --json` puts the severity before the message (pulumi/pulumi, `pkg/backend/display/json.go`). */
function diagnosticsOf({ diagnostics = [] }: Preview, severity: "error" | "warning"): EngineFailure[] {
  const found = new Map<string, EngineFailure>();
  for (const { message = "", urn = "", ...diagnostic } of diagnostics) {
    if (diagnostic.severity !== severity) continue;
    const text = plainText(message);
    const plain = text.startsWith(`${severity}: `) ? text.slice(severity.length + 2) : text;
    if (plain !== "") found.set(`${urn} ${plain}`, { message: plain, ...(urn && { urn }) });
  }
  return [...found.values()];
}
