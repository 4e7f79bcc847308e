/** Objects of a kind that a cluster may not know. The API answers requests for an unknown API group with a text. */
import { ClusterClient } from "../../../../lib/kubernetes/client";
import { startFakeApi } from "../../steps/diagnosis/fake-api";

const path = "/apis/example.com/v1/demos";

/** Lists the objects in a cluster with these answers; all other paths have the status 404. */
async function listIn(answers: Readonly<Record<string, unknown>>) {
  const api = await startFakeApi(answers);
  try {
    return await new ClusterClient(api.kubeconfig).listIfKnown(path);
  } finally {
    await api.close();
  }
}

test("the objects of a kind that the cluster knows are listed", async () => {
  expect(await listIn({ [path]: { items: [{ metadata: { name: "mine" } }] } })).toEqual([{ metadata: { name: "mine" } }]);
});

test("a kind of an API group that the cluster does not have has no objects", async () => {
  expect(await listIn({ "/apis": { groups: [{ name: "apps" }] } })).toEqual([]);
});

test("a 404 for a group that the cluster has is an error, and so is a 404 for the list of groups, which a proxy may have sent", async () => {
  await expect(listIn({ "/apis": { groups: [{ name: "example.com" }] } })).rejects.toThrow("404");
  await expect(listIn({})).rejects.toThrow("404");
});
