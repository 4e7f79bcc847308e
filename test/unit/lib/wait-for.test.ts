import { type Look, waitFor } from "../../../lib/wait-for";
import { stoppedClock } from "./stopped-clock";

/** A wait of at most one minute whose looks answer one after the other; the last answer stays. An error is thrown. */
async function run(answers: readonly (Look<string> | Error)[], more: { readonly unread?: string } = {}) {
  const said: string[] = [];
  const clock = stoppedClock(0);
  let turn = 0;
  const result = await waitFor({
    of: "the thing",
    minutes: 1,
    pauseMs: 20_000,
    look: () => {
      const answer = answers[Math.min(turn++, answers.length - 1)];
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
    say: (text) => said.push(text),
    announce: (state) => `the thing is ${state}`,
    clock,
    failure: (state, lastFailure) => new Error(`too late: ${state}.${lastFailure}`),
    ...more,
  }).catch((error: unknown) => error as Error);
  return { result: result instanceof Error ? result.message : result, said, seconds: clock.now() / 1000 };
}

const outage = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });

test("each new state is said once, and the result is returned", async () => {
  expect(await run([{ state: "new" }, { state: "new" }, { state: "old" }, { done: "yes" }])).toEqual({
    result: "yes",
    said: ["the thing is new", "the thing is old"],
    seconds: 60,
  });
});

test("after the time the error has the last state", async () => {
  const { result, seconds } = await run([{ state: "new" }]);
  expect([result, seconds]).toEqual(["too late: new.", 80]);
});

test("a temporary error leaves the state from before, and the error after the time has the reason", async () => {
  const { result, said } = await run([{ state: "new" }, outage]);
  expect(said).toEqual(["the thing is new", "the thing could not be read and will be tried again: connect ECONNREFUSED"]);
  expect(result).toBe("too late: new. The thing could not be read the last time: connect ECONNREFUSED.");
});

test("a temporary error before the first state gives the state of an unread object", async () => {
  const { said } = await run([outage, { done: "yes" }], { unread: "unknown" });
  expect(said).toContain("the thing is unknown");
});

test("a hopeless state is said and ends the wait at once", async () => {
  expect(await run([{ state: "refused", hopeless: true }])).toEqual({
    result: "too late: refused.",
    said: ["the thing is refused"],
    seconds: 0,
  });
});

test("an error of the look ends the wait as it is", async () => {
  expect(await run([{ error: new Error("it was deleted") }])).toEqual({ result: "it was deleted", said: [], seconds: 0 });
});
