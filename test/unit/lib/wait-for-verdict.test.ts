/** The wait for an operator or for logging. */
import { waitForVerdict, type WaitVerdict } from "../../../lib/wait-for-verdict";

/** Waits with these verdicts, of which the last repeats. Returns the error's message and the progress. */
async function waited(verdicts: readonly WaitVerdict[], { settle = 0, total = 10 } = {}) {
  const said: string[] = [];
  const acted: string[] = [];
  let looks = 0;
  const error = await waitForVerdict({
    subject: "the demo",
    look: () => Promise.resolve(verdicts[Math.min(looks++, verdicts.length - 1)]),
    act: ({ text }) => Promise.resolve(void acted.push(text)),
    timeouts: { total, patience: 0.01, pause: 0.005, settle },
    say: (text) => said.push(text),
    overdue: { problem: "did not run", more: "oc get demo shows more." },
  }).then(
    () => undefined,
    (reason: unknown) => (reason as Error).message,
  );
  return { error, said, acted, looks };
}

const ready = { state: "ready", text: "It runs." };
const waiting = { state: "waiting", text: "It starts." };
const stuck = (text: string, patience: number) => ({ state: "stuck", text, patience });

describe("a wait for a verdict", () => {
  it("reports each state once, reacts to each check, and ends when the verdict is ready", async () => {
    expect(await waited([waiting, waiting, ready])).toEqual({
      error: undefined,
      said: ["It starts.", "It runs."],
      acted: ["It starts.", "It starts."],
      looks: 3,
    });
  });

  it("ends only after at least two checks that are ready, if it has to settle", async () => {
    expect(await waited([ready, waiting, ready], { settle: 0.02 })).toMatchObject({
      error: undefined,
      said: ["It runs.", "It starts.", "It runs."],
    });
  });

  it("fails with a problem that lasts for its patience", async () => {
    expect((await waited([stuck("No quota.", 1)])).error).toBe("the demo: No quota.");
  });

  it("continues after a problem that ends or changes in time", async () => {
    const verdicts = [stuck("One.", 100), stuck("Two.", 100), waiting, stuck("One.", 100), ready];
    expect((await waited(verdicts)).error).toBeUndefined();
  });

  it("fails with the last state and the command that shows more when the time is over", async () => {
    expect((await waited([waiting], { total: 0.03 })).error).toMatch(
      /^the demo did not run within 0\.0005 minutes\. Its last state: It starts\.\noc get demo shows more\. Run the command again to go on waiting\.$/,
    );
  });
});
