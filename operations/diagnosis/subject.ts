import type { Configuration } from "../../config/configuration";
import { isDisconnected } from "../../config/rules/mirror";
import { type GeneratedPasswords, knownSecrets } from "./known-secrets";

/** The cluster that a diagnosis is about, and what is right for it. */
export interface Subject {
  readonly region: string;
  readonly infraId: string;
  /** `<clusterName>.<baseDomain>`. */
  readonly clusterDomain: string;
  readonly baseDomain: string;
  /** Ranges of the machines. */
  readonly machineCidrs: readonly string[];
  readonly publish: "External" | "Internal";
  /** Whether the zones and records are this program's. */
  readonly dnsManaged: boolean;
  /** Role that may read the private zone, where it belongs to another account. */
  readonly privateZoneRoleArn?: string;
  /** Whether machines need a default route; they don't with a proxy or a mirror of their own, or without NAT gateways by choice. */
  readonly needsDefaultRoute: boolean;
  /** Whether the machines' images come from the installer host's registry alone. */
  readonly needsRegistry: boolean;
  /** Whether an installer host approves certificate requests. */
  readonly hasApprover: boolean;
  /** The administrator's kubeconfig, where the installer has made it; secret. */
  readonly kubeconfig?: string;
  /** PEM of the authority that signs the machine config server's certificate; without it the one in the bootstrap machine's ignition config counts. */
  readonly rootCa?: string;
  /** Private key of the user core, to gather the bootstrap machine's logs; secret. Without it the ssh agent's keys count. */
  readonly sshPrivateKey?: string;
  /** Every other text that must be in no evidence; secret. */
  readonly secrets?: string[];
}

/** What a stack knows of its cluster beyond its configuration. */
export type ClusterFacts = Pick<Subject, "infraId" | "kubeconfig" | "rootCa" | "sshPrivateKey"> & GeneratedPasswords;

/** The subject of a stack with this configuration. */
export function subjectOf(
  configuration: Configuration,
  { kubeadminPassword, registryPassword, registryPullPassword, ...facts }: ClusterFacts,
): Subject {
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
