import * as pulumi from "@pulumi/pulumi";
import type { AppsRecordsArgs } from "../components/apps-records";
import type { ClusterIdentity } from "../components/cluster-identity";
import { ApiRecords, PrivateZone } from "../components/dns";
import { EtcdBackup } from "../components/etcd-backup";
import { GeneratedSshKey } from "../components/generated-ssh-key";
import { MachineRole } from "../components/iam/machine-role";
import { LoadBalancers } from "../components/load-balancers";
import { findMilestones, type Milestone } from "../components/milestones";
import { Naming } from "../components/naming";
import { ExistingNetwork } from "../components/network/existing-network";
import type { Network } from "../components/network/network";
import { NewNetwork } from "../components/network/new-network";
import { SharedFileSystem, type SharedFileSystemArgs } from "../components/storage/shared-file-system";
import { SecurityGroups } from "../components/security-groups/security-groups";
import { Cleanup } from "../components/cleanup";
import type { Configuration } from "../config/configuration";
import { type Partition, partitionOf } from "../config/partition";
import { masterActions } from "../config/releases/facts";
import { minorOf } from "../config/releases/version";
import { clusterWritesRecords } from "../config/dns/settings";
import { workerActions } from "../lib/openshift/iam-actions";
import type { CleanupTarget } from "../steps/cleanup/resource-kind";
import type { StartedPreflight } from "./identity";
import { refuseExistingCreationToken } from "./preflight/creation-token";
import type { Preflight } from "./preflight/preflight";

/** The AWS resources that exist before the installer's files and the instances. */
export interface Foundation {
  readonly identity: ClusterIdentity;
  readonly naming: Naming;
  readonly partition: Partition;
  readonly sshKey: SshKey;
  readonly network: Network;
  readonly loadBalancers: LoadBalancers;
  /** Undefined with user-managed DNS. */
  readonly privateZone: PrivateZone | undefined;
  /** Undefined if no backup is configured. */
  readonly etcdBackup: EtcdBackup | undefined;
  readonly masterRole: MachineRole;
  readonly workerRole: MachineRole;
  /** Milestones that earlier updates have reached. */
  readonly milestones: ReadonlySet<Milestone>;
  readonly securityGroups: SecurityGroups;
  /** Undefined without shared storage. */
  readonly sharedFileSystem: SharedFileSystem | undefined;
  readonly found: Preflight;
  /** Hosted zones for the `*.apps` records, where this program writes the records instead of the cluster. */
  readonly appsZones: Pick<AppsRecordsArgs, "privateZone" | "publicZoneId"> | undefined;
  /** Undefined with user-managed DNS. */
  readonly apiRecords: ApiRecords | undefined;
  readonly cleanup: Cleanup;
}

/** SSH key of the user core. `privateKey` is undefined if the user configured only the public key. */
interface SshKey {
  readonly publicKey: pulumi.Output<string>;
  readonly privateKey: pulumi.Output<string> | undefined;
}

/**
 * Declares the network, load balancers, private zone, roles and security groups, and reads the milestones. In a new network, resources
 * that need the preflight results are declared last, so a preview declares all others while it waits for AWS's responses. In an existing
 * network most resources need the preflight results, because the preflight looks up the network.
 */
export async function declareFoundation(configuration: Configuration, { identity, preflight }: StartedPreflight): Promise<Foundation> {
  const { clusterDomain, region, machineCidrs, adminCidrs, publish } = configuration;
  const partition = partitionOf(region);
  const naming = new Naming(identity, configuration);
  const sshKey = provideSshKey(configuration, identity);
  const network = await provideNetwork(configuration, naming, preflight);
  // The load balancers are declared before the many security group rules, because a load balancer takes longest, and the Pulumi engine
  // creates only a few resources at a time.
  const loadBalancers = new LoadBalancers("load-balancers", { naming, network, machineCidrs, publish });
  const privateZone = providePrivateZone(configuration, naming, network);
  const { etcdBackup: backup } = configuration.platform;
  const etcdBackup = backup && new EtcdBackup("etcd-backup", { naming, partition, region, backup });
  const { masterRole, workerRole } = provideRoles(configuration, { naming, partition, etcdBackup });

  const milestones = await findMilestones(identity).catch(async (error: unknown) => {
    await preflight; // preflight problems are reported first
    throw error;
  });
  const withBootstrap = !milestones.has("bootstrap-destroyed");
  const { vpcId } = network;
  const securityGroups = new SecurityGroups("security-groups", { naming, withBootstrap, vpcId, machineCidrs, adminCidrs });
  const sharedFileSystem = provideSharedFileSystem(configuration, { naming, partition, network, securityGroups });
  const found = await preflight;
  await refuseExistingCreationToken(configuration, naming, sharedFileSystem);
  const { publicZoneId } = found;
  const appsZones = privateZone && !clusterWritesRecords(configuration) ? { privateZone, publicZoneId } : undefined;
  const { internal, external } = loadBalancers;
  const apiRecords =
    privateZone && new ApiRecords("api-records", { clusterDomain, partition, internal, external, privateZone, publicZoneId });
  const cleanup = declareCleanup(configuration, { identity, network, privateZone, publicZoneId, securityGroups, sharedFileSystem });
  return {
    identity,
    naming,
    partition,
    sshKey,
    network,
    loadBalancers,
    privateZone,
    etcdBackup,
    masterRole,
    workerRole,
    milestones,
    securityGroups,
    sharedFileSystem,
    found,
    appsZones,
    apiRecords,
    cleanup,
  };
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
  return ExistingNetwork.use("network", { naming, region, found, natAddresses });
}

