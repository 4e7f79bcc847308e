import { endpointProblems } from "../../components/network/endpoint-problems";
import { findEndpoints } from "../../components/network/found-endpoints";
import type { FoundNetwork } from "../../components/network/found-network";
import { foreignSubnetProblem, foreignSubnetsUsedBy } from "../../components/network/foreign-subnets";
import { findNatAddresses, type NatAddresses } from "../../components/network/nat-addresses";
import { networkProblems } from "../../components/network/network-problems";
import { isShared } from "../../components/network/shared-vpc-problems";
import { instanceCounts } from "../../components/network/free-address-problems";
import type { Configuration } from "../../config/configuration";
import type { ConfigurationProblem } from "../../config/configuration-error";
import type { Scope } from "../../config/ingress/settings";
import { endpointsOf } from "../../config/network/settings";
import { isDisconnected } from "../../config/mirror/fields";
import { needsEfsDriver } from "../../config/storage/settings";
import type { Warning } from "../../config/warning";
import { usesProxy } from "../../ignition/no-proxy";

/** Facts that the checks need in addition to the network itself. */
export interface NetworkContext {
  /** Account of the AWS credentials. */
  readonly account: string;
  /** The region's availability zones. */
  readonly zones: readonly string[];
  /** Whether the cluster's instances exist. If they do, the checks that matter only for their creation are skipped. */
  readonly instancesExist: boolean;
}

/** Results of the checks of an existing network. */
export interface NetworkCheck {
  readonly problems: readonly ConfigurationProblem[];
  readonly warnings: readonly Warning[];
  /**
   * Public addresses of the NAT gateways that the private subnets use; looked up only if the default router's allowed source ranges need
   * them.
   */
  readonly natAddresses: readonly string[];
}

/** Checks an existing network against the needs of the configured cluster. */
export async function checkNetwork(
  configuration: Configuration,
  network: FoundNetwork,
  { account, zones, instancesExist }: NetworkContext,
): Promise<NetworkCheck> {
  const { machineCidrs, mirror, dns } = configuration;
  const needsDefaultRoute = !usesProxy(configuration) && !isDisconnected(mirror?.mode);
  const counts = instancesExist ? {} : { instanceCounts: instanceCounts(configuration, network.privateSubnets.length) };
  const foreign = foreignSubnets(configuration, network);
  const [endpoints, nat] = await Promise.all([
    isShared(network, account) ? [] : missingEndpoints(configuration, network),
    needsNatAddresses(configuration) ? findNatAddresses(network.privateSubnets) : { addresses: [], unknown: [] },
  ]);
  return {
    problems: [
      ...networkProblems(network, { account, dns, machineCidrs, needsDefaultRoute, zones, ...counts }),
      ...(instancesExist ? [] : foreign.own),
      ...endpoints,
    ],
    warnings: [
      ...[...(instancesExist ? foreign.own : []), ...foreign.others].map(({ key, wrong, fix }) => ({ key, text: `It ${wrong}.`, fix })),
      ...unknownEgressWarnings(nat),
    ],
    natAddresses: nat.addresses,
  };
}

/**
 * Whether the default router's allowed source ranges must contain the addresses from which the cluster's own requests reach its public load
 * balancer.
 */
function needsNatAddresses({ publish, platform }: Configuration): boolean {
  return publish === "External" && platform.routers.default.allowedSourceRanges.length > 0;
}

/** Warns about subnets whose instances reach the router from public addresses that cannot be looked up. */
function unknownEgressWarnings({ unknown }: NatAddresses): Warning[] {
  if (unknown.length === 0) return [];
  const subnets = unknown.map(({ id, defaultRoute }) => `${id} (${defaultRoute ?? "no default route"})`).join(", ");
  return [
    {
      key: "defaultRouterAllowedSourceRanges",
      text:
        `The public addresses from which instances in ${subnets} reach the internet cannot be looked up. ` +
        "If they are not in the list, the cluster's operators cannot reach the console and login routes, and become degraded.",
      fix: "add these addresses to defaultRouterAllowedSourceRanges",
    },
  ];
}

/**
 * Missing VPC endpoints: nodes without internet access need one for each AWS service that they call. With a proxy none are needed. The
 * endpoints of a shared VPC cannot be looked up: they belong to the account that shares it (Amazon VPC user guide, "Share your VPC subnets with other accounts").
 */
async function missingEndpoints(configuration: Configuration, network: FoundNetwork): Promise<ConfigurationProblem[]> {
  const { mirror, region, machineCidrs, volumeKmsKeyArn, executor, platform } = configuration;
  const services = endpointsOf({
    mode: mirror?.mode ?? "none",
    hasKmsKey: volumeKmsKeyArn !== undefined,
    efsDriver: needsEfsDriver(platform.settings.storage.classes),
    sessionManager: executor.kind === "ssh" && executor.access.kind === "forwarded",
  });
  if (services.length === 0 || usesProxy(configuration)) return [];
  const endpoints = await findEndpoints(network.vpcId, region, services);
  return endpoints === undefined ? [] : endpointProblems(network, endpoints, { region, machineCidrs, services });
}

/**
 * Problems with subnets of the VPC that are not configured, but in which load balancers would get network interfaces: `own` for the load balancers of the cluster's
 * routers, `others` for the load balancers of Services that users may create.
 */
function foreignSubnets(
  { publish, platform, region }: Configuration,
  network: FoundNetwork,
): Readonly<Record<"own" | "others", ConfigurationProblem[]>> {
  const shards = platform.routers.shards.filter(({ publishing }) => publishing.kind !== "waf" && publishing.subnetIds.length === 0);
  const ownScopes: readonly Scope[] = [publish, ...shards.map(({ scope }) => scope)];
  const problemsOf = (scope: Scope): ConfigurationProblem[] => {
    const subnets = foreignSubnetsUsedBy(network, scope);
    return subnets.length === 0 ? [] : [foreignSubnetProblem(network, subnets, scope, region)];
  };
  const scopes = ["External", "Internal"] as const;
  return {
    own: scopes.filter((scope) => ownScopes.includes(scope)).flatMap(problemsOf),
    others: scopes.filter((scope) => !ownScopes.includes(scope)).flatMap(problemsOf),
  };
}
