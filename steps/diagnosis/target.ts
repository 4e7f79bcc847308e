import type { Configuration } from "../../config/configuration";
import { isDisconnected } from "../../config/mirror/fields";
import { type GeneratedPasswords, knownSecrets } from "./known-secrets";

/** The target of a diagnosis: a cluster, and the configuration that the checks expect. */
export interface DiagnosisTarget {
  readonly region: string;
  readonly infraId: string;
  /** `<clusterName>.<baseDomain>`. */
  readonly clusterDomain: string;
  readonly baseDomain: string;
  /** CIDR blocks of the machine networks. */
  readonly machineCidrs: readonly string[];
  readonly publish: "External" | "Internal";
  /** Whether this program manages the zones and records. */
  readonly dnsManaged: boolean;
  /** Role that may read the private zone, if the zone belongs to another account. */
  readonly privateZoneRoleArn?: string;
  /**
   * Whether instances need a default route. They do not need one with a proxy, in a disconnected cluster, or if NAT
   * gateways are turned off.
   */
  readonly needsDefaultRoute: boolean;
  /** Whether instances get their images only from the installer host's registry. */
  readonly needsRegistry: boolean;
  /** Whether an installer host with the certificate approver exists. */
  readonly hasApprover: boolean;
  /** The administrator's kubeconfig, secret; undefined before the installer has created it. */
  readonly kubeconfig?: string;
  /** PEM of the CA that signs the machine config server's certificate; default: the CA in the bootstrap instance's ignition config. */
  readonly rootCa?: string;
  /** Private SSH key of the user core, to gather the bootstrap instance's logs; secret. Default: the keys of the ssh-agent. */
  readonly sshPrivateKey?: string;
  /** All other secrets, which the evidence must not contain. */
  readonly secrets?: string[];
}

/** Facts about the cluster that are in the stack's outputs, not in its configuration. */
export type ClusterFacts = Pick<DiagnosisTarget, "infraId" | "kubeconfig" | "rootCa" | "sshPrivateKey"> & GeneratedPasswords;

/** The diagnosis target of a stack with this configuration. */
export function diagnosisTarget(
  configuration: Configuration,
  { kubeadminPassword, registryPassword, registryPullPassword, ...facts }: ClusterFacts,
): DiagnosisTarget {
  const { region, clusterDomain, baseDomain, machineCidrs, publish, dns, network, proxy, mirror } = configuration;
  const roleArn = dns.management === "managed" ? dns.privateZone?.roleArn : undefined;
  return {
    region,
    clusterDomain,
    baseDomain,
    machineCidrs,
    publish,
    dnsManaged: dns.management === "managed",
    ...(roleArn !== undefined && { privateZoneRoleArn: roleArn }),
    needsDefaultRoute:
      proxy === undefined && !isDisconnected(mirror?.mode) && (network.kind === "existing" || network.natGateways !== "none"),
    needsRegistry: isDisconnected(mirror?.mode),
    hasApprover: configuration.installerHost !== undefined,
    ...facts,
    secrets: knownSecrets(configuration, { kubeadminPassword, registryPassword, registryPullPassword }),
  };
}
