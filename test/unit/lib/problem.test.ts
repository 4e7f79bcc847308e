import { problemLines } from "../../../lib/problem";

test("a problem has one line for each part, with the texts below each other", () => {
  const problem = { wrong: "is not one of the allowed values", value: "internal", allowed: "External, Internal", fix: "write Internal" };
  expect(problemLines(problem, "publish")).toEqual([
    "publish is not one of the allowed values",
    "value:   internal",
    "allowed: External, Internal",
    "fix:     write Internal",
  ]);
});

test("a problem has no line for a part that it lacks, but one for an empty value", () => {
  expect(problemLines({ wrong: "lacks schedule", fix: "add schedule" })).toEqual(["lacks schedule", "fix:     add schedule"]);
  expect(problemLines({ wrong: "is empty", value: "" })).toEqual(["is empty", "value:   "]);
});
