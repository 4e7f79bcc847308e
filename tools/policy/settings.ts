import type { Configuration } from "../../config/configuration";
import { infraIdPrefix } from "../../lib/openshift/infra-id";
import type { RuleSettings } from "../../policy/rule";
import { rules } from "../../policy/rules";
import { apiPort, PORTS_OF_A_PUBLIC_CLUSTER } from "../../policy/rules/exposure";
import { publicListeners } from "../../policy/rules/public-listeners";

/** The pack's configuration in the form of `pulumi preview --policy-pack-config`: settings by rule. */
export type PackSettings = Readonly<Record<string, RuleSettings>>;

/** The pack's settings for a stack, because the pack itself can't read the stack's configuration. The settings contain no secrets. */
export function packSettings(configuration: Configuration): PackSettings {
  const { machineCidrs, adminCidrs, region, tags, clusterDomain, protectMasters, credentialsMode, approved } = configuration;
  const machineRanges = [...new Set([...machineCidrs, ...(configuration.network.kind === "new" ? [configuration.network.vpcCidr] : [])])];
  const hasWaf = configuration.platform.routers.shards.some(({ publishing }) => publishing.kind === "waf");
  // A private cluster with a load balancer with WAF has public applications, but its API stays private.
  const applicationPorts = PORTS_OF_A_PUBLIC_CLUSTER.filter((port) => port !== apiPort);
  const published = configuration.publish === "External" ? PORTS_OF_A_PUBLIC_CLUSTER : hasWaf ? applicationPorts : [];
  // If the configuration sets no credentialsMode, the mode depends on the AWS credentials, which only the program knows. So the token
  // issuer's bucket is allowed.
  const issues = credentialsMode === undefined || credentialsMode === "manual";
  return {
    [rules.machineConfigServer.name]: { machineRanges },
    [rules.exposure.name]: { machineRanges, adminRanges: adminCidrs, publicPorts: published, connectedPorts: [apiPort] },
    [publicListeners.name]: { publicPorts: published },
    [rules.publicBuckets.name]: { issuerPrefix: issues ? infraIdPrefix(configuration.clusterName) : "" },
    [rules.tagging.name]: { tags: { ...tags, "okd-aws/cluster": clusterDomain } },
    [rules.protectedMasters.name]: { protectMasters },
    [rules.regions.name]: { regions: approved.regions ?? [region] },
    [rules.instanceTypes.name]: { instanceTypes: approved.instanceTypes ?? typesOf(configuration) },
  };
}

function typesOf({ masters, workers, infra, bootstrap, installerHost }: Configuration): string[] {
  const pools = [masters, workers, infra].filter(({ count }) => count > 0);
  return [...new Set([...pools, bootstrap, ...(installerHost ? [installerHost] : [])].map(({ instanceType }) => instanceType))].sort();
}
