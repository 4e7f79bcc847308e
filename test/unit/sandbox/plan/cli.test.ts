import { readArguments } from "../../../../sandbox/plan/cli";

describe("the arguments of make plan between two commits", () => {
  test.each<[string[], string]>([
    [[], "the base commit is missing"],
    [["--base", "x", "--stack", "../../etc/passwd"], "is not a valid stack name here"],
    [["--base", "x", "--json", "--markdown"], "not both"],
  ])("are refused if they are %j", (args, why) => {
    expect(readArguments(args)).toContain(why);
  });

  test("compare the working tree of the stack dev with a commit by default", () => {
    expect(readArguments(["--base", "main"])).toEqual({ base: "main", head: "", stack: "dev", deep: false, output: "terminal" });
  });
});
