import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { loadAll } from "js-yaml";
import { type Api, ApiError, type KubeObject } from "../api";

/** Retries, 200 ms apart, until the API server serves the kind Stage, which it does within a second. */
const attempts = 100;

/** Installs kwok's kind Stage and the stages of the simulated pods. */
export async function installStages(api: Api): Promise<void> {
  for (const object of read("stage-definition.yaml")) await api.create(object);
  for (const stage of read("stages.yaml")) await createOnceServed(api, stage);
}

async function createOnceServed(api: Api, stage: KubeObject): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await api.create(stage);
      return;
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 404) || attempt === attempts) throw error;
    }
    await sleep(200);
  }
}

function read(file: string): KubeObject[] {
  return loadAll(readFileSync(join(__dirname, file), "utf8")) as KubeObject[];
}
