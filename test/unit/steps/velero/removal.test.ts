/** Velero's objects that are deleted or changed when Velero's server or a location is removed. */
import { forgetBackups, prepareRemoval } from "../../../../steps/velero/removal";
import { type ApiItem, RefusedByApi } from "../../../../lib/kubernetes/client";
import { stoppedClock } from "../../lib/stopped-clock";
import { FakeVelero } from "./fake-velero";

const namespace = "velero";
const server = "/apis/apps/v1/namespaces/velero/deployments/velero";
const pod = "/api/v1/namespaces/velero/pods/velero-1";
const contextOf = ({ client }: FakeVelero) => ({ client, say: () => undefined, clock: stoppedClock() });
const restore = { metadata: { name: "r", labels: { a: "b" }, finalizers: ["restores.velero.io/external-resources-finalizer"] } };
const backup = (name: string, location: string) => ({
  metadata: { name, finalizers: ["x"], labels: { "velero.io/storage-location": location } },
});

test("the finalizers of all restores are removed, and nothing else is changed, if the CRDs are deleted after that", async () => {
  const velero = new FakeVelero({ "restores/r": restore, "backups/b": backup("b", "default") });
  await prepareRemoval({ namespace, keepsKinds: false }, contextOf(velero));
  expect(velero.objects.get("restores/r")?.metadata).toEqual({ name: "r", labels: { a: "b" }, finalizers: null });
  expect(velero.objects.get("backups/b")?.metadata.finalizers).toEqual(["x"]);
});

test("restores, backups and schedules are deleted if an operator keeps the CRDs", async () => {
  const velero = new FakeVelero({
    "restores/r": restore,
    "backups/b": backup("b", "default"),
    "schedules/daily": { metadata: { name: "daily" } },
  });
  await prepareRemoval({ namespace, keepsKinds: true }, contextOf(velero));
  expect([...velero.objects.keys()]).toEqual([]);
});

test("backups are deleted only when Velero's server, its pods and its location are gone", async () => {
  const left = ["backupstoragelocations/default", pod, server];
  const velero = new FakeVelero({
    "backups/b": backup("b", "default"),
    ...Object.fromEntries(left.map((path) => [path, { metadata: { name: path.split("/").at(-1) ?? "", labels: { deploy: "velero" } } }])),
  });
  const clock = stoppedClock();
  const pause = async (milliseconds: number) => {
    expect([...velero.objects.keys()]).toContain("backups/b");
    velero.objects.delete(left.pop() ?? "");
    await clock.pause(milliseconds);
  };
  await prepareRemoval({ namespace, keepsKinds: true }, { ...contextOf(velero), clock: { ...clock, pause } });
  expect([left, ...velero.objects.keys()]).toEqual([[]]);
});

test("if Velero's server stays, the removal fails with the server's name and deletes nothing", async () => {
  const velero = new FakeVelero({ "backups/b": backup("b", "default"), [server]: { metadata: { name: "velero" } } });
  await expect(prepareRemoval({ namespace, keepsKinds: true }, contextOf(velero))).rejects.toThrow(
    "Velero is not gone 15 minutes after its DataProtectionApplication: the Deployment velero",
  );
  expect([...velero.objects.keys()]).toContain("backups/b");
});

test("the removal of Velero has nothing to do if the CRDs are gone", async () => {
  const velero = new FakeVelero({});
  const list = <T>(path: string) =>
    path.includes("velero.io") ? Promise.reject(new RefusedByApi(404, "404 page not found")) : velero.client.list<T & ApiItem>(path);
  const context = { ...contextOf(velero), client: { ...velero.client, list } };
  await expect(prepareRemoval({ namespace, keepsKinds: true }, context)).resolves.toBeUndefined();
  await expect(forgetBackups({ namespace, location: "prod" }, context)).resolves.toBeUndefined();
});

test("only the backups of a removed location are deleted", async () => {
  const velero = new FakeVelero({ "backups/a": backup("a", "prod"), "backups/b": backup("b", "default") });
  await forgetBackups({ namespace, location: "prod" }, contextOf(velero));
  expect([...velero.objects.keys()]).toEqual(["backups/b"]);
});

test("backups that Velero lists while their location is removed are deleted as well", async () => {
  const velero = new FakeVelero({ "backups/1": backup("1", "prod") });
  const clock = stoppedClock();
  let listed = 1;
  const pause = async (milliseconds: number) => {
    if (++listed <= 3) velero.objects.set(`backups/${listed}`, backup(String(listed), "prod"));
    await clock.pause(milliseconds);
  };
  await forgetBackups({ namespace, location: "prod" }, { ...contextOf(velero), clock: { ...clock, pause } });
  expect([listed, ...velero.objects.keys()]).toEqual([4]);
});

test("the removal of a location fails if its backups do not disappear", async () => {
  const velero = new FakeVelero({ "backups/a": backup("a", "prod") });
  const client = { ...velero.client, delete: () => Promise.resolve() };
  await expect(forgetBackups({ namespace, location: "prod" }, { client, clock: stoppedClock() })).rejects.toThrow(
    "a location of this name",
  );
});
