import { endpointProblems } from "../components/network/endpoint-problems";
import { findEndpoints } from "../components/network/found-endpoints";
import type { FoundNetwork } from "../components/network/found-network";
import { foreignSubnetProblem, landingIn } from "../components/network/foreign-subnets";
import { findNatAddresses, type NatAddresses } from "../components/network/nat-addresses";
import { networkProblems } from "../components/network/network-problems";
import { isShared } from "../components/network/owner-problems";
import { roomFor } from "../components/network/room-problems";
import type { Configuration } from "../config/configuration";
import type { Problem } from "../config/configuration-error";
import type { Scope } from "../config/platform/router-shards";
import { endpointsOf } from "../config/rules/egress";
import { cutsNodesOff } from "../config/rules/mirror";
import type { Warning } from "../config/warning";
import { usesProxy } from "../ignition/no-proxy";

/** What else is known when an existing network is examined. */
export interface Circumstances {
  /** Account of the credentials. */
  readonly account: string;
  /** The region's availability zones. */
  readonly zones: readonly string[];
  /** Whether the cluster's machines exist: then the network is not judged by what they needed. */
  readonly machinesExist: boolean;
}

/** What keeps a network from carrying the cluster, and what its user should know. */
export interface NetworkFindings {
  readonly problems: readonly Problem[];
  readonly warnings: readonly Warning[];
  /** Public addresses of the NAT gateways that the private subnets route through; looked up only where the default router's ranges need them. */
  readonly natAddresses: readonly string[];
}

/** Holds a found network against what the configured cluster needs of it. */
export async function examineNetwork(
  configuration: Configuration,
  network: FoundNetwork,
  { account, zones, machinesExist }: Circumstances,
): Promise<NetworkFindings> {
  const { machineCidrs, mirror, dns } = configuration;
  const needsWayOut = !usesProxy(configuration) && !cutsNodesOff(mirror?.mode);
  const room = machinesExist ? {} : { room: roomFor(configuration, network.privateSubnets.length) };
  const foreign = foreignSubnets(configuration, network);
  const [endpoints, nat] = await Promise.all([
    isShared(network, account) ? [] : missingEndpoints(configuration, network),
    needsNatAddresses(configuration) ? findNatAddresses(network.privateSubnets) : { addresses: [], unknown: [] },
  ]);
  return {
    problems: [
      ...networkProblems(network, { account, dns, machineCidrs, needsWayOut, zones, ...room }),
      ...(machinesExist ? [] : foreign.own),
      ...endpoints,
    ],
    warnings: [
      ...[...(machinesExist ? foreign.own : []), ...foreign.others].map(({ key, wrong, fix }) => ({ key, text: `It ${wrong}.`, fix })),
      ...unknownWaysOut(nat),
    ],
    natAddresses: nat.addresses,
  };
}

/** Whether the default router's ranges have to have the addresses by which the cluster's own requests come to its public load balancer. */
function needsNatAddresses({ publish, platform }: Configuration): boolean {
  return publish === "External" && platform.routers.default.allowedSourceRanges.length > 0;
}

/** Subnets whose machines come to the router from an address that nobody knows here. */
function unknownWaysOut({ unknown }: NatAddresses): Warning[] {
  if (unknown.length === 0) return [];
  const subnets = unknown.map(({ id, defaultRoute }) => `${id} (${defaultRoute ?? "no default route"})`).join(", ");
  return [
    {
      key: "defaultRouterAllowedSourceRanges",
      text:
        `The public addresses by which machines in ${subnets} reach the internet can't be found here. ` +
        "If they are not in the list, the cluster's operators do not reach the routes of console and login, and are degraded.",
      fix: "add these addresses to defaultRouterAllowedSourceRanges",
    },
  ];
}

/**
 * What cut-off machines call by AWS's names has an endpoint, unless a proxy leads there (reference, section 2). Of a shared VPC the endpoints
 * can't be seen: they belong to its account (Amazon VPC user guide, "Share your VPC subnets with other accounts").
 */
async function missingEndpoints(configuration: Configuration, network: FoundNetwork): Promise<Problem[]> {
  const { mirror, region, machineCidrs, volumeKmsKeyArn, executor } = configuration;
  const services = endpointsOf({
    mode: mirror?.mode ?? "none",
    hasKmsKey: volumeKmsKeyArn !== undefined,
    sessionManager: executor.kind === "ssh" && executor.access.kind === "forwarded",
  });
  if (services.length === 0 || usesProxy(configuration)) return [];
  const endpoints = await findEndpoints(network.vpcId, region, services);
  return endpoints === undefined ? [] : endpointProblems(network, endpoints, { region, machineCidrs, services });
}

/**
 * Subnets of others in which load balancers would get interfaces: `own` are those of the cluster's routers, `others` those of Services that users
 * may create.
 */
function foreignSubnets(
  { publish, platform, region }: Configuration,
  network: FoundNetwork,
): Readonly<Record<"own" | "others", Problem[]>> {
  const shards = platform.routers.shards.filter(({ publishing }) => publishing.kind !== "waf" && publishing.subnetIds.length === 0);
  const ownScopes: readonly Scope[] = [publish, ...shards.map(({ scope }) => scope)];
  const problemsOf = (scope: Scope): Problem[] => {
    const subnets = landingIn(network, scope);
    return subnets.length === 0 ? [] : [foreignSubnetProblem(network, subnets, scope, region)];
  };
  const scopes = ["External", "Internal"] as const;
  return {
    own: scopes.filter((scope) => ownScopes.includes(scope)).flatMap(problemsOf),
    others: scopes.filter((scope) => !ownScopes.includes(scope)).flatMap(problemsOf),
  };
}
