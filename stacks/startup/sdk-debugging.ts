/** `@pulumi/pulumi/log`: `debug` sends one request to the Pulumi engine for each message, one after the other. */
interface LogModule {
  debug: (message: string) => Promise<void>;
}

/** `@pulumi/pulumi/runtime/debuggable`: wraps each promise of the SDK, about one for each property of each resource. */
interface DebuggableModule {
  debuggablePromise: <T>(promise: Promise<T>, context?: unknown) => Promise<T>;
}

/** `@pulumi/pulumi/resource`: the class of all resources. */
interface ResourceModule {
  readonly Resource: { callsites: () => object[] };
}

/**
 * Turns off the Pulumi SDK's debugging aids, which take a third of this program's time (docs/performance.md):
 *
 * - the debug messages, nearly four for each resource, which the Pulumi engine drops unless it runs with `--debug`;
 * - the stack traces of promises, for the report of leaked promises;
 * - the source positions of resources in the state, which no tool of this project reads.
 *
 * PULUMI_DEBUG_PROMISE_LEAKS, the SDK's own variable for that report, keeps all three. Errors keep their stack traces, and leaked promises
 * still fail the update. Source: `sdk/nodejs/{log/index,runtime/debuggable,resource}.ts` of pulumi/pulumi (v3.248.0).
 */
export function turnOffSdkDebugging(): void {
  if (process.env.PULUMI_DEBUG_PROMISE_LEAKS) return;
  // The SDK's types do not let these functions be replaced. All three modules are loaded already, because the SDK starts this program.
  /* eslint-disable @typescript-eslint/no-require-imports */
  const log = require("@pulumi/pulumi/log") as LogModule;
  const debuggable = require("@pulumi/pulumi/runtime/debuggable") as DebuggableModule;
  const { Resource } = require("@pulumi/pulumi/resource") as ResourceModule;
  /* eslint-enable @typescript-eslint/no-require-imports */
  const { debuggablePromise } = debuggable;
  log.debug = () => Promise.resolve();
  debuggable.debuggablePromise = (promise, context) => withoutStackTraces(() => debuggablePromise(promise, context));
  Resource.callsites = () => [];
}

/** Runs a function. Errors that are created meanwhile capture no stack trace. */
function withoutStackTraces<T>(run: () => T): T {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return run();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}
