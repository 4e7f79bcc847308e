import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Api, ApiError, type KubeObject } from "./api";

const path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

/** Seconds until the API server must serve all CRDs. It needs three on an idle computer. */
const limitSeconds = 120;

/** Installs every CRD of a directory and waits until the API server serves all of them. */
export async function installDefinitions(api: Api, directory: string): Promise<void> {
  const files = readdirSync(directory).filter((file) => file.endsWith(".yaml"));
  const present = new Set((await api.list<KubeObject>(path)).map(({ metadata }) => metadata.name));
  const missing = files.filter((file) => !present.has(file.replace(/\.yaml$/, "")));
  await Promise.all(
    missing.map(async (file) => {
      // The files are sent as text. Parsing these 80 files as YAML here would take longer than the whole installation of the CRDs.
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
      throw new Error(
        `the API server does not serve the CRDs ${waiting.map(({ metadata }) => metadata.name).join(", ")} after ${limitSeconds} s`,
      );
    await sleep(200);
  }
}

interface Definition extends KubeObject {
  status?: { conditions?: { type: string; status: string }[] };
}

function isServed({ status }: Definition): boolean {
  return status?.conditions?.some(({ type, status: value }) => type === "Established" && value === "True") ?? false;
}
