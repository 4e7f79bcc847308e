import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import type { KubeObject } from "../api";

/** Directory with CRDs that operators in the stand-in's catalogs own. */
export const operatorDefinitions = join(__dirname, "definitions");

/** A CRD by its name, `<plural>.<group>`; undefined if the stand-in does not have this CRD. */
export function knownDefinition(name: string): KubeObject | undefined {
  const file = join(operatorDefinitions, `${name}.yaml`);
  return existsSync(file) ? (load(readFileSync(file, "utf8")) as KubeObject) : undefined;
}
