import { join } from "node:path";
import type { Way } from "../tool";

/** A directory of this project, given relative to `sandbox/`, that serves where nothing better can be had. */
export function inProject(name: string, directory: string): Way {
  return { name, inPlace: () => join(__dirname, "..", "..", directory) };
}
