import { dump } from "js-yaml";
import { capabilitiesOf, enabledCapabilities } from "../config/capabilities";
import type { Configuration } from "../config/configuration";
import { minorOf } from "../config/rules/release";

/** A component of the cluster that calls AWS, and for which the release asks for credentials. */
export interface CloudComponent {
  /** Part of its role's name. */
  readonly name: string;
  /** Where it reads its credentials from. */
  readonly secret: { readonly namespace: string; readonly name: string };
  /** The optional part of the release that it belongs to, where it can be left out. */
  readonly capability?: string;
}

/**
 * Every component that calls AWS, the same in the releases from 4.14 to 4.19; the load balancers' controller acts as the masters' machines. From the
 * CredentialsRequests of openshift's cloud-credential-operator, cluster-image-registry-operator, cluster-ingress-operator, cluster-network-operator,
 * cluster-storage-operator and machine-api-operator. What each may do is not here: the release says it, and is asked.
 */
const components: readonly CloudComponent[] = [
  {
    name: "cloud-credential",
    secret: { namespace: "openshift-cloud-credential-operator", name: "cloud-credential-operator-iam-ro-creds" },
  },
  { name: "cloud-network", secret: { namespace: "openshift-cloud-network-config-controller", name: "cloud-credentials" } },
  {
    name: "ebs-csi-driver",
    secret: { namespace: "openshift-cluster-csi-drivers", name: "ebs-cloud-credentials" },
    capability: "Storage",
  },
  {
    name: "image-registry",
    secret: { namespace: "openshift-image-registry", name: "installer-cloud-credentials" },
    capability: "ImageRegistry",
  },
  { name: "ingress", secret: { namespace: "openshift-ingress-operator", name: "cloud-credentials" }, capability: "Ingress" },
  { name: "machine-api", secret: { namespace: "openshift-machine-api", name: "aws-cloud-credentials" }, capability: "MachineAPI" },
];

/** Those that a cluster of this configuration has. A secret for one that it hasn't would never find its namespace, and the bootstrap never end. */
export function cloudComponents({ release, capabilities }: Pick<Configuration, "release" | "capabilities">): readonly CloudComponent[] {
  const minor = minorOf(release);
  if (capabilities === undefined || minor === undefined) return components;
  const { baselineCapabilitySet, additionalEnabledCapabilities } = capabilities;
  const enabled = enabledCapabilities(minor, baselineCapabilitySet, additionalEnabledCapabilities);
  // In an older release that can't be without it, it is no capability.
  const optional = new Set(capabilitiesOf(minor));
  return components.filter(({ capability }) => capability === undefined || !optional.has(capability) || enabled.has(capability));
}

/** The part of an install-config by which `oc adm release extract --included` decides what of a release a cluster has. */
export function inclusionConfig({
  clusterName,
  region,
  capabilities,
}: Pick<Configuration, "clusterName" | "region" | "capabilities">): string {
  return dump({ apiVersion: "v1", metadata: { name: clusterName }, platform: { aws: { region } }, ...(capabilities && { capabilities }) });
}
