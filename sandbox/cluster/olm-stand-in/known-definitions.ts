import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import type { KubeObject } from "../api";

/** Finds a bundle's CRD by the CRD's name; undefined if the stand-in knows only the name. */
export type DefinitionOf = (name: string) => KubeObject | undefined;

/** Finds CRDs in directories that have one YAML file for each CRD. */
export function definitionsIn(directories: readonly string[]): DefinitionOf {
  return (name) => {
    const file = directories.map((directory) => join(directory, `${name}.yaml`)).find(existsSync);
    return file === undefined ? undefined : (load(readFileSync(file, "utf8")) as KubeObject);
  };
}
