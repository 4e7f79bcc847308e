type StackTraceFormat = (error: Error, frames: NodeJS.CallSite[]) => unknown;

/**
 * Functions of the Pulumi SDK that capture a stack trace per property and per resource. Only the report of leaked promises (off unless
 * PULUMI_DEBUG_PROMISE_LEAKS is set) and the `sourcePosition` of resources in the state use these traces.
 */
const unread = ["debuggablePromise", "callsites"];

/**
 * Skips the formatting of stack traces that nobody reads: mapping them back to TypeScript would take a third of this program's time
 * (docs/performance.md). Errors keep their traces.
 */
export function skipUnreadStackTraces(): void {
  // ts-node sets this function. Without it Node formats traces itself, quickly.
  const { prepareStackTrace: format } = Error as { prepareStackTrace?: StackTraceFormat };
  if (format === undefined || process.env.PULUMI_DEBUG_PROMISE_LEAKS) return;
  Error.prepareStackTrace = (error, frames) => (unread.includes(frames[0]?.getFunctionName() ?? "") ? error.name : format(error, frames));
}
