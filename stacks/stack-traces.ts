type StackTraceFormat = (error: Error, frames: NodeJS.CallSite[]) => unknown;

/**
 * Whose traces they are: the SDK keeps one with each property of each resource, for a report of leaked promises that is off unless PULUMI_DEBUG_PROMISE_LEAKS
 * is set, and takes one of each resource for the place in the program that declares it, which only the state knows afterwards.
 */
const unread = ["debuggablePromise", "callsites"];

/**
 * Leaves out stack traces that nobody reads: mapping them back to TypeScript would take a third of this program's time (docs/performance.md). Errors keep theirs.
 */
export function leaveOutUnreadStackTraces(): void {
  // Set by ts-node, or missing: then Node formats by itself, and quickly.
  const { prepareStackTrace: format } = Error as { prepareStackTrace?: StackTraceFormat };
  if (format === undefined || process.env.PULUMI_DEBUG_PROMISE_LEAKS) return;
  Error.prepareStackTrace = (error, frames) => (unread.includes(frames[0]?.getFunctionName() ?? "") ? error.name : format(error, frames));
}
