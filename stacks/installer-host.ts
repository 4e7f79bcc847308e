import * as pulumi from "@pulumi/pulumi";
import type { CertificateApprover } from "../components/certificate-approver";
import { connectionTo } from "../components/installer/connection";
import { deployerCredentials } from "../components/installer/deployer-credentials";
import type { Executor } from "../components/installer/executor";
import { LocalExecutor } from "../components/installer/local-executor";
import { SshExecutor } from "../components/installer/ssh-executor";
import type { InstallerHost, InstallerHostArgs } from "../components/installer-host/installer-host";
import type { Mirror } from "../components/mirror";
import type { Network } from "../components/network/network";
import type { PrivateBucket } from "../components/private-bucket";
import type { Configuration } from "../config/configuration";
import { healthCommand } from "../ignition/installer-host/health";
import { joinServices } from "../ignition/installer-host/services";
import { proxyVariables } from "../ignition/proxy-variables";

/** Seconds that a booted host may take until its registry and tools are ready: it downloads three archives and two container images. */
const healthSeconds = 1200;

/** The installer host and the services that run on it. */
export interface InstallerHostServices {
  readonly host: InstallerHost;
  readonly approver: CertificateApprover;
  /** Undefined if nothing is mirrored. */
  readonly mirror: Mirror | undefined;
  /**
   * Declares the resource that waits for the host's registry and tools. With `executor: ssh` it declares none, because a step before the
   * installation has waited for them.
   */
  readonly declareHealthWait: (opts: pulumi.CustomResourceOptions) => pulumi.Resource[];
}

export type InstallerHostServicesArgs = Pick<InstallerHostArgs, "naming" | "partition" | "imageId" | "sshPublicKey" | "privateZone"> & {
  readonly network: Network;
  readonly assets: PrivateBucket;
};

/** Creates the installer host and its services; undefined if no host is configured. */
export async function provideInstallerHost(
  configuration: Configuration,
  args: InstallerHostServicesArgs,
): Promise<InstallerHostServices | undefined> {
  const { installerHost: host, mirror: mirroring, protectMasters: protect } = configuration;
  if (host === undefined) return undefined;
  // The libraries are imported only when needed: loading them takes half a second at each start.
  const { InstallerHost } = await import("../components/installer-host/installer-host");
  const { CertificateApprover } = await import("../components/certificate-approver");
  const { network, assets, ...given } = args;
  const { vpcId } = network;
  const approver = await CertificateApprover.provide("certificate-approver", {
    naming: args.naming,
    configuration,
    vpcId,
    bucket: assets,
  });
  const { naming, partition } = args;
  const mirror =
    mirroring &&
    new (await import("../components/mirror")).Mirror("mirror", { naming, partition, configuration, mirror: mirroring, bucket: assets });
  const { HostHealth } = await import("../components/installer-host/host-health");
  const health = new HostHealth({ region: configuration.region, partition, bucket: assets });
  const installerHost = new InstallerHost("installer-host", {
    ...given,
    configuration,
    host,
    vpcId,
    ...hostPlacement(configuration, network),
    protect,
    bootAfter: [...network.egress, approver.stored],
    // The mirror's secret comes before the approver's: the host fetches them in this order, and the approver's exists only after the bootstrap.
    services: pulumi.all([health.services, ...(mirror ? [mirror.services] : []), approver.services]).apply(joinServices),
    serviceStatements: [...health.statements, ...(mirror?.statements ?? []), ...approver.statements],
  });
  // The health check is not a child of the host, because resources that wait for the host would then also wait for the check, which runs
  // after the bootstrap.
  const declareHealthWait = (opts: pulumi.CustomResourceOptions): pulumi.Resource[] =>
    configuration.executor.kind === "ssh" ? [] : [health.wait("installer-host-health", installerHost.instance.id, healthSeconds, opts)];
  return { host: installerHost, approver, mirror, declareHealthWait };
}

/** The host gets a public address if the cluster is public, or if the host is the only instance with egress to the internet. */
function hostPlacement({ publish, mirror }: Configuration, network: Network): Pick<InstallerHostArgs, "subnet" | "publicAddress"> {
  const publicAddress = publish === "External" || (mirror?.mode === "restricted" && network.publicSubnets.length > 0);
  return { subnet: (publicAddress ? network.publicSubnets : network.privateSubnets)[0], publicAddress };
}

/**
 * Chooses where the installation's steps run. Steps on the installer host run only after its registry and tools are ready: a separate step
 * waits for them, and again after each replacement of the host.
 *
 * @param services the installer host; with `executor: ssh` it must exist before the installation
 * @param privateKey private key of the user core
 */
export function provideExecutor(
  configuration: Configuration,
  services: InstallerHostServices | undefined,
  privateKey: pulumi.Output<string> | undefined,
): Executor {
  const { executor, region } = configuration;
  if (executor.kind === "local") return new LocalExecutor();
  if (services === undefined || privateKey === undefined)
    throw new Error("executor is ssh, but there is no installer host with its own AMI, or no private key to log in to it");
  const { host } = services;
  // The bastion reaches the host by its private address, like any instance of the VPC.
  const address = executor.access.kind === "bastion" ? host.instance.privateIp : host.address;
  const connection = pulumi
    .all([address, host.hostKeys, privateKey])
    .apply(([reachable, [hostKey], key]) =>
      connectionTo({ address: reachable, port: 22, user: "core", hostKey, privateKey: key }, executor.access),
    );
  const health = new SshExecutor(connection).run(
    "installer-host-health",
    {
      script: healthCommand(healthSeconds),
      input: "",
      triggers: [host.instance.id],
      frozen: false,
      timeoutSeconds: healthSeconds + 60,
    },
    { parent: host },
  );
  return new SshExecutor(connection, {
    after: [health.resource],
    environment: proxyVariables(configuration),
    credentials: (access) => deployerCredentials(region, access),
  });
}
