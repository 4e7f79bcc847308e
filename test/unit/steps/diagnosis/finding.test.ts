import { findingsText as describeFindings } from "../../../../steps/diagnosis/finding";

describe("the diagnosis on the terminal", () => {
  test("has the cause in the first line, then other problems, then the path of the evidence", () => {
    const text = describeFindings(
      [
        { layer: "route", problem: "subnet s has no default route", remedy: "add one", evidence: ["machines there: master-0"] },
        { layer: "API", problem: "nothing answers", remedy: "read the journal" },
      ],
      "/evidence/dev.tar.gz",
    );
    expect(text).toBe(`The first layer that fails is the route: subnet s has no default route.
  Remedy: add one.
  Seen: machines there: master-0

Further problems, which may be consequences of it:
- API: nothing answers.
  Remedy: read the journal.

The evidence is in /evidence/dev.tar.gz
`);
  });

  test("says that no problem was found", () => {
    expect(describeFindings([])).toContain("found no problem");
  });
});
