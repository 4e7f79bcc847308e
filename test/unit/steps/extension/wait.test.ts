/** The wait for an operator of version 1 of OLM continues or gives up. */
import { RefusedByApi } from "../../../../lib/kubernetes/client";
import type { ExtensionState } from "../../../../steps/extension/objects";
import { waitForExtension } from "../../../../steps/extension/wait";

const request = { package: "demo", namespace: "demo", catalog: "team", channel: "stable", version: "1.0.0", permissions: "" };
const timeouts = { total: 0.5, patience: 0.0005, pause: 0.005 };

const state = (...conditions: object[]): ExtensionState => ({
  extension: {
    metadata: { name: "demo" },
    spec: { namespace: "demo" },
    status: {
      conditions: conditions as { type: string }[],
      install: { bundle: { name: "demo.v1.0.0", version: "1.0.0" } },
    },
  },
  catalogs: [{ metadata: { name: "team" }, status: { conditions: [{ type: "Serving", status: "True" }] } }],
  deployments: [],
});
const ready = state({ type: "Progressing", reason: "Succeeded" }, { type: "Installed", status: "True" });
const forbidden = state({ type: "Progressing", reason: "Retrying", message: "deployments is forbidden: no" });

/** The last look repeats. */
const wait = async (...looks: (ExtensionState | Error)[]): Promise<string[]> => {
  const said: string[] = [];
  const next = () => {
    const look = looks.length > 1 ? looks.shift() : looks[0];
    return look instanceof Error ? Promise.reject(look) : Promise.resolve(look as ExtensionState);
  };
  await waitForExtension({ state: next }, request, { timeouts, say: (text) => said.push(text) });
  return said;
};

test("the wait continues while OLM works and while the API does not answer", async () => {
  expect(await wait(state(), new Error("ECONNREFUSED"), ready)).toEqual([
    "waits until OLM has looked for demo 1.0.0",
    "The cluster's API does not answer: ECONNREFUSED",
    "demo 1.0.0 is installed in demo",
  ]);
});

test("a problem that ends in time does not fail the wait", async () => {
  expect((await wait(forbidden, ready)).at(-1)).toBe("demo 1.0.0 is installed in demo");
});

test("a problem that lasts fails the wait with OLM's reason", async () => {
  await expect(wait(forbidden)).rejects.toThrow(/^operator demo: The service account .* OLM says: deployments is forbidden: no/);
});

test("a cluster without version 1 of OLM fails the wait at once, with the capability to enable", async () => {
  await expect(wait(new RefusedByApi(404, "the server could not find the requested resource"))).rejects.toThrow(
    "enable the capability OperatorLifecycleManagerV1",
  );
});

test("a refusal of the API fails the wait at once", async () => {
  await expect(wait(new RefusedByApi(403, "clusterextensions is forbidden"))).rejects.toThrow("clusterextensions is forbidden");
});
