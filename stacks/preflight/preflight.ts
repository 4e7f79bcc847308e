import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { clusterDomainTagKey } from "../../config/tags/fields";
import { findNetwork, type FoundNetwork } from "../../components/network/found-network";
import type { Configuration } from "../../config/configuration";
import { ConfigurationError, type ConfigurationProblem } from "../../config/configuration-error";
import { KEY_NAMES } from "../../config/schema";
import type { Warning } from "../../config/warning";
import { accountProblems, callerCredentials, type CallerCredentials, expiryWarnings, credentialSourceProblems } from "./caller-credentials";
import { findOffers, instanceTypeProblems, typeNotOfferedProblems } from "./instance-types";
import { existingResourceProblems } from "./existing-resources";
import { publicAccessBlockProblems } from "./public-access-block";
import { showWarnings } from "../warnings";

/** Results of the lookups in AWS before anything is created. */
export interface Preflight {
  /** The cluster's availability zones, in order. */
  readonly zones: readonly string[];
  /** Public hosted zone of the base domain; undefined if the cluster gets no public names. */
  readonly publicZoneId?: string;
  /** The existing network, if one is configured. */
  readonly network?: FoundNetwork;
  /** Public addresses of the existing network's NAT gateways; empty unless the default router's allowed source ranges must contain them. */
  readonly natAddresses: readonly string[];
  /**
   * Whether an instance has booted from the installer's files. After that the files must not change, because all instances share the
   * certificates in these files.
   */
  readonly instancesExist: boolean;
  /** Whether the AWS credentials in use expire, like those of a role or of single sign-on. */
  readonly temporaryCredentials: boolean;
}

/**
 * Makes all lookups in AWS on which the declarations depend, in parallel, and shows the warnings that follow from them.
 *
 * @throws ConfigurationError with every problem that AWS finds in the configuration.
 */
export async function runPreflight(configuration: Configuration): Promise<Preflight> {
  const problems = credentialSourceProblems();
  // With two sources of credentials, AWS's answers may be about another account.
  if (problems.length > 0) throw new ConfigurationError(problems, pulumi.getStack());
  const warnings: Warning[] = [];
  const caller = callerCredentials(configuration.region);
  const available = availabilityZones();
  const [zones, publicZoneId, network, account, instancesExist, temporaryCredentials, existing, types, offers, otherAccount] =
    await Promise.all([
      available.then((names) => checkZones(configuration, names, problems)),
      findPublicZone(configuration, problems),
      configuration.network.kind === "existing" ? findNetwork(configuration.network, available, problems) : undefined,
      configuration.network.kind === "existing" ? aws.getCallerIdentity().then(({ accountId }) => accountId) : undefined,
      clusterInstancesExist(configuration),
      caller.then((found) => areCredentialsTemporary(configuration, found)),
      existingResourceProblems(configuration),
      instanceTypeProblems(configuration),
      findOffers(configuration),
      caller.then(differentAccountProblems),
    ]);
  const clusterZones = network?.privateSubnets.map(({ zone }) => zone) ?? zones;
  problems.push(...otherAccount, ...existing, ...types, ...typeNotOfferedProblems(configuration, offers, clusterZones, await available));
  if (temporaryCredentials && !instancesExist) problems.push(...credentialsProblems(configuration));
  if (!instancesExist) warnings.push(...expiryWarnings(await caller, configuration));
  const willBeManual = (configuration.credentialsMode ?? (temporaryCredentials ? "manual" : "mint")) === "manual";
  if (willBeManual && !instancesExist) problems.push(...(await publicAccessBlockProblems(configuration)));
  // The module is imported only for an existing network, because loading it takes time.
  const networkCheck =
    network && account !== undefined
      ? await (await import("./network")).checkNetwork(configuration, network, { account, zones: await available, instancesExist })
      : undefined;
  problems.push(...(networkCheck?.problems ?? []));
  if (problems.length > 0) throw new ConfigurationError(inKeyOrder(problems), pulumi.getStack());
  warnings.push(...(networkCheck?.warnings ?? []));
  showWarnings(warnings);
  return {
    zones: clusterZones,
    publicZoneId,
    network,
    natAddresses: networkCheck?.natAddresses ?? [],
    instancesExist,
    temporaryCredentials,
  };
}

