import { enabledCapabilities } from "../../config/capabilities";
import { isDisconnected } from "../../config/mirror/fields";
import type { Configuration, MirrorConfiguration } from "../../config/configuration";
import { minorOf } from "../../config/releases/version";
import { isUpdateService, updateServiceCaKey, updateServiceOperator } from "./update-service";

/** ConfigMap from which the cluster's own components read the registry's CA. */
const caConfigMap = "okd-aws-mirror-ca";

export interface MirrorObjectsOptions {
  readonly mode: MirrorConfiguration["mode"];
  readonly configuration: Pick<Configuration, "release" | "capabilities" | "updateService">;
  /** `registry.<cluster>.<domain>:5000` */
  readonly registry: string;
  /** The registry's CA certificate in PEM format. */
  readonly caCertificate: string;
  /** Objects that oc-mirror wrote. */
  readonly resources: readonly object[];
}

/**
 * Objects for an installed cluster, each with only the fields that this program sets: oc-mirror's objects, and the registry's CA for components
 * that import or build images. A cluster without access to public catalogs also gets the setting that disables the default catalogs. A cluster
 * with an update service also gets the operator of that service. The UpdateService is applied later, when the operator has installed the CRD.
 */
export function mirrorObjects({ mode, configuration, registry, caCertificate, resources }: MirrorObjectsOptions): readonly object[] {
  return [
    ...resources.filter((object) => !isUpdateService(object) && hasDefinition(object, configuration)),
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: caConfigMap, namespace: "openshift-config" },
      // The key is the registry's name with `..` before the port, because a key must not contain a colon (openshift/api,
      // `config/v1/types_image.go`).
      data: {
        [registry.replace(":", "..")]: caCertificate,
        ...(configuration.updateService && { [updateServiceCaKey]: caCertificate }),
      },
    },
    {
      apiVersion: "config.openshift.io/v1",
      kind: "Image",
      metadata: { name: "cluster" },
      spec: { additionalTrustedCA: { name: caConfigMap } },
    },
    ...(isDisconnected(mode)
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
 * Whether the cluster knows the kind of an object that oc-mirror wrote. oc-mirror writes catalogs for both versions of the Operator Lifecycle
 * Manager, but the newer version exists only from 4.18 on and is an optional capability.
 */
function hasDefinition({ kind }: { readonly kind?: string }, { release, capabilities }: MirrorObjectsOptions["configuration"]): boolean {
  if (kind !== "ClusterCatalog") return true;
  const { baselineCapabilitySet = "vCurrent", additionalEnabledCapabilities = [] } = capabilities ?? {};
  return enabledCapabilities(minorOf(release), baselineCapabilitySet, additionalEnabledCapabilities).has("OperatorLifecycleManagerV1");
}
