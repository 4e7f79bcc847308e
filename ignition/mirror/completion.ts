import { enabledCapabilities } from "../../config/capabilities";
import { cutsNodesOff } from "../../config/rules/mirror";
import type { Configuration, Mirror } from "../../config/configuration";
import { minorOf } from "../../config/releases/version";
import { isUpdateService, updateServiceAuthorityKey, updateServiceOperator } from "./update-service";

/** The config map in which the cluster's own components find the registry's authority. */
const authorityName = "okd-aws-mirror-ca";

export interface CompletionOptions {
  readonly mode: Mirror["mode"];
  readonly configuration: Pick<Configuration, "release" | "capabilities" | "updateService">;
  /** `registry.<cluster>.<domain>:5000` */
  readonly registry: string;
  /** PEM. */
  readonly caCertificate: string;
  /** What oc-mirror wrote. */
  readonly resources: readonly object[];
}

/**
 * What a complete cluster is given, each object with no other fields than those that this program decides about: what oc-mirror wrote, the registry's
 * authority for what imports and builds images, and, where no public catalog can be reached, an end to asking for them (reference, section 8). With an
 * update service also its operator, without whose definition the service itself can't be given.
 */
export function completionObjects({ mode, configuration, registry, caCertificate, resources }: CompletionOptions): readonly object[] {
  return [
    ...resources.filter((object) => !isUpdateService(object) && hasDefinition(object, configuration)),
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: authorityName, namespace: "openshift-config" },
      // A colon can't stand in a key (openshift/api, `config/v1/types_image.go`).
      data: {
        [registry.replace(":", "..")]: caCertificate,
        ...(configuration.updateService && { [updateServiceAuthorityKey]: caCertificate }),
      },
    },
    {
      apiVersion: "config.openshift.io/v1",
      kind: "Image",
      metadata: { name: "cluster" },
      spec: { additionalTrustedCA: { name: authorityName } },
    },
    ...(cutsNodesOff(mode)
      ? [
          {
            apiVersion: "config.openshift.io/v1",
            kind: "OperatorHub",
            metadata: { name: "cluster" },
            spec: { disableAllDefaultSources: true },
          },
        ]
      : []),
    ...(configuration.updateService ? updateServiceOperator(configuration) : []),
  ];
}

/**
 * Whether the cluster knows an object's kind, of those that oc-mirror writes: it writes catalogs for both of the Operator Lifecycle Manager's versions, of
 * which the newer is a part of releases from 4.18 on, and may be left out.
 */
function hasDefinition({ kind }: { readonly kind?: string }, { release, capabilities }: CompletionOptions["configuration"]): boolean {
  if (kind !== "ClusterCatalog") return true;
  const { baselineCapabilitySet = "vCurrent", additionalEnabledCapabilities = [] } = capabilities ?? {};
  return enabledCapabilities(minorOf(release), baselineCapabilitySet, additionalEnabledCapabilities).has("OperatorLifecycleManagerV1");
}