/**
 * The installer and the cluster accept temporary credentials only with credentialsMode manual (openshift/installer,
 * `pkg/asset/manifests/openshift.go`): with `mint` and `passthrough` the cluster keeps the credentials of the user who installs it.
 */
function credentialsProblems({ credentialsMode: mode }: Configuration): ConfigurationProblem[] {
  if (mode === undefined || mode === "manual") return [];
  return [
    {
      key: "credentialsMode",
      wrong: `is ${mode}, but the AWS credentials in use are temporary, and the cluster would keep them`,
      value: mode,
      allowed: "manual with temporary credentials",
      fix: "pulumi config set credentialsMode manual, or use the access key of an IAM user",
    },
  ];
}

/** Sorts problems in the order of the keys in docs/configuration.md, not in the order of AWS's answers. */
function inKeyOrder(problems: readonly ConfigurationProblem[]): ConfigurationProblem[] {
  const rank = ({ key }: ConfigurationProblem): number => (KEY_NAMES as readonly string[]).indexOf(key);
  return [...problems].sort((one, other) => rank(one) - rank(other));
}

/** Names of the region's availability zones, without local and wavelength zones. */
async function availabilityZones(): Promise<readonly string[]> {
  const { names } = await aws.getAvailabilityZones({
    state: "available",
    filters: [{ name: "zone-type", values: ["availability-zone"] }],
  });
  return names;
}

/** Zones of a new network. Each must be one of the available ones. */
function checkZones({ zones, region }: Configuration, names: readonly string[], problems: ConfigurationProblem[]): readonly string[] {
  for (const zone of zones.filter((each) => !names.includes(each))) {
    problems.push({
      key: "zones",
      wrong: `names ${zone}, which this account doesn't have in ${region}`,
      value: zone,
      allowed: names.join(", "),
      fix: "choose zones from this list",
    });
  }
  return zones;
}

async function findPublicZone({ dns, publish, baseDomain }: Configuration, problems: ConfigurationProblem[]): Promise<string | undefined> {
  if (dns.management === "user" || publish === "Internal") return undefined;
  try {
    return (await aws.route53.getZone({ name: baseDomain, privateZone: false })).zoneId;
  } catch (error) {
    if (!(error instanceof Error) || !/no matching|not found|multiple/i.test(error.message)) throw error;
    const several = /multiple/i.test(error.message);
    problems.push({
      key: "baseDomain",
      wrong: several ? "has several public hosted zones in this account" : "has no public hosted zone in this account",
      value: baseDomain,
      allowed: "a domain with one public hosted zone in Route 53, in the account of the credentials",
      fix: several
        ? "delete the zones that the domain isn't delegated to"
        : `create and delegate the zone (aws route53 create-hosted-zone --name ${baseDomain} --caller-reference 1), or set publish to Internal, or dnsManagement to user`,
    });
    return undefined;
  }
}

/** Whether instances of the cluster exist. The installer host is not one of them: it has this program's tag, but not the cluster's. */
async function clusterInstancesExist({ clusterDomain }: Configuration): Promise<boolean> {
  const { ids } = await aws.ec2.getInstances({
    instanceTags: { [clusterDomainTagKey]: clusterDomain },
    filters: [{ name: "tag-key", values: ["kubernetes.io/cluster/*"] }],
    instanceStateNames: ["pending", "running", "stopping", "stopped"],
  });
  return ids.length > 0;
}

async function differentAccountProblems(caller: CallerCredentials): Promise<ConfigurationProblem[]> {
  return caller.account === undefined ? [] : accountProblems(caller, (await aws.getCallerIdentity()).accountId);
}

async function areCredentialsTemporary({ credentialsMode }: Configuration, { hasToken }: CallerCredentials): Promise<boolean> {
  // In manual mode the result does not matter, so AWS is not asked.
  if (credentialsMode === "manual") return false;
  // A user's ARN is the same with and without a session; only the token tells the difference.
  if (hasToken) return true;
  const { arn } = await aws.getCallerIdentity();
  return /:(assumed-role|federated-user)\//.test(arn);
}
