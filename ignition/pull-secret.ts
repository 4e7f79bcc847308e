import type { Configuration } from "../config/configuration";
import type { RegistryAccess } from "./install-config";
import { withRegistry } from "./mirror/pull-secret";
import { mirrorRegistry } from "./mirror/release";

/** What nodes pull with: the user's pull secret, and where the release is mirrored the registry's entry besides. */
export function nodePullSecret(
  configuration: Pick<Configuration, "pullSecret" | "clusterDomain">,
  registry: RegistryAccess | undefined,
): string {
  const text = configuration.pullSecret.reveal();
  return registry === undefined ? text : withRegistry(text, mirrorRegistry(configuration), registry.password);
}
