import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import type { KubeObject } from "../api";

/** Directory with definitions of kinds that operators in the stand-in's catalogs own. */
export const operatorDefinitions = join(__dirname, "definitions");

/** The definition of a kind by its name, `<plural>.<group>`; undefined if the stand-in has none. */
export function knownDefinition(name: string): KubeObject | undefined {
  const file = join(operatorDefinitions, `${name}.yaml`);
  return existsSync(file) ? (load(readFileSync(file, "utf8")) as KubeObject) : undefined;
}
