import { explainAwsError, explanationsOf } from "../aws-errors";
import { nameOf } from "../urn";
import type { Failure } from "./progress";

/** The failures of a run as one message, with what to do where AWS refused something. */
export function failureText(failures: readonly Failure[]): string {
  const texts = failureTexts(failures);
  return [...texts, ...explanationsOf(texts)].join("\n\n");
}

/** Each failure of a run, without a stack trace where AWS answered. Failures by the same problem with credentials or network are one. */
export function failureTexts(failures: readonly Failure[]): string[] {
  const access = new Set<string>();
  return failures.flatMap(({ urn, message }) => {
    const said = withoutTrace(message);
    const explanation = explainAwsError(said);
    if (explanation?.access !== true) return [`${urn === undefined || said !== message ? "" : `${nameOf(urn)}: `}${said}`];
    if (access.has(explanation.problem)) return [];
    access.add(explanation.problem);
    return [said]; // whichever resource met it first
  });
}

/**
 * AWS's answer to a look-up of the program, without the stack trace that Node.js prints with it (@pulumi/pulumi, `runtime/invoke.ts`): the trace shows only
 * the SDK. Any other exception keeps its trace, which shows where the program is wrong.
 */
export function withoutTrace(message: string): string {
  if (!/^Running program '[^']*' failed with an unhandled exception:/.test(message)) return message;
  const answer = /Error: invocation of \S+ returned an error: ([^]*)/.exec(message)?.[1];
  return answer?.replace(/\n {4}at [^]*/, "").trim() ?? message;
}
