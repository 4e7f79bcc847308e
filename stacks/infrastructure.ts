import * as pulumi from "@pulumi/pulumi";
import type { AppsRecordsArgs } from "../components/apps-records";
import { Bootstrap } from "../components/bootstrap";
import type { ClusterIdentity } from "../components/cluster-identity";
import type { CloudCredentials, CloudCredentialsArgs } from "../components/credentials/cloud-credentials";
import { decideCredentialsMode } from "../components/credentials/credentials-mode";
import { ApiRecords, PrivateZone } from "../components/dns";
import { EtcdBackup } from "../components/etcd-backup";
import { GeneratedSshKey } from "../components/generated-ssh-key";
import { workerActions } from "../lib/openshift/iam-actions";
import { MachineRole } from "../components/iam/machine-role";
import type { InstallationPhase } from "../components/installer/asset-age";
import type { Executor } from "../components/installer/executor";
import type { MirroredRelease } from "../components/mirror";
import { Installation, type InstallationFiles } from "../components/installer/installation";
import { LoadBalancers } from "../components/load-balancers";
import { isImageCopied, MachineImage } from "../components/machines/machine-image";
import { MachinePool, type MachinePoolArgs } from "../components/machines/machine-pool";
import type { RollingResize, RollingResizeArgs } from "../components/machines/rolling-resize";
import type { DeclaredMachineConfig } from "../components/cluster/machine-configs";
import { findMilestones, type Milestone } from "../components/milestones";
import { Naming } from "../components/naming";
import { ExistingNetwork } from "../components/network/existing-network";
import type { Network } from "../components/network/network";
import { NewNetwork } from "../components/network/new-network";
import { PrivateBucket } from "../components/private-bucket";
import { SecurityGroups } from "../components/security-groups/security-groups";
import type { UserRecord } from "../components/user-records";
import type { Configuration, CredentialsMode } from "../config/configuration";
import { partitionOf } from "../config/partition";
import { masterActions } from "../config/releases/facts";
import { minorOf } from "../config/releases/version";
import { Cleanup } from "../components/sweep";
import type { SweepTarget } from "../steps/sweep/kind";
import { machineConfigManifests } from "../ignition/machine-config";
import { approverManifests } from "../ignition/certificate-approver";
import { withInternalServerName, withTrustedCa } from "../cluster-objects/settings/kubeconfig";
import { clusterWritesRecords } from "../config/dns/settings";
import type { StartedPreflight } from "./identity";
import { machineConfigsOf } from "./machine-configs";
import { provideExecutor, provideInstallerHost, type InstallerHostServices } from "./installer-host";
import type { Preflight } from "./preflight/preflight";
import { apiRecords, waitForApiRecords } from "./user-records";

