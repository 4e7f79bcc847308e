import { RunError } from "@pulumi/pulumi";
import { ProgramError } from "../../../lib/program-error";

class Refused extends ProgramError {}

test("the SDK recognizes a ProgramError as its RunError; the error's stack has the name of its class and no frames", () => {
  const error = new Refused("not now");
  expect(RunError.isInstance(error)).toBe(true);
  expect(error).toMatchObject({ name: "Refused", message: "not now", stack: "Refused: not now" });
});
