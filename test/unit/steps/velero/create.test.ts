/** The creation of a backup or restore while requests to the API fail. */
import { RefusedByApi } from "../../../../lib/kubernetes/client";
import { createOnce } from "../../../../steps/velero/create";
import { stoppedClock } from "../../lib/stopped-clock";
import { FakeVelero } from "./fake-velero";

const restore = { metadata: { name: "daily-1-1", namespace: "velero" } };

function scene(fail: (stored: () => Promise<unknown>) => Promise<unknown>) {
  const velero = new FakeVelero({});
  let calls = 0;
  const send = <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const stored = () => velero.client.send<T>(method, path, body);
    return calls++ === 0 ? (fail(stored) as Promise<T>) : stored();
  };
  const run = () =>
    createOnce("restore", restore, {
      client: { ...velero.client, send },
      say: () => undefined,
      clock: stoppedClock(),
    });
  return { run, created: velero.created };
}

test("a creation is not repeated if the API's answer is lost but the object exists", async () => {
  const { run, created } = scene(async (stored) => {
    await stored();
    throw Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });
  });
  await run();
  expect(created).toEqual([restore]);
});

test("a creation is repeated if the API did not accept the object", async () => {
  const { run, created } = scene(() => Promise.reject(new RefusedByApi(503, "not ready")));
  await run();
  expect(created).toEqual([restore]);
});

test("a creation fails with the API's reason if it refuses the object", async () => {
  const { run } = scene(() => Promise.reject(new RefusedByApi(403, "forbidden")));
  await expect(run()).rejects.toThrow("forbidden");
});
