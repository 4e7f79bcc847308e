import { problemLines } from "../../../lib/problem";

test("a problem is shown with one line for each part, and the texts of the parts are aligned", () => {
  const problem = { wrong: "is not one of the allowed values", value: "internal", allowed: "External, Internal", fix: "write Internal" };
  expect(problemLines(problem, "publish")).toEqual([
    "publish is not one of the allowed values",
    "value:   internal",
    "allowed: External, Internal",
    "fix:     write Internal",
  ]);
});

test("a problem is shown without lines for missing parts, but with a line for an empty value", () => {
  expect(problemLines({ wrong: "lacks schedule", fix: "add schedule" })).toEqual(["lacks schedule", "fix:     add schedule"]);
  expect(problemLines({ wrong: "is empty", value: "" })).toEqual(["is empty", "value:   "]);
});
