import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Api, ApiError, type KubeObject } from "./api";

const path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

/** Seconds for the API server to serve all definitions, of which it needs three on an idle machine. */
const limitSeconds = 120;

/** Makes OpenShift's kinds known to the API server: every definition of a directory, and waits until all are served. */
export async function installDefinitions(api: Api, directory: string): Promise<void> {
  const files = readdirSync(directory).filter((file) => file.endsWith(".yaml"));
  const present = new Set((await api.list<KubeObject>(path)).map(({ metadata }) => metadata.name));
  const missing = files.filter((file) => !present.has(file.replace(/\.yaml$/, "")));
  await Promise.all(
    missing.map(async (file) => {
      // As text: reading these 80 files as YAML takes longer than all the rest.
      await api.send("POST", path, readFileSync(join(directory, file), "utf8"), "application/yaml").catch((error: unknown) => {
        if (!(error instanceof ApiError && error.status === 409)) throw error;
      });
    }),
  );
  const deadline = Date.now() + limitSeconds * 1000;
  for (;;) {
    const waiting = (await api.list<Definition>(path)).filter((definition) => !isServed(definition));
    if (waiting.length === 0) return;
    if (Date.now() > deadline)
      throw new Error(`the API server doesn't serve ${waiting.map(({ metadata }) => metadata.name).join(", ")} after ${limitSeconds} s`);
    await sleep(200);
  }
}

interface Definition extends KubeObject {
  status?: { conditions?: { type: string; status: string }[] };
}

function isServed({ status }: Definition): boolean {
  return status?.conditions?.some(({ type, status: value }) => type === "Established" && value === "True") ?? false;
}
