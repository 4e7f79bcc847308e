/** What is left of Velero's objects when its server or a location is removed. */
import { forgetBackups, prepareRemoval } from "../../../../steps/velero/removal";
import { RefusedByApi } from "../../../../lib/kubernetes/client";
import { FakeVelero } from "./fake-velero";

const namespace = "velero";
const restore = { metadata: { name: "r", labels: { a: "b" }, finalizers: ["restores.velero.io/external-resources-finalizer"] } };
const backup = (name: string, location: string) => ({
  metadata: { name, finalizers: ["x"], labels: { "velero.io/storage-location": location } },
});

test("the finalizers of all restores are removed, and nothing else is changed, if the CRDs are deleted after that", async () => {
  const velero = new FakeVelero({ "restores/r": restore, "backups/b": backup("b", "default") });
  await prepareRemoval({ namespace, keepsKinds: false }, velero.client);
  expect(velero.objects.get("restores/r")?.metadata).toEqual({ name: "r", labels: { a: "b" }, finalizers: null });
  expect(velero.objects.get("backups/b")?.metadata.finalizers).toEqual(["x"]);
});

test("restores and backups are deleted if an operator keeps the CRDs", async () => {
  const velero = new FakeVelero({
    "restores/r": restore,
    "backups/b": backup("b", "default"),
    "schedules/daily": { metadata: { name: "daily" } },
  });
  await prepareRemoval({ namespace, keepsKinds: true }, velero.client);
  expect([...velero.objects.keys()]).toEqual(["schedules/daily"]);
});

test("the removal of Velero has nothing to do if the CRDs are gone", async () => {
  const list = () => Promise.reject(new RefusedByApi(404, "404 page not found"));
  const client = { ...new FakeVelero({}).client, list };
  await expect(prepareRemoval({ namespace, keepsKinds: true }, client)).resolves.toBeUndefined();
  await expect(forgetBackups({ namespace, location: "prod" }, client)).resolves.toBeUndefined();
});

test("only the backups of a removed location are deleted", async () => {
  const velero = new FakeVelero({ "backups/a": backup("a", "prod"), "backups/b": backup("b", "default") });
  await forgetBackups({ namespace, location: "prod" }, velero.client);
  expect([...velero.objects.keys()]).toEqual(["backups/b"]);
});
