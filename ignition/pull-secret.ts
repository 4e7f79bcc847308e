import type { Configuration } from "../config/configuration";
import { type RegistryAccess, registryUsers } from "./installer-host/registry";
import { withRegistry } from "./mirror/pull-secret";
import { mirrorRegistry } from "./mirror/release";

/**
 * The nodes' pull secret: the user's pull secret and, if the release is mirrored, an entry for the registry's account
 * that can only pull.
 */
export function nodePullSecret(
  configuration: Pick<Configuration, "pullSecret" | "clusterDomain">,
  registry: RegistryAccess | undefined,
): string {
  const text = configuration.pullSecret.reveal();
  if (registry === undefined) return text;
  return withRegistry(text, mirrorRegistry(configuration), { user: registryUsers.pull, password: registry.pullPassword });
}
