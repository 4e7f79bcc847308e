/** The wait until the node agent runs on every node. */
import { waitForNodeAgent } from "../../../../steps/velero/node-agent";
import { stoppedClock } from "../../lib/stopped-clock";
import { FakeVelero } from "./fake-velero";

const path = "/apis/apps/v1/namespaces/velero/daemonsets/node-agent";
const wait = (status?: Readonly<Record<string, number>>) =>
  waitForNodeAgent("velero", {
    client: new FakeVelero(status ? { [path]: { metadata: { name: "node-agent", generation: 2 }, status } } : {}).client,
    say: () => undefined,
    clock: stoppedClock(),
  });
const running = { observedGeneration: 2, desiredNumberScheduled: 3, updatedNumberScheduled: 3, numberReady: 3 };

test("the wait for the node agent ends when each node has a ready pod of it", async () => {
  await expect(wait(running)).resolves.toBeUndefined();
});

test.each<[string, Readonly<Record<string, number>> | undefined, string]>([
  ["the DaemonSet does not exist", undefined, "has no pods yet"],
  ["the pods are older than the DaemonSet", { ...running, observedGeneration: 1 }, "its pods are not being replaced yet"],
  ["one node has no ready pod", { ...running, numberReady: 2 }, "2 of 3 updated pods are ready"],
])("the wait for the node agent fails with the reason if %s", async (_, status, reason) => {
  await expect(wait(status)).rejects.toThrow(reason);
});
