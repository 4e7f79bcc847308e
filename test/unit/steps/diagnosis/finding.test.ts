import { findingsText as describeFindings } from "../../../../steps/diagnosis/finding";

describe("what the terminal shows", () => {
  test("is the cause in the first line, then the rest, then where the evidence lies", () => {
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

  test("says so when nothing was found", () => {
    expect(describeFindings([])).toContain("found no problem");
  });
});
