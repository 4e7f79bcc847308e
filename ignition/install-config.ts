import { load } from "js-yaml";
import type { Configuration, CredentialsMode, MachinePool } from "../config/configuration";
import { maskUserinfo } from "../config/url";
import { toYaml } from "../config/yaml";
import { mirroredRepositories } from "./mirror/release";
import { noProxyList } from "./no-proxy";
import { nodePullSecret } from "./pull-secret";

/** What the install-config needs beyond the configuration. */
export interface InstallConfigContext {
  /** OpenSSH public key for the user core. */
  readonly sshPublicKey: string;
  readonly zones: readonly string[];
  readonly credentialsMode: CredentialsMode;
  /** The installer host's registry, where images are mirrored there. */
  readonly registry?: RegistryAccess;
  /** The machines' image in the cluster's region, where the release publishes none there. */
  readonly imageId?: string;
}

/** What nodes need to pull from the registry. */
export interface RegistryAccess {
  /** PEM. */
  readonly caCertificate: string;
  /** Of the account that only pulls. */
  readonly pullPassword: string;
}

/** The installer's words for the modes (openshift/installer, `pkg/types/installconfig.go`). */
const credentialsModes = { mint: "Mint", passthrough: "Passthrough", manual: "Manual" } as const;

/**
 * The install-config.yaml for `openshift-install` (`openshift-install explain installconfig`). Subnets and hosted zone
 * stay out of it: the installer provisions nothing here, and naming them would make it check what is not there yet.
 * The text holds the pull secret and must be treated as one.
 */
export function renderInstallConfig(configuration: Configuration, context: InstallConfigContext): string {
  const { masters, workers, infra, proxy, additionalTrustBundle } = configuration;
  const { registry } = context;
  const trusted = [additionalTrustBundle, registry?.caCertificate].flatMap((certificates) => certificates ?? []);
  return toYaml({
    apiVersion: "v1",
    metadata: { name: configuration.clusterName },
    baseDomain: configuration.baseDomain,
    controlPlane: { ...pool("master", masters.count, masters), architecture: configuration.architecture },
    // The count decides the cluster's infrastructure topology (and with it the router's replicas), although the machines
    // are provisioned by this program: infra nodes count, too.
    compute: [{ ...pool("worker", workers.count + infra.count, workers), architecture: configuration.architecture }],
    networking: {
      networkType: "OVNKubernetes",
      machineNetwork: configuration.machineCidrs.map((cidr) => ({ cidr })),
      clusterNetwork: [{ cidr: configuration.clusterNetworkCidr, hostPrefix: configuration.clusterNetworkHostPrefix }],
      serviceNetwork: [configuration.serviceNetworkCidr],
    },
    platform: {
      aws: {
        region: configuration.region,
        ...userTags(configuration),
        // Outside the commercial partition the installer refuses a region without a published image unless it is told one (openshift/installer,
        // `pkg/asset/installconfig/aws/validation.go`: validateAMI). It goes into machine manifests only, which this program removes.
        ...(context.imageId !== undefined && { defaultMachinePlatform: { amiID: context.imageId } }),
      },
    },
    publish: publishForInstaller(configuration),
    credentialsMode: credentialsModes[context.credentialsMode],
    ...(configuration.fips && { fips: true }),
    ...(configuration.capabilities && { capabilities: configuration.capabilities }),
    pullSecret: nodePullSecret(configuration, registry),
    sshKey: context.sshPublicKey,
    ...(proxy && { proxy: { ...proxy, noProxy: noProxyList(configuration) } }),
    // Without a policy, which the installer of 4.19 doesn't know yet: that stands in the patched manifest.
    ...(registry && {
      imageDigestSources: mirroredRepositories(configuration).map(({ source, mirror }) => ({ source, mirrors: [mirror] })),
    }),
    ...(trusted.length > 0 && {
      additionalTrustBundle: trusted.map((certificates) => (certificates.endsWith("\n") ? certificates : `${certificates}\n`)).join(""),
      // With `Proxyonly`, the installer's default, the bundle is used only together with a proxy (reference, section 8).
      additionalTrustBundlePolicy: "Always",
    }),
  });

  function pool(name: string, replicas: number, machines: MachinePool) {
    const platform = { aws: { type: machines.instanceType, zones: context.zones } };
    return { name, replicas, platform };
  }
}

/**
 * The user's tags, for what the cluster's operators create, too: without `propagateUserTags` the Infrastructure object, which they read, has
 * none (openshift/installer, pkg/asset/manifests/infrastructure.go).
 */
function userTags({ tags }: Configuration): object {
  return Object.keys(tags).length > 0 ? { userTags: tags, propagateUserTags: true } : {};
}

/** An install-config to be kept and read: without the pull secret, and without users and passwords in the proxy's URLs, which may have any character. */
export function redactInstallConfig(text: string): string {
  const { proxy, ...config } = load(text) as { proxy?: Record<string, string> };
  return toYaml({
    ...config,
    ...(proxy && {
      proxy: Object.fromEntries(Object.entries(proxy).map(([key, value]) => [key, maskUserinfo(value, "REDACTED")])),
    }),
    pullSecret: "REDACTED",
  });
}

/**
 * With a public cluster and DNS in the user's hands there is no public zone that `create manifests` could look up, and it
 * fails. As `Internal` it doesn't look; what this changes in the manifests is put back by `patchManifests`.
 */
export function publishForInstaller(configuration: Configuration): "External" | "Internal" {
  return configuration.dns.management === "user" ? "Internal" : configuration.publish;
}
