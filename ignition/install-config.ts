import { load } from "js-yaml";
import type { Configuration, CredentialsMode, MachinePoolConfiguration } from "../config/configuration";
import { maskUserinfo } from "../config/url";
import { toYaml } from "../lib/yaml";
import type { RegistryAccess } from "./installer-host/registry";
import { mirroredRepositories } from "./mirror/release";
import { noProxyList } from "./no-proxy";
import { nodePullSecret } from "./pull-secret";

/** Values that the install-config needs in addition to the configuration. */
export interface InstallConfigContext {
  /** OpenSSH public key for the user core. */
  readonly sshPublicKey: string;
  readonly zones: readonly string[];
  readonly credentialsMode: CredentialsMode;
  /** Access to the installer host's registry, if images are mirrored there. */
  readonly registry?: RegistryAccess;
  /** The instances' AMI in the cluster's region, if the release publishes none there. */
  readonly imageId?: string;
}

/** The installer's names of the modes (openshift/installer, `pkg/types/installconfig.go`). */
const credentialsModes = { mint: "Mint", passthrough: "Passthrough", manual: "Manual" } as const;

/**
 * The install-config.yaml for `openshift-install` (`openshift-install explain installconfig`). It names no subnets and no hosted zone: the
 * installer creates none of these here, and would look up resources that do not exist yet. The text contains the pull secret and is therefore
 * secret.
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
    // The count determines the cluster's infrastructure topology, and with it the router's replicas, although this program creates the
    // instances. So infra nodes are counted, too.
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
        // Outside the commercial partition the installer refuses a region without a published AMI unless one is configured
        // (openshift/installer, `pkg/asset/installconfig/aws/validation.go`: validateAMI). The AMI is only used in machine manifests, which
        // this program removes.
        ...(context.imageId !== undefined && { defaultMachinePlatform: { amiID: context.imageId } }),
      },
    },
    publish: installConfigPublish(configuration),
    credentialsMode: credentialsModes[context.credentialsMode],
    ...(configuration.fips && { fips: true }),
    ...(configuration.capabilities && { capabilities: configuration.capabilities }),
    pullSecret: nodePullSecret(configuration, registry),
    sshKey: context.sshPublicKey,
    ...(proxy && { proxy: { ...proxy, noProxy: noProxyList(configuration) } }),
    // These entries have no policy for the source, because the installer of 4.19 does not know that field yet. patchManifests adds the policy to the
    // manifest.
    ...(registry && {
      imageDigestSources: mirroredRepositories(configuration).map(({ source, mirror }) => ({ source, mirrors: [mirror] })),
    }),
    ...(trusted.length > 0 && {
      additionalTrustBundle: trusted.map((certificates) => (certificates.endsWith("\n") ? certificates : `${certificates}\n`)).join(""),
      // With `Proxyonly`, the installer's default, the bundle is used only together with a proxy.
      additionalTrustBundlePolicy: "Always",
    }),
  });

  function pool(name: string, replicas: number, machines: MachinePoolConfiguration) {
    const platform = { aws: { type: machines.instanceType, zones: context.zones } };
    return { name, replicas, platform };
  }
}

/**
 * The user's tags, also for resources that the cluster's operators create: without `propagateUserTags` the Infrastructure object, from
 * which the operators read them, has none (openshift/installer, `pkg/asset/manifests/infrastructure.go`).
 */
function userTags({ tags }: Configuration): object {
  return Object.keys(tags).length > 0 ? { userTags: tags, propagateUserTags: true } : {};
}

/**
 * An install-config that may be stored and read: without the pull secret, and without users and passwords in the proxy's URLs, even if a
 * password contains characters that are not allowed in a URL.
 */
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
 * A public cluster with user-managed DNS has no public zone, so with `External` the command `create manifests` would fail when it looks the zone
 * up. With `Internal` it looks up no zone; patchManifests reverts the effects of `Internal` on the manifests.
 */
function installConfigPublish(configuration: Configuration): "External" | "Internal" {
  return configuration.dns.management === "user" ? "Internal" : configuration.publish;
}
