import * as pulumi from "@pulumi/pulumi";
import type { AppsRecordsArgs } from "../components/apps-records";
import { Bootstrap } from "../components/bootstrap";
import { ClusterIdentity } from "../components/cluster-identity";
import { ApiRecords, PrivateZone } from "../components/dns";
import { GeneratedSshKey } from "../components/generated-ssh-key";
import { masterActions, workerActions } from "../components/iam/actions";
import { MachineRole } from "../components/iam/machine-role";
import type { InstallationPhase } from "../components/installer/asset-age";
import type { Executor } from "../components/installer/executor";
import type { Mirror, MirroredRelease } from "../components/mirror";
import type { CertificateApprover } from "../components/certificate-approver";
import type { InstallerHost, InstallerHostArgs } from "../components/installer-host/installer-host";
import { Installation, type InstallationFiles } from "../components/installer/installation";
import { LocalExecutor } from "../components/installer/local-executor";
import { LoadBalancers } from "../components/load-balancers";
import { MachineImage } from "../components/machines/machine-image";
import { MachinePool } from "../components/machines/machine-pool";
import { findMarkers, type Marker } from "../components/markers";
import { Naming } from "../components/naming";
import { ExistingNetwork } from "../components/network/existing-network";
import type { Network } from "../components/network/network";
import { NewNetwork } from "../components/network/new-network";
import { PrivateBucket } from "../components/private-bucket";
import { SecurityGroups } from "../components/security-groups/security-groups";
import type { Configuration } from "../config/configuration";
import { partitionOf } from "../config/partition";
import { Sweep } from "../components/sweep";
import type { SweepTarget } from "../operations/sweep/kind";
import { approverManifests } from "../ignition/certificate-approver";
import { joinServices } from "../ignition/installer-host/installer-host";
import { clusterWritesRecords } from "../config/rules/mirror";
import { survey, type Survey } from "./survey";

/** What the other stacks and the outputs need of the infrastructure. */
export interface Infrastructure {
  readonly infraId: pulumi.Output<string>;
  readonly network: Network;
  readonly loadBalancers: LoadBalancers;
  /** Present when one is configured. */
  readonly installerHost: ServingHost | undefined;
  /** Undefined once the machine is retired. */
  readonly bootstrap?: Bootstrap;
  readonly masters: MachinePool;
  readonly workers: MachinePool;
  readonly infra: MachinePool;
  /** Zones for the router's names, where this program writes these in place of the cluster. */
  readonly appsZones: Pick<AppsRecordsArgs, "privateZone" | "publicZoneId"> | undefined;
  /** What earlier updates have brought behind the cluster. */
  readonly markers: ReadonlySet<Marker>;
  readonly executor: Executor;
  readonly files: InstallationFiles;
  /** Present when the release is mirrored. */
  readonly mirrored: MirroredRelease | undefined;
  /** What must stand before the cluster can come up, besides the machines: names, balancers and what is registered there. */
  readonly reachable: readonly pulumi.Resource[];
  /** Present when the stack made the key for the user core. */
  readonly sshPrivateKey: pulumi.Output<string> | undefined;
}

/** The key for the user core; without its private half when it is the user's own. */
interface SshKey {
  readonly publicKey: pulumi.Output<string>;
  readonly privateKey: pulumi.Output<string> | undefined;
}

