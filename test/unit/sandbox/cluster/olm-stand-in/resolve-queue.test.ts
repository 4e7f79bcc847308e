/** The queue in which the stand-in for OLM keeps the namespaces to resolve. */
import type { OlmState } from "../../../../../sandbox/cluster/olm-stand-in/objects";
import { ResolveQueue } from "../../../../../sandbox/cluster/olm-stand-in/resolve-queue";

const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1) + seconds * 1000);
const object = (resourceVersion: string, namespace = "demo") => ({ metadata: { name: "a", namespace, uid: "u", resourceVersion } });
const state = (more: object = {}) =>
  ({ sources: [], subscriptions: [object("1")], groups: [], plans: [], csvs: [], ...more }) as unknown as OlmState;

it.each([
  ["subscriptions", [object("2")]],
  ["groups", [object("3")]],
  ["plans", [object("3")]],
  ["sources", [object("3", "openshift-marketplace")]],
])("a namespace is resolved once after a change of its %s", (kind, objects) => {
  const queue = new ResolveQueue();
  expect(queue.take("demo", state(), at(0))).toBe(true);
  expect(queue.take("demo", state(), at(1))).toBe(false);
  expect(queue.take("demo", state({ [kind]: objects }), at(2))).toBe(true);
  expect(queue.take("demo", state({ [kind]: objects }), at(3))).toBe(false);
});

it("a namespace is not resolved after a change of its ClusterServiceVersions or of another namespace, but after the resync", () => {
  const queue = new ResolveQueue();
  queue.take("demo", state(), at(0));
  expect(queue.take("demo", state({ csvs: [object("2")] }), at(1))).toBe(false);
  expect(queue.take("demo", state({ plans: [object("2", "other")] }), at(2))).toBe(false);
  expect(queue.take("demo", state(), at(899))).toBe(false);
  expect(queue.take("demo", state(), at(900))).toBe(true);
});

it("a namespace is resolved again after the delay that its resolution requested", () => {
  const queue = new ResolveQueue();
  queue.take("demo", state(), at(0));
  queue.addAfter("demo", 5, at(0));
  expect(queue.take("demo", state(), at(4))).toBe(false);
  expect(queue.take("demo", state(), at(5))).toBe(true);
  expect(queue.take("demo", state(), at(10))).toBe(false);
});
