import * as pulumi from "@pulumi/pulumi";
import type { CloudCredentials, CloudCredentialsArgs } from "../components/credentials/cloud-credentials";
import { decideCredentialsMode } from "../components/credentials/credentials-mode";
import type { DeclaredMachineConfig } from "../components/cluster/machine-configs";
import type { InstallationPhase } from "../components/installer/asset-age";
import type { Executor } from "../components/installer/executor";
import { Installation, type InstallationFiles } from "../components/installer/installation";
import { isImageCopied, MachineImage } from "../components/machines/machine-image";
import type { MirroredRelease } from "../components/mirror";
import { PrivateBucket } from "../components/private-bucket";
import type { UserRecord } from "../components/user-records";
import type { Configuration, CredentialsMode } from "../config/configuration";
import { approverManifests } from "../ignition/certificate-approver";
import { machineConfigManifests } from "../ignition/machine-config";
import type { Manifests } from "../ignition/manifests";
import type { Foundation } from "./foundation";
import { type InstallerHostServices, provideExecutor, provideInstallerHost } from "./installer-host";
import { machineConfigsOf } from "./machine-configs";
import { apiRecords, waitForApiRecords } from "./user-records";

/** Inputs and results of the installer's steps. */
export interface InstallerSteps {
  readonly executor: Executor;
  /** Undefined if no installer host is configured. */
  readonly installerHost: InstallerHostServices | undefined;
  /** Undefined if the release is not mirrored. */
  readonly mirrored: MirroredRelease | undefined;
  /** IAM roles of the cluster's components; only in manual mode. */
  readonly cloudCredentials: CloudCredentials | undefined;
  /** MachineConfigs that this program adds to the installer's. */
  readonly machineConfigs: readonly DeclaredMachineConfig[];
  /** The instances' AMI. */
  readonly imageId: pulumi.Output<string>;
  readonly files: InstallationFiles;
  /** Records that the user must create; empty unless DNS is user-managed. */
  readonly userRecords: readonly UserRecord[];
  /** These resources are created when the records that instances need to boot can be resolved; empty unless DNS is user-managed. */
  readonly resolvable: readonly pulumi.Resource[];
}

/**
 * Runs the installer's steps: images, manifests, ignition configs. Creates the installer host before them if it has its own AMI, otherwise as
 * soon as the release's AMI is known.
 */
export async function runInstaller(configuration: Configuration, foundation: Foundation): Promise<InstallerSteps> {
  const { identity, naming, partition, network, privateZone, sshKey, loadBalancers, milestones } = foundation;
  const { zones, instancesExist, temporaryCredentials } = foundation.found;
  const { region, volumeKmsKeyArn: kmsKeyArn } = configuration;
  const bootstrapDestroyed = milestones.has("bootstrap-destroyed");
  const assets = new PrivateBucket("assets", { naming, partition, region, suffix: "assets", kmsKeyArn });
  const hostArgs = { naming, partition, assets, network, sshPublicKey: sshKey.publicKey, privateZone };
  // A host with its own AMI is created before the installation, which may run on it. Otherwise the host boots from the release's AMI.
  const hostImage = configuration.installerHost?.imageId;
  const earlyHost = hostImage === undefined ? undefined : await provideInstallerHost(configuration, { ...hostArgs, imageId: hostImage });
  const executor = provideExecutor(configuration, earlyHost, sshKey.privateKey);
  const phase = phaseOf(instancesExist, bootstrapDestroyed);
  const earlyMirror = earlyHost?.mirror?.waitUntilMirrored(earlyHost.host);
  const mirroredImage = findsReleaseOnlyInMirror(configuration) ? earlyMirror?.image() : undefined;
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
  const mirrored = earlyMirror ?? installerHost?.mirror?.waitUntilMirrored(installerHost.host);
  const userRecords = privateZone ? [] : apiRecords(configuration, loadBalancers, installerHost);
  const resolvable = privateZone ? [] : [waitForApiRecords(configuration, { executor, records: userRecords, passed: bootstrapDestroyed })];
  const machineConfigs = machineConfigsOf(configuration, foundation.etcdBackup);
  const { files, record } = installation.install({
    zones,
    sshPublicKey: sshKey.publicKey,
    privateZoneId: foundation.appsZones ? undefined : privateZone?.zoneId,
    credentialsMode: credentials.mode,
    signingKey: credentials.cloud?.signingKey,
    manifests: ownManifests({ credentials, mirrored, machineConfigs, installerHost }),
    registry: mirrored?.access,
    ...(copied && { imageId }),
  });
  // cluster.json is needed to recover after the state is lost. It must not contain credentials, because everyone in the account who may read
  // S3 objects can read it.
  assets.put("cluster.json", pulumi.jsonStringify(record), { frozen: phase !== "before-first-boot" });
  return {
    executor,
    installerHost,
    mirrored,
    cloudCredentials: credentials.cloud,
    machineConfigs,
    imageId,
    files,
    userRecords,
    resolvable,
  };
}

function phaseOf(instancesExist: boolean, bootstrapDestroyed: boolean): InstallationPhase {
  if (bootstrapDestroyed) return "installed";
  return instancesExist ? "booting" : "before-first-boot";
}

/** Whether the installation runs on an installer host without internet access, which finds the release only in its own registry. */
function findsReleaseOnlyInMirror({ executor, mirror }: Configuration): boolean {
  return executor.kind === "ssh" && mirror?.mode === "air-gapped";
}

/** The credentials mode; in manual mode also the roles that the cluster's components assume. */
interface Credentials {
  readonly mode: CredentialsMode;
  readonly cloud?: CloudCredentials;
}

/** Decides how the cluster's components get their AWS credentials; in manual mode also creates the roles that they assume. */
async function provideCredentials(args: CloudCredentialsArgs, temporary: boolean): Promise<Credentials> {
  const { configuration, phase } = args;
  const mode = await decideCredentialsMode("credentials-mode", { configured: configuration.credentialsMode, temporary, phase });
  if (mode !== "manual") return { mode };
  const { CloudCredentials } = await import("../components/credentials/cloud-credentials");
  return { mode, cloud: new CloudCredentials("cloud-credentials", args) };
}

/** Manifests that this program adds to the installer's. */
function ownManifests({
  credentials,
  mirrored,
  machineConfigs,
  installerHost,
}: Pick<InstallerSteps, "mirrored" | "machineConfigs" | "installerHost"> & {
  readonly credentials: Credentials;
}): pulumi.Output<Manifests> {
  return pulumi.all([credentials.cloud?.manifests, mirrored?.manifests, machineConfigs]).apply(([roles, mirrors, configs]) => ({
    ...roles,
    ...mirrors,
    ...machineConfigManifests(configs),
    ...(installerHost && approverManifests()),
  }));
}
