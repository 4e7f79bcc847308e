import { releaseRestores } from "../../../../steps/velero/removal";
import { RefusedByApi } from "../../../../lib/kubernetes/client";
import { FakeVelero } from "./fake-velero";

test("the finalizers of all restores are removed, and nothing else is changed", async () => {
  const metadata = { name: "r", labels: { a: "b" }, finalizers: ["restores.velero.io/external-resources-finalizer"] };
  const velero = new FakeVelero({ "restores/r": { metadata }, "backups/b": { metadata: { name: "b", finalizers: ["x"] } } });
  await releaseRestores(velero.client);
  expect(velero.objects.get("restores/r")?.metadata).toEqual({ name: "r", labels: { a: "b" }, finalizers: null });
  expect(velero.objects.get("backups/b")?.metadata.finalizers).toEqual(["x"]);
});

test("the removal of Velero has nothing to do if the CRDs are gone", async () => {
  const list = () => Promise.reject(new RefusedByApi(404, "404 page not found"));
  await expect(releaseRestores({ ...new FakeVelero({}).client, list })).resolves.toBeUndefined();
});
