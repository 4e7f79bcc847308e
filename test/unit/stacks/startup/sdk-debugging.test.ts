import * as pulumi from "@pulumi/pulumi";
import { turnOffSdkDebugging } from "../../../../stacks/startup/sdk-debugging";

/* eslint-disable @typescript-eslint/no-require-imports */
const log = require("@pulumi/pulumi/log") as typeof pulumi.log;
const debuggable = require("@pulumi/pulumi/runtime/debuggable") as { debuggablePromise: <T>(promise: Promise<T>) => Promise<T> };
const { Resource } = require("@pulumi/pulumi/resource") as { Resource: { callsites: () => object[] } };
/* eslint-enable @typescript-eslint/no-require-imports */

const traceOf = (promise: object): unknown => Reflect.get(promise, "_debugStackTrace");

describe("the Pulumi SDK's debugging aids", () => {
  const sdk = { debug: log.debug, debuggablePromise: debuggable.debuggablePromise, callsites: Resource.callsites };

  afterEach(() => {
    Object.assign(log, { debug: sdk.debug });
    debuggable.debuggablePromise = sdk.debuggablePromise;
    Resource.callsites = sdk.callsites;
    delete process.env.PULUMI_DEBUG_PROMISE_LEAKS;
  });

  it("exist in the installed SDK under the names under which the program replaces them", () => {
    expect([sdk.debug.name, sdk.debuggablePromise.name, sdk.callsites.name]).toEqual(["debug", "debuggablePromise", "callsites"]);
    expect(Resource.callsites()).not.toEqual([]);
  });

  it("are off for the SDK's own calls: promises and resources get no stack trace, and no debug message is sent", async () => {
    turnOffSdkDebugging();
    const promise = Promise.resolve(1);
    await expect(debuggable.debuggablePromise(promise)).resolves.toBe(1);
    expect(String(traceOf(promise))).not.toMatch(/\n/);
    expect(Resource.callsites()).toEqual([]);
    expect(Object.is(log.debug, sdk.debug)).toBe(false);
    await expect(log.debug("a message")).resolves.toBeUndefined();
  });

  it("leave the stack traces of errors as they are", async () => {
    turnOffSdkDebugging();
    void debuggable.debuggablePromise(Promise.resolve());
    expect(new TypeError("mine").stack).toMatch(/sdk-debugging\.test/);
    await expect(debuggable.debuggablePromise(Promise.reject(new Error("failed")))).rejects.toThrow("failed");
  });

  it("stay on if the report of leaked promises is on", () => {
    process.env.PULUMI_DEBUG_PROMISE_LEAKS = "true";
    turnOffSdkDebugging();
    const promise = Promise.resolve();
    void debuggable.debuggablePromise(promise);
    expect(traceOf(promise)).toMatch(/sdk-debugging\.test/);
    expect(Object.is(log.debug, sdk.debug)).toBe(true);
  });
});
