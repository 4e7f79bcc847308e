import type { Configuration } from "../config/configuration";
import type { RegistryAccess } from "./install-config";
import { registryUsers } from "./installer-host/registry";
import { withRegistry } from "./mirror/pull-secret";
import { mirrorRegistry } from "./mirror/release";

/** What nodes pull with: the user's pull secret, and where the release is mirrored the registry's entry besides, of the account that only pulls. */
export function nodePullSecret(
  configuration: Pick<Configuration, "pullSecret" | "clusterDomain">,
  registry: RegistryAccess | undefined,
): string {
  const text = configuration.pullSecret.reveal();
  if (registry === undefined) return text;
  return withRegistry(text, mirrorRegistry(configuration), { user: registryUsers.pull, password: registry.pullPassword });
}
