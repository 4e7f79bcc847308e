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
import { joinServices } from "../ignition/installer-host/installer-host";
import { proxyVariables } from "../ignition/proxy-variables";

/** Seconds for a host that has booted to have its registry and tools: three archives and two container images. */
const healthSeconds = 1200;

/** The installer host with all that runs on it. */
export interface ServingHost {
  readonly host: InstallerHost;
  readonly approver: CertificateApprover;
  /** Present when something is mirrored. */
  readonly mirror: Mirror | undefined;
  /** Waits for the host's registry and tools where no step has done so before the installation: with the local executor. */
  readonly healthy: (opts: pulumi.CustomResourceOptions) => pulumi.Resource[];
}

export type ServingHostArgs = Pick<InstallerHostArgs, "naming" | "partition" | "imageId" | "sshPublicKey" | "privateZone"> & {
  readonly network: Network;
  readonly assets: PrivateBucket;
};

/** The installer host and its services; nothing where none is configured. */
export async function provideServingHost(configuration: Configuration, args: ServingHostArgs): Promise<ServingHost | undefined> {
  const { installerHost: host, mirror: mirroring, protectMasters: protect } = configuration;
  if (host === undefined) return undefined;
  // Loaded where they are wanted: their libraries cost half a second at every start.
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
  const serving = new InstallerHost("installer-host", {
    ...given,
    configuration,
    host,
    vpcId,
    ...placeOfHost(configuration, network),
    protect,
    bootAfter: [...network.egress, approver.stored],
    // The mirror's secret first: the host fetches in this order, and the approver's comes with the cluster.
    services: pulumi.all([health.services, ...(mirror ? [mirror.services] : []), approver.services]).apply(joinServices),
    serviceStatements: [...health.statements, ...(mirror?.statements ?? []), ...approver.statements],
  });
  // No child of the host: what waits for the whole host would wait for its health, too, which in turn comes after the bootstrap.
  const healthy = (opts: pulumi.CustomResourceOptions): pulumi.Resource[] =>
    configuration.executor.kind === "ssh" ? [] : [health.wait("installer-host-health", serving.instance.id, healthSeconds, opts)];
  return { host: serving, approver, mirror, healthy };
}

/** With a public address where the cluster is public, and where it is the host alone that has a way to the internet. */
function placeOfHost({ publish, mirror }: Configuration, network: Network): Pick<InstallerHostArgs, "subnet" | "publicAddress"> {
  const publicAddress = publish === "External" || (mirror?.mode === "restricted" && network.publicSubnets.length > 0);
  return { subnet: (publicAddress ? network.publicSubnets : network.privateSubnets)[0], publicAddress };
}

/**
 * Where the installation's steps run. On the installer host none runs before its registry and tools are there: a step of its own waits for them,
 * again for every machine that replaces it.
 *
 * @param serving the host, which with `executor: ssh` has to stand before the installation
 * @param privateKey of the user core
 */
export function provideExecutor(
  configuration: Configuration,
  serving: ServingHost | undefined,
  privateKey: pulumi.Output<string> | undefined,
): Executor {
  const { executor, region } = configuration;
  if (executor.kind === "local") return new LocalExecutor();
  if (serving === undefined || privateKey === undefined)
    throw new Error("executor is ssh, but there is no installer host with an image of its own, or no private key to log in to it");
  const { host } = serving;
  // From a bastion it is reached as from any machine of the network.
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
