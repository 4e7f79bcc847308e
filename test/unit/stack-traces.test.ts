import { skipUnreadStackTraces } from "../../stacks/startup/stack-traces";

describe("stack traces that nobody reads", () => {
  const before: unknown = Reflect.get(Error, "prepareStackTrace");
  const debuggablePromise = () => new Error().stack;

  afterEach(() => {
    Reflect.set(Error, "prepareStackTrace", before);
    delete process.env.PULUMI_DEBUG_PROMISE_LEAKS;
  });

  it("are not formatted, but errors' traces are", () => {
    Error.prepareStackTrace = () => "formatted";
    skipUnreadStackTraces();
    expect(debuggablePromise()).toBe("Error");
    expect(new TypeError("mine").stack).toBe("formatted");
  });

  it("are formatted if the report of leaked promises is on", () => {
    process.env.PULUMI_DEBUG_PROMISE_LEAKS = "true";
    Error.prepareStackTrace = () => "formatted";
    skipUnreadStackTraces();
    expect(debuggablePromise()).toBe("formatted");
  });

  it("are recognized by the names of the SDK's functions", () => {
    /* eslint-disable @typescript-eslint/no-require-imports */
    const { debuggablePromise: theSdks } = require("@pulumi/pulumi/runtime/debuggable") as { debuggablePromise: { name: string } };
    const { Resource } = require("@pulumi/pulumi/resource") as { Resource: { callsites: { name: string } } };
    expect([theSdks.name, Resource.callsites.name]).toEqual(["debuggablePromise", "callsites"]);
  });
});
