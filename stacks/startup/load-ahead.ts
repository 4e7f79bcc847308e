import { setImmediate as turn } from "node:timers/promises";
import type { Configuration } from "../../config/configuration";

/**
 * Does work that only this process needs, while the Pulumi engine starts its plugins: loads the installer host's libraries, and compiles the
 * definitions of kinds that clusters with such a host have. Later, the Pulumi engine would have to wait for this work (docs/performance.md).
 */
export async function loadAhead({ installerHost }: Configuration): Promise<void> {
  if (installerHost === undefined) return;
  await turn(); // loading modules blocks, so the first declarations must be sent before
  await import("../../components/installer-host/installer-host");
  await import("../../components/certificate-approver");
  await import("../../components/installer-host/host-health");
  const { compileFrequentKinds } = await import("../../cluster-objects/schema/check");
  await compileFrequentKinds();
}
