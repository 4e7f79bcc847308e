import { readFileSync } from "node:fs";
import { join } from "node:path";
import { loadAll } from "js-yaml";
import type { Api, KubeObject } from "../api";
import { installDefinitions } from "../definitions";

/** Installs kwok's kind Stage and the stages of the simulated pods. Stages that an earlier version of the sandbox installed are replaced. */
export async function installStages(api: Api): Promise<void> {
  await installDefinitions(api, join(__dirname, "definitions"));
  const stages = loadAll(readFileSync(join(__dirname, "stages.yaml"), "utf8")) as KubeObject[];
  for (const stage of stages) await api.apply(stage, "simulator");
}
