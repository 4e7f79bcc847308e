import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { forgetStack, recordStack, runningStack, stackToBringUp } from "../../../sandbox/running-stack";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "running-stack-"));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

test("a sandbox brings the dev stack up, unless another stack is named", () => {
  expect([stackToBringUp(directory, "", false), stackToBringUp(directory, "services", false)]).toEqual(["dev", "services"]);
});

test("a sandbox brings up the stack that runs in it, until this stack is recorded as removed", () => {
  // A sandbox records its stack before it creates its directory.
  rmSync(directory, { recursive: true });
  recordStack(directory, "services");
  expect([runningStack(directory), stackToBringUp(directory, "", true), stackToBringUp(directory, "services", true)]).toEqual(
    Array(3).fill("services"),
  );
  forgetStack(directory);
  expect(runningStack(directory)).toBe("dev");
});

test("a sandbox refuses a second stack, and the error names the running stack and the commands to change stacks", () => {
  recordStack(directory, "dev");
  expect(() => stackToBringUp(directory, "services", true)).toThrow(
    "the sandbox runs the stack dev, and it can hold only one. Destroy that one first: make sandbox-down. Then: make sandbox STACK=services",
  );
});

test("a sandbox refuses a stack that it does not know", () => {
  expect(() => stackToBringUp(directory, "prod", false)).toThrow('the sandbox does not have a stack "prod". Allowed: dev, services');
});