/** Parts of the infrastructure that the other stacks and the outputs use. */
export interface Infrastructure {
  readonly identity: ClusterIdentity;
  readonly infraId: pulumi.Output<string>;
  readonly naming: Naming;
  readonly network: Network;
  /** Security group of the workers and infra nodes. */
  readonly workerSecurityGroupId: pulumi.Output<string>;
  /** Undefined with user-managed DNS. */
  readonly privateZone: PrivateZone | undefined;
  /** Records that the user must create; empty unless DNS is user-managed. */
  readonly userRecords: readonly UserRecord[];
  readonly loadBalancers: LoadBalancers;
  /** Undefined if no installer host is configured. */
  readonly installerHost: InstallerHostServices | undefined;
  /** Undefined after the bootstrap destroy. */
  readonly bootstrap?: Bootstrap;
  readonly masters: MachinePool;
  /** Arguments shared by the pools of workers and infra nodes, which are created later: see `installCluster`. */
  readonly workerArgs: Omit<MachinePoolArgs, "role" | "pool">;
  /** Hosted zones for the `*.apps` records, where this program writes the records instead of the cluster. */
  readonly appsZones: Pick<AppsRecordsArgs, "privateZone" | "publicZoneId"> | undefined;
  /** Order in which an update resizes the control plane instances of an installed cluster. */
  readonly rollingResize: RollingResize | undefined;
  /** Milestones that earlier updates have reached. */
  readonly milestones: ReadonlySet<Milestone>;
  readonly executor: Executor;
  readonly files: InstallationFiles;
  /** The administrator's kubeconfig. It also trusts the CA of the API server's configured certificate. */
  readonly adminKubeconfig: pulumi.Output<string>;
  /** Kubeconfig for this program. It works whatever certificate the API server has. */
  readonly ownKubeconfig: pulumi.Output<string>;
  /** Undefined if the release is not mirrored. */
  readonly mirrored: MirroredRelease | undefined;
  /** IAM roles of the cluster's components; only in manual mode. */
  readonly cloudCredentials: CloudCredentials | undefined;
  /** MachineConfigs that this program adds to the installer's. */
  readonly machineConfigs: readonly DeclaredMachineConfig[];
  /** Resources that the cluster needs before it can come up, apart from instances: DNS records, listeners, registered targets. */
  readonly reachable: readonly pulumi.Resource[];
  /** Private key of the user core, if the stack knows it: generated by the stack, or configured. */
  readonly sshPrivateKey: pulumi.Output<string> | undefined;
}

/** SSH key of the user core. `privateKey` is undefined if the user configured only the public key. */
interface SshKey {
  readonly publicKey: pulumi.Output<string>;
  readonly privateKey: pulumi.Output<string> | undefined;
}

