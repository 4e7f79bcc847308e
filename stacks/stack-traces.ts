type StackTraceFormat = (error: Error, frames: NodeJS.CallSite[]) => unknown;

/**
 * Leaves out stack traces that nobody reads. The SDK keeps one with each property of each resource, for a report of leaked
 * promises that is off unless PULUMI_DEBUG_PROMISE_LEAKS is set; mapping them back to TypeScript would take a fourth of this
 * program's time (docs/performance.md). Errors keep theirs.
 */
export function leaveOutUnreadStackTraces(): void {
  // Set by ts-node, or missing: then Node formats by itself, and quickly.
  const { prepareStackTrace: format } = Error as { prepareStackTrace?: StackTraceFormat };
  if (format === undefined || process.env.PULUMI_DEBUG_PROMISE_LEAKS) return;
  Error.prepareStackTrace = (error, frames) => (frames[0]?.getFunctionName() === "debuggablePromise" ? error.name : format(error, frames));
}
