import { type Look, waitFor } from "../../../lib/wait-for";
import { stoppedClock } from "./stopped-clock";

/** Runs a wait of at most one minute. Each look gets the next of these answers, and later looks get the last; an Error is thrown. */
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

test("each new state is printed once, and the result is returned", async () => {
  expect(await run([{ state: "new" }, { state: "new" }, { state: "old" }, { done: "yes" }])).toEqual({
    result: "yes",
    said: ["the thing is new", "the thing is old"],
    seconds: 60,
  });
});

test("after the time limit the error has the last state", async () => {
  const { result, seconds } = await run([{ state: "new" }]);
  expect([result, seconds]).toEqual(["too late: new.", 80]);
});

test("a temporary error does not change the state, and the error after the time limit has the reason of the temporary error", async () => {
  const { result, said } = await run([{ state: "new" }, outage]);
  expect(said).toEqual(["the thing is new", "the thing could not be read and will be tried again: connect ECONNREFUSED"]);
  expect(result).toBe("too late: new. The thing could not be read the last time: connect ECONNREFUSED.");
});

test("a temporary error before the first state is reported as the state for an unread object", async () => {
  const { said } = await run([outage, { done: "yes" }], { unread: "unknown" });
  expect(said).toContain("the thing is unknown");
});

test("a hopeless state is printed, and ends the wait at once", async () => {
  expect(await run([{ state: "refused", hopeless: true }])).toEqual({
    result: "too late: refused.",
    said: ["the thing is refused"],
    seconds: 0,
  });
});

test("an error that a look returns ends the wait at once, and is thrown unchanged", async () => {
  expect(await run([{ error: new Error("it was deleted") }])).toEqual({ result: "it was deleted", said: [], seconds: 0 });
});