/** Everything in AWS that a cluster stands on, and the machines that become it. */
export async function provisionInfrastructure(configuration: Configuration): Promise<Infrastructure> {
  const { clusterName, clusterDomain, region, publish, dns, iam, volumeKmsKeyArn } = configuration;
  const privateZoneRoleArn = dns.management === "managed" ? dns.privateZone?.roleArn : undefined;
  const partition = partitionOf(region);
  const surveying = survey(configuration);
  // Nothing is made before the survey has found no problem; a preview makes nothing and need not wait.
  if (!pulumi.runtime.isDryRun()) await surveying;

  const identity = new ClusterIdentity("cluster", { clusterName, clusterDomain });
  const naming = new Naming(identity, configuration);
  const sshKey = provideSshKey(configuration, identity);

  // What the survey decides comes last: a preview declares the rest while AWS is still being asked.
  const network = await provideNetwork(configuration, naming, surveying);
  // Before the many rules of the security groups: the engine works on a few resources at a time, and nothing takes longer.
  const loadBalancers = new LoadBalancers("load-balancers", { naming, network, publish });
  const markers = await findMarkers(identity);
  const retired = markers.has("bootstrap-retired");
  const securityGroups = new SecurityGroups("security-groups", {
    naming,
    withBootstrap: !retired,
    vpcId: network.vpcId,
    machineCidr: configuration.machineCidr,
    adminCidrs: configuration.adminCidrs,
  });
  const privateZone = providePrivateZone(configuration, naming, network);

  const roleArgs = { naming, partition, permissionsBoundaryArn: iam.permissionsBoundaryArn };
  const masterRole = new MachineRole("master-role", {
    ...roleArgs,
    machine: "master",
    statements: [{ actions: masterActions, resource: "*" }],
    existingRoleName: iam.masterRoleName,
  });
  const workerRole = new MachineRole("worker-role", {
    ...roleArgs,
    machine: "worker",
    statements: [{ actions: workerActions, resource: "*" }],
    existingRoleName: iam.workerRoleName,
  });

  const { zones, publicZoneId, machinesExist } = await surveying;
  const appsZones = privateZone && !clusterWritesRecords(configuration) ? { privateZone, publicZoneId } : undefined;
  const { internal, external } = loadBalancers;
  const names = privateZone && new ApiRecords("api-records", { clusterDomain, partition, internal, external, privateZone, publicZoneId });

  const sweep = new Sweep(
    "sweep",
    {
      target: pulumi.all([identity.infraId, network.vpcId, privateZone?.zoneId]).apply(([infraId, vpcId, privateZoneId]): SweepTarget => ({
        infraId,
        region,
        vpcId,
        clusterDomain,
        zones: [
          ...(privateZoneId === undefined ? [] : [{ id: privateZoneId, roleArn: privateZoneRoleArn }]),
          ...(publicZoneId === undefined ? [] : [{ id: publicZoneId }]),
        ],
      })),
    },
    { dependsOn: [...network.egress, ...securityGroups.rules, ...(privateZone ? [privateZone] : [])] },
  );
  const executor = new LocalExecutor();
  const phase = phaseOf(machinesExist, retired);
  const installation = new Installation("installation", { executor, configuration, identity, phase });
  const assets = new PrivateBucket("assets", { naming, partition, region, suffix: "assets", kmsKeyArn: volumeKmsKeyArn });

  const { imageId } = new MachineImage("machine-image", { naming, configuration, stream: installation.stream });
  const bootAfter = [...network.egress, ...securityGroups.rules, sweep.done];
  const installerHost = await provideInstallerHost(configuration, {
    naming,
    partition,
    assets,
    imageId,
    network,
    sshPublicKey: sshKey.publicKey,
    privateZone,
  });
  const mirrored = installerHost?.mirror?.serve(installerHost.host);
  const approver = installerHost ? approverManifests() : {};
  const { files, bundle } = installation.install({
    zones,
    sshPublicKey: sshKey.publicKey,
    privateZoneId: appsZones ? undefined : privateZone?.zoneId,
    manifests: mirrored ? mirrored.manifests.apply((manifests) => ({ ...approver, ...manifests })) : approver,
    registry: mirrored?.access,
  });
  // For the day on which the state is lost: who has the bucket has the cluster.
  assets.put("installation.json", pulumi.jsonStringify(bundle), { frozen: phase !== "before-first-boot" });
  const bootstrap =
    securityGroups.bootstrap &&
    new Bootstrap("bootstrap", {
      naming,
      configuration,
      partition,
      imageId,
      subnet: (publish === "External" ? network.publicSubnets : network.privateSubnets)[0],
      securityGroupIds: [securityGroups.bootstrap.id, securityGroups.masters.id],
      publicAddress: publish === "External",
      ignition: files.bootstrapIgnition,
      bootAfter,
    });
  const poolArgs = { naming, kmsKeyArn: volumeKmsKeyArn, imageId, subnets: network.privateSubnets, bootAfter };
  const masters = new MachinePool("masters", {
    ...poolArgs,
    role: "master",
    pool: configuration.masters,
    securityGroupId: securityGroups.masters.id,
    profileName: masterRole.profileName,
    userData: files.masterIgnition,
    protect: configuration.protectMasters,
  });
  const workerArgs = {
    ...poolArgs,
    securityGroupId: securityGroups.workers.id,
    profileName: workerRole.profileName,
    userData: files.workerIgnition,
    protect: false,
  };
  const workers = new MachinePool("workers", { ...workerArgs, role: "worker", pool: configuration.workers });
  const infra = new MachinePool("infra", { ...workerArgs, role: "infra", pool: configuration.infra });

  const registered = [
    ...(bootstrap ? loadBalancers.register("bootstrap", bootstrap.instance.privateIp, { parent: bootstrap }) : []),
    ...masters.machines.flatMap(({ key, instance }) => loadBalancers.register(key, instance.privateIp, { parent: masters })),
  ];

  return {
    infraId: identity.infraId,
    network,
    loadBalancers,
    installerHost,
    ...(bootstrap && { bootstrap }),
    masters,
    workers,
    infra,
    markers,
    executor,
    files,
    mirrored,
    appsZones,
    reachable: [...loadBalancers.listeners, ...registered, ...(names ? [names] : [])],
    sshPrivateKey: sshKey.privateKey,
  };
}