function providePrivateZone(configuration: Configuration, naming: Naming, network: Network): PrivateZone | undefined {
  const { dns, clusterDomain, region } = configuration;
  if (dns.management === "user") return undefined;
  return new PrivateZone("private-zone", { naming, clusterDomain, region, vpcId: network.vpcId, existing: dns.privateZone });
}

/** Roles of the control plane, and of the workers and infra nodes. */
function provideRoles(
  { iam, release }: Configuration,
  { naming, partition, etcdBackup }: Pick<Foundation, "naming" | "partition" | "etcdBackup">,
): Pick<Foundation, "masterRole" | "workerRole"> {
  const args = { naming, partition, permissionsBoundaryArn: iam.permissionsBoundaryArn };
  const masterRole = new MachineRole("master-role", {
    ...args,
    machine: "master",
    statements: [{ actions: masterActions(minorOf(release)), resource: "*" }, ...(etcdBackup?.statements ?? [])],
    existingRoleName: iam.masterRoleName,
  });
  const workerRole = new MachineRole("worker-role", {
    ...args,
    machine: "worker",
    statements: [{ actions: workerActions, resource: "*" }],
    existingRoleName: iam.workerRoleName,
  });
  return { masterRole, workerRole };
}

/** Declares the cluster's EFS file system with its mount targets; undefined without shared storage. */
function provideSharedFileSystem(
  { platform: { sharedStorage }, region }: Configuration,
  parts: Pick<SharedFileSystemArgs, "naming" | "partition" | "network" | "securityGroups">,
): SharedFileSystem | undefined {
  return sharedStorage && new SharedFileSystem("shared-file-system", { ...parts, region, fileSystem: sharedStorage.fileSystem });
}

/** Declares the deletion of resources that the cluster creates in AWS. It runs before the network and the zones are deleted. */
function declareCleanup(
  { region, clusterDomain, dns, platform }: Configuration,
  {
    identity,
    network,
    privateZone,
    publicZoneId,
    securityGroups,
    sharedFileSystem,
  }: Pick<Foundation, "identity" | "network" | "privateZone" | "securityGroups" | "sharedFileSystem"> & Pick<Preflight, "publicZoneId">,
): Cleanup {
  const roleArn = dns.management === "managed" ? dns.privateZone?.roleArn : undefined;
  const target = pulumi
    .all([identity.infraId, network.vpcId, privateZone?.zoneId])
    .apply(([infraId, vpcId, privateZoneId]): CleanupTarget => ({
      infraId,
      region,
      vpcId,
      clusterDomain,
      zones: [
        ...(privateZoneId === undefined ? [] : [{ id: privateZoneId, roleArn }]),
        ...(publicZoneId === undefined ? [] : [{ id: publicZoneId }]),
      ],
      ...(!platform.keepBackedUpVolumes && { deleteBackups: true }),
    }));
  // The cleanup deletes access points of the file system, so it runs before the file system is deleted. The cleanup depends on the file system and
  // not on its mount targets: it does not need them, and AWS takes minutes to create them.
  const fileSystem = sharedFileSystem?.created;
  const used = [...(privateZone ? [privateZone] : []), ...(fileSystem ? [fileSystem] : [])];
  return new Cleanup("cleanup", { target }, { dependsOn: [...network.egress, ...securityGroups.rules, ...used] });
}
