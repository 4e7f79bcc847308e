import { enabledCapabilities } from "../config/capabilities";
import type { Configuration } from "../config/configuration";
import { CLOUD_COMPONENTS, type CloudComponent } from "../config/releases/components";
import { capabilitiesOf } from "../config/releases/facts";
import { minorOf } from "../config/releases/version";
import { toYaml } from "../lib/yaml";

/**
 * The components that have AWS credentials in a cluster of this configuration. A Secret for any other component would wait for a namespace
 * that never exists, and the bootstrap would never end.
 */
export function cloudComponents({ release, capabilities }: Pick<Configuration, "release" | "capabilities">): readonly CloudComponent[] {
  if (capabilities === undefined) return CLOUD_COMPONENTS;
  const minor = minorOf(release);
  const { baselineCapabilitySet, additionalEnabledCapabilities } = capabilities;
  const enabled = enabledCapabilities(minor, baselineCapabilitySet, additionalEnabledCapabilities);
  // In older releases some components are not optional: they have no capability that could be disabled.
  const optional = new Set(capabilitiesOf(minor));
  return CLOUD_COMPONENTS.filter(({ capability }) => capability === undefined || !optional.has(capability) || enabled.has(capability));
}

/** The part of an install-config by which `oc adm release extract --included` selects the manifests of a release. */
export function manifestSelectionConfig({
  clusterName,
  region,
  capabilities,
}: Pick<Configuration, "clusterName" | "region" | "capabilities">): string {
  return toYaml({
    apiVersion: "v1",
    metadata: { name: clusterName },
    platform: { aws: { region } },
    ...(capabilities && { capabilities }),
  });
}
