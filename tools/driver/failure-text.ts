import { explainAwsError, explanationsOf } from "../../lib/aws/errors";
import { resourceName } from "../../lib/pulumi/urn";
import type { EngineFailure } from "./progress";

/** The failures of a run as one message, with a fix for each error of AWS. */
export function failureText(failures: readonly EngineFailure[]): string {
  const texts = failureTexts(failures);
  return [...texts, ...explanationsOf(texts)].join("\n\n");
}

/**
 * One text per failure. An error of AWS has no stack trace. Several failures because of the same credential or network problem give only
 * one text.
 */
export function failureTexts(failures: readonly EngineFailure[]): string[] {
  const access = new Set<string>();
  return failures.flatMap(({ urn, message }) => {
    const said = withoutTrace(message);
    const explanation = explainAwsError(said);
    if (explanation?.access !== true) return [`${urn === undefined || said !== message ? "" : `${resourceName(urn)}: `}${said}`];
    if (access.has(explanation.problem)) return [];
    access.add(explanation.problem);
    return [said]; // The resource's name is left out: any other resource could have failed first, with the same error.
  });
}

/**
 * Removes the stack trace of a failed lookup (@pulumi/pulumi, `runtime/invoke.ts`): it shows only functions of the SDK. Any other exception keeps its
 * trace, which shows the fault in the program.
 */
function withoutTrace(message: string): string {
  if (!/^Running program '[^']*' failed with an unhandled exception:/.test(message)) return message;
  const answer = /Error: invocation of \S+ returned an error: ([^]*)/.exec(message)?.[1];
  return answer?.replace(/\n {4}at [^]*/, "").trim() ?? message;
}
