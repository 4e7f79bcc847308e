import { enabledCapabilities } from "./capabilities";
import { minorOf } from "./releases/version";
import type { Settings } from "./schema";

/** Whether the configured cluster has a capability. */
export function hasCapability(
  {
    release,
    baselineCapabilitySet: set,
    additionalEnabledCapabilities: additional,
  }: Pick<Settings, "release" | "baselineCapabilitySet" | "additionalEnabledCapabilities">,
  name: string,
): boolean {
  return enabledCapabilities(minorOf(release), set === "" ? "vCurrent" : set, additional).has(name);
}
