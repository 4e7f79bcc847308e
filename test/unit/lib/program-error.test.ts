import { RunError } from "@pulumi/pulumi";
import { ProgramError } from "../../../lib/program-error";

class Refused extends ProgramError {}

test("a program's error counts as the SDK's RunError, and has its class in its name but no stack frames", () => {
  const error = new Refused("not now");
  expect(RunError.isInstance(error)).toBe(true);
  expect(error).toMatchObject({ name: "Refused", message: "not now", stack: "Refused: not now" });
});
