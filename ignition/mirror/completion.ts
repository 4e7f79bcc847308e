import { cutsNodesOff } from "../../config/rules/mirror";
import type { Mirror } from "../../config/configuration";

/** The config map in which the cluster's own components find the registry's authority. */
const authorityName = "okd-aws-mirror-ca";

export interface CompletionOptions {
  readonly mode: Mirror["mode"];
  /** `registry.<cluster>.<domain>:5000` */
  readonly registry: string;
  /** PEM. */
  readonly caCertificate: string;
  /** What oc-mirror wrote. */
  readonly resources: readonly object[];
}

/**
 * What a complete cluster is given, each object with no other fields than those that this program decides about: what oc-mirror wrote, the registry's
 * authority for what imports and builds images, and, where no public catalog can be reached, an end to asking for them (reference, section 8).
 */
export function completionObjects({ mode, registry, caCertificate, resources }: CompletionOptions): readonly object[] {
  return [
    ...resources,
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: authorityName, namespace: "openshift-config" },
      // A colon can't stand in a key (openshift/api, `config/v1/types_image.go`).
      data: { [registry.replace(":", "..")]: caCertificate },
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
  ];
}
