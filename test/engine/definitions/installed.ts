import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { load } from "js-yaml";
import type { KubeClient } from "../kube-client";

const path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

interface Condition {
  readonly type: string;
  readonly status: string;
}
interface Definition {
  readonly spec: { readonly group: string; readonly versions: readonly { readonly name: string; readonly served: boolean }[] };
  readonly metadata: { readonly name: string };
  readonly status?: { readonly conditions?: readonly Condition[] };
}

/** Installs a directory of definitions on a real API server, and waits until the server publishes them. */
export async function publishDefinitions(api: KubeClient, directory: string): Promise<void> {
  const files = readdirSync(directory).filter((name) => name.endsWith(".yaml"));
  await Promise.all(files.map((name) => api.must("POST", path, load(readFileSync(join(directory, name), "utf8")))));
  for (const deadline = Date.now() + 120_000; ;) {
    await sleep(300);
    const { items } = (await api.must("GET", path)) as { items: Definition[] };
    const waiting = items.filter(
      ({ status }) => !status?.conditions?.some(({ type, status: value }) => type === "Established" && value === "True"),
    );
    const published = JSON.stringify(await api.must("GET", "/openapi/v3"));
    // Each version is checked, because two kinds of one group may have different versions.
    const versions = items.flatMap(({ spec }) => spec.versions.filter(({ served }) => served).map(({ name }) => `${spec.group}/${name}`));
    const silent = [...new Set(versions)].filter((version) => !published.includes(`"apis/${version}"`));
    if (waiting.length === 0 && silent.length === 0) return;
    if (Date.now() > deadline) throw new Error(`not served: ${[...waiting.map(({ metadata }) => metadata.name), ...silent].join(", ")}`);
  }
}