/** Creates everything in AWS that the cluster needs, including the control plane instances. */
export async function provisionInfrastructure(
  configuration: Configuration,
  { identity, preflight }: StartedPreflight,
): Promise<Infrastructure> {
  const { clusterDomain, region, publish, dns, iam, volumeKmsKeyArn } = configuration;
  const privateZoneRoleArn = dns.management === "managed" ? dns.privateZone?.roleArn : undefined;
  const partition = partitionOf(region);
  const naming = new Naming(identity, configuration);
  const sshKey = provideSshKey(configuration, identity);

  // Whatever needs the preflight results comes last: a preview declares everything else while AWS still answers.
  const network = await provideNetwork(configuration, naming, preflight);
  // Declared before the many security group rules: the Pulumi engine works on a few resources at a time, and load balancers take longest.
  const loadBalancers = new LoadBalancers("load-balancers", { naming, network, machineCidrs: configuration.machineCidrs, publish });
  const privateZone = providePrivateZone(configuration, naming, network);

  const { etcdBackup: backup } = configuration.platform;
  const etcdBackup = backup && new EtcdBackup("etcd-backup", { naming, partition, region, backup });
  const roleArgs = { naming, partition, permissionsBoundaryArn: iam.permissionsBoundaryArn };
  const masterRole = new MachineRole("master-role", {
    ...roleArgs,
    machine: "master",
    statements: [{ actions: masterActions(minorOf(configuration.release)), resource: "*" }, ...(etcdBackup?.statements ?? [])],
    existingRoleName: iam.masterRoleName,
  });
  const workerRole = new MachineRole("worker-role", {
    ...roleArgs,
    machine: "worker",
    statements: [{ actions: workerActions, resource: "*" }],
    existingRoleName: iam.workerRoleName,
  });

  const milestones = await findMilestones(identity).catch(async (error: unknown) => {
    await preflight; // preflight problems are reported first
    throw error;
  });
  const bootstrapDestroyed = milestones.has("bootstrap-retired");
  const securityGroups = new SecurityGroups("security-groups", {
    naming,
    withBootstrap: !bootstrapDestroyed,
    vpcId: network.vpcId,
    machineCidrs: configuration.machineCidrs,
    adminCidrs: configuration.adminCidrs,
  });
  const { zones, publicZoneId, instancesExist, temporaryCredentials } = await preflight;
  const appsZones = privateZone && !clusterWritesRecords(configuration) ? { privateZone, publicZoneId } : undefined;
  const { internal, external } = loadBalancers;
  const names = privateZone && new ApiRecords("api-records", { clusterDomain, partition, internal, external, privateZone, publicZoneId });

  const cleanup = new Cleanup(
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
  const assets = new PrivateBucket("assets", { naming, partition, region, suffix: "assets", kmsKeyArn: volumeKmsKeyArn });
  const hostArgs = { naming, partition, assets, network, sshPublicKey: sshKey.publicKey, privateZone };
  // A host with its own AMI is created before the installation, which may run on it. Otherwise the host boots from the release's AMI.
  const hostImage = configuration.installerHost?.imageId;
  const earlyHost = hostImage === undefined ? undefined : await provideInstallerHost(configuration, { ...hostArgs, imageId: hostImage });
  const executor = provideExecutor(configuration, earlyHost, sshKey.privateKey);
  const phase = phaseOf(instancesExist, bootstrapDestroyed);
  const earlyMirror = earlyHost?.mirror?.serve(earlyHost.host);
  // A disconnected host that runs the installation finds the release only in its own registry.
  const mirroredImage =
    configuration.executor.kind === "ssh" && configuration.mirror?.mode === "air-gapped" ? earlyMirror?.image() : undefined;
  const installed = milestones.has("installed");
  const credentials = await provideCredentials(
    { naming, configuration, executor, phase, installed, ...(mirroredImage && { mirrored: mirroredImage }) },
    temporaryCredentials,
  );
  const installation = new Installation("installation", { executor, configuration, identity, phase });

  const { stream } = installation;
  const copied = await isImageCopied(configuration, stream, phase);
  const { imageId } = new MachineImage("machine-image", { naming, configuration, stream, copied });
  const installerHost = earlyHost ?? (await provideInstallerHost(configuration, { ...hostArgs, imageId }));
  const mirrored = earlyMirror ?? installerHost?.mirror?.serve(installerHost.host);
  const userRecords = privateZone ? [] : apiRecords(configuration, loadBalancers, installerHost);
  const resolvable = privateZone ? [] : [waitForApiRecords(configuration, { executor, records: userRecords, passed: bootstrapDestroyed })];
  const bootAfter = [...network.egress, ...securityGroups.rules, ...loadBalancers.rules, cleanup.done, ...resolvable];
  const machineConfigs = machineConfigsOf(configuration, etcdBackup);
  const { files, record } = installation.install({
    zones,
    sshPublicKey: sshKey.publicKey,
    privateZoneId: appsZones ? undefined : privateZone?.zoneId,
    credentialsMode: credentials.mode,
    signingKey: credentials.cloud?.signingKey,
    manifests: pulumi.all([credentials.cloud?.manifests, mirrored?.manifests, machineConfigs]).apply(([roles, mirrors, configs]) => ({
      ...roles,
      ...mirrors,
      ...machineConfigManifests(configs),
      ...(installerHost && approverManifests()),
    })),
    registry: mirrored?.access,
    ...(copied && { imageId }),
  });
  // Needed to recover after the state is lost. It holds no credentials: everyone in the account who may read S3 objects can read it.
  assets.put("cluster.json", pulumi.jsonStringify(record), { frozen: phase !== "before-first-boot" });
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
  const adminKubeconfig = files.kubeconfig.apply((text) => withTrustedCa(text, configuration.platform.settings.apiServer.authority));
  const ownKubeconfig = adminKubeconfig.apply((text) => withInternalServerName(text, clusterDomain));
  const rollingResize = await findRollingResize(milestones, { identity, region, role: "master", kubeconfig: ownKubeconfig });
  const masters = new MachinePool("masters", {
    ...poolArgs,
    role: "master",
    pool: configuration.masters,
    securityGroupId: securityGroups.masters.id,
    profileName: masterRole.profileName,
    userData: files.masterIgnition,
    protect: configuration.protectMasters,
    rollingResize,
  });
  const workerArgs = {
    ...poolArgs,
    securityGroupId: securityGroups.workers.id,
    profileName: workerRole.profileName,
    userData: files.workerIgnition,
    protect: false,
  };

  const registered = [
    ...(bootstrap ? loadBalancers.register("bootstrap", bootstrap.instance.privateIp, { parent: bootstrap }) : []),
    ...masters.machines.flatMap(({ key, instance }) => loadBalancers.register(key, instance.privateIp, { parent: masters })),
  ];

  return {
    identity,
    infraId: identity.infraId,
    naming,
    network,
    workerSecurityGroupId: securityGroups.workers.id,
    privateZone,
    userRecords,
    loadBalancers,
    installerHost,
    ...(bootstrap && { bootstrap }),
    masters,
    rollingResize,
    workerArgs,
    milestones,
    executor,
    files,
    adminKubeconfig,
    ownKubeconfig,
    mirrored,
    machineConfigs,
    cloudCredentials: credentials.cloud,
    appsZones,
    reachable: [...loadBalancers.listeners, ...registered, ...(names ? [names] : [])],
    sshPrivateKey: sshKey.privateKey,
  };
}

/** Undefined before the installation, when no API server must be kept available, and in a preview, which stops no instances. */
async function findRollingResize(milestones: ReadonlySet<Milestone>, args: RollingResizeArgs): Promise<RollingResize | undefined> {
  if (!milestones.has("installed") || pulumi.runtime.isDryRun()) return undefined;
  const { RollingResize } = await import("../components/machines/rolling-resize");
  return RollingResize.find(args);
}

function phaseOf(instancesExist: boolean, bootstrapDestroyed: boolean): InstallationPhase {
  if (bootstrapDestroyed) return "installed";
  return instancesExist ? "booting" : "before-first-boot";
}

function provideSshKey({ sshPublicKey, sshPrivateKey, fips }: Configuration, identity: ClusterIdentity): SshKey {
  return sshPublicKey === undefined
    ? new GeneratedSshKey("ssh-key", { fips }, { dependsOn: identity })
    : { publicKey: pulumi.output(sshPublicKey), privateKey: sshPrivateKey && pulumi.secret(sshPrivateKey.reveal()) };
}

async function provideNetwork(configuration: Configuration, naming: Naming, preflight: Promise<Preflight>): Promise<Network> {
  const { network, region, zones, protectMasters: protect } = configuration;
  if (network.kind === "new") return new NewNetwork("network", { naming, region, zones, network, protect });
  const { network: found, natAddresses } = await preflight;
  if (found === undefined) throw new Error(`the preflight found no network for ${network.vpcId}`);
  return ExistingNetwork.adopt("network", { naming, region, found, natAddresses });
}

function providePrivateZone(configuration: Configuration, naming: Naming, network: Network): PrivateZone | undefined {
  const { dns, clusterDomain, region } = configuration;
  if (dns.management === "user") return undefined;
  return new PrivateZone("private-zone", { naming, clusterDomain, region, vpcId: network.vpcId, existing: dns.privateZone });
}

/** Decides how the cluster's components get their AWS credentials; in manual mode also creates the roles that they assume. */
async function provideCredentials(
  args: CloudCredentialsArgs,
  temporary: boolean,
): Promise<{ readonly mode: CredentialsMode; readonly cloud?: CloudCredentials }> {
  const { configuration, phase } = args;
  const mode = await decideCredentialsMode("credentials-mode", { configured: configuration.credentialsMode, temporary, phase });
  if (mode !== "manual") return { mode };
  const { CloudCredentials } = await import("../components/credentials/cloud-credentials");
  return { mode, cloud: new CloudCredentials("cloud-credentials", args) };
}