function phaseOf(machinesExist: boolean, bootstrapRetired: boolean): InstallationPhase {
  if (bootstrapRetired) return "installed";
  return machinesExist ? "booting" : "before-first-boot";
}

function provideSshKey({ sshPublicKey }: Configuration, identity: ClusterIdentity): SshKey {
  return sshPublicKey === undefined
    ? new GeneratedSshKey("ssh-key", { dependsOn: identity })
    : { publicKey: pulumi.output(sshPublicKey), privateKey: undefined };
}

async function provideNetwork(configuration: Configuration, naming: Naming, surveying: Promise<Survey>): Promise<Network> {
  const { network, region, zones, protectMasters: protect } = configuration;
  if (network.kind === "new") return new NewNetwork("network", { naming, region, zones, network, protect });
  const { network: found } = await surveying;
  if (found === undefined) throw new Error(`the survey found no network for ${network.vpcId}`);
  return ExistingNetwork.adopt("network", { naming, found });
}

function providePrivateZone(configuration: Configuration, naming: Naming, network: Network): PrivateZone | undefined {
  const { dns, clusterDomain, region } = configuration;
  if (dns.management === "user") return undefined;
  return new PrivateZone("private-zone", { naming, clusterDomain, region, vpcId: network.vpcId, existing: dns.privateZone });
}

/** The installer host with all that runs on it. */
export interface ServingHost {
  readonly host: InstallerHost;
  readonly approver: CertificateApprover;
  /** Present when something is mirrored. */
  readonly mirror: Mirror | undefined;
}

async function provideInstallerHost(
  configuration: Configuration,
  args: Pick<InstallerHostArgs, "naming" | "partition" | "imageId" | "sshPublicKey" | "privateZone"> & {
    readonly network: Network;
    readonly assets: PrivateBucket;
  },
): Promise<ServingHost | undefined> {
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
  const serving = new InstallerHost("installer-host", {
    ...given,
    configuration,
    host,
    vpcId,
    ...placeOfHost(configuration, network),
    protect,
    bootAfter: [...network.egress, approver.stored],
    // The mirror's secret first: the host fetches in this order, and the approver's comes with the cluster.
    services: mirror ? pulumi.all([mirror.services, approver.services]).apply(joinServices) : approver.services,
    serviceStatements: [...(mirror?.statements ?? []), ...approver.statements],
  });
  return { host: serving, approver, mirror };
}

/** With a public address where the cluster is public, and where it is the host alone that has a way to the internet. */
function placeOfHost({ publish, mirror }: Configuration, network: Network): Pick<InstallerHostArgs, "subnet" | "access"> {
  const outside = publish === "External" || (mirror?.mode === "restricted" && network.publicSubnets.length > 0);
  return outside ? { subnet: network.publicSubnets[0], access: "public" } : { subnet: network.privateSubnets[0], access: "private" };
}
