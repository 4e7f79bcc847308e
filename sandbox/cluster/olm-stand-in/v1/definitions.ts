import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import type { KubeObject } from "../../api";

/** Directory with the CRDs of version 1 of the Operator Lifecycle Manager. */
export const extensionDefinitions = join(__dirname, "definitions");

/** The CRDs in this directory. */
export function readExtensionDefinitions(): KubeObject[] {
  return readdirSync(extensionDefinitions).map((file) => load(readFileSync(join(extensionDefinitions, file), "utf8")) as KubeObject);
}
