import { accessControl } from "./access-control/settings";
import { OKD_PULL_SECRET } from "./access/fields";
import { authentication } from "./authentication/settings";
import { clusterSettings } from "./cluster-settings/settings";
import type {
  Configuration,
  ExistingNetworkConfiguration,
  InstallerHostConfiguration,
  InstallerHostAccess,
  MachinePoolConfiguration,
  ManagedDns,
  MirrorConfiguration,
  NewNetworkConfiguration,
  PlatformConfiguration,
  UserManagedDns,
} from "./configuration";
import { alerting } from "./alerting/settings";
import { sharedStorage } from "./efs/settings";
import { elastic } from "./elastic/settings";
import { needsEfsDriver } from "./storage/settings";
import { etcdBackup } from "./etcd-backup/settings";
import { exampleApplication } from "./example-application/settings";
import { parseSshHost } from "./executor/fields";
import { routers } from "./ingress/settings";
import { INSTALLER_HOST_TYPE } from "./installer-host/fields";
import { parseInstanceType } from "./instance-type";
import { infraNodes } from "./machines/settings";
import { logging } from "./logging/settings";
import { monitoring } from "./monitoring/settings";
import { extensions, operators } from "./operators/settings";
import { isDisconnected, parseArchive } from "./mirror/fields";
import { cidrBlocksIn } from "./network/fields";
import { endpointsOf } from "./network/settings";
import { rewriteCertificates } from "./pem";
import { formatPrivateKey } from "./private-key";
import type { BaselineSet } from "./releases/capability-sets";
import type { Settings } from "./schema";
import { Secret } from "./secret";
import { sshKeyLine } from "./ssh-key";
import { grafana } from "./grafana/settings";
import { velero } from "./velero/settings";
import { withoutEmpty } from "./without-empty";

/**
 * Builds the configuration from checked settings: empty texts become absent fields, and values that follow from other keys are filled in.
 */
export function buildConfiguration(settings: Settings, region: string): Configuration {
  const masters = pool(settings, "master");
  const architecture = parseInstanceType(masters.instanceType)?.architecture ?? "amd64";
  return {
    clusterName: settings.clusterName,
    baseDomain: settings.baseDomain,
    clusterDomain: `${settings.clusterName}.${settings.baseDomain}`,
    distribution: settings.distribution,
    release: settings.release,
    ...withoutEmpty({ releaseImage: settings.releaseImage }),
    region,
    zones: settings.zones,
    network: network(settings),
    machineCidrs: settings.vpcId === "" ? [settings.vpcCidr] : cidrBlocksIn(settings.machineCidr),
    clusterNetworkCidr: settings.clusterNetworkCidr,
    clusterNetworkHostPrefix: settings.clusterNetworkHostPrefix,
    serviceNetworkCidr: settings.serviceNetworkCidr,
    publish: settings.publish,
    dns: dns(settings),
    architecture,
    masters,
    protectMasters: settings.protectMasters,
    workers: pool(settings, "worker"),
    infra: pool(settings, "infra"),
    bootstrap: { instanceType: settings.bootstrapInstanceType || masters.instanceType },
    bootstrapTimeout: settings.bootstrapTimeout,
    installTimeout: settings.installTimeout,
    ...(settings.credentialsMode === "" ? {} : { credentialsMode: settings.credentialsMode }),
    fips: settings.fips,
    ...(settings.baselineCapabilitySet === "" ? {} : { capabilities: capabilities(settings.baselineCapabilitySet, settings) }),
    ...(settings.installerHost ? { installerHost: installerHost(settings, architecture) } : {}),
    ...(settings.mirror === "none" ? {} : { mirror: mirror(settings.mirror, settings.mirrorArchive) }),
    updateService: settings.updateService,
    ...withoutEmpty({ volumeKmsKeyArn: settings.volumeKmsKeyArn }),
    iam: withoutEmpty({
      permissionsBoundaryArn: settings.permissionsBoundaryArn,
      masterRoleName: settings.masterRoleName,
      workerRoleName: settings.workerRoleName,
      bootstrapRoleName: settings.bootstrapRoleName,
    }),
    ...withoutEmpty({ sshPublicKey: sshKeyLine(settings.sshPublicKey) }),
    ...(settings.sshPrivateKey !== "" && { sshPrivateKey: new Secret(formatPrivateKey(settings.sshPrivateKey)) }),
    pullSecret: new Secret(settings.pullSecret || OKD_PULL_SECRET),
    ...(settings.httpProxy || settings.httpsProxy
      ? { proxy: withoutEmpty({ httpProxy: settings.httpProxy, httpsProxy: settings.httpsProxy, noProxy: settings.noProxy }) }
      : {}),
    ...withoutEmpty({ additionalTrustBundle: rewriteCertificates(settings.additionalTrustBundle) }),
    tags: settings.tags,
    executor: settings.executor === "local" ? { kind: "local" } : { kind: "ssh", access: installerHostAccess(settings) },
    adminCidrs: settings.adminCidrs,
    approved: {
      ...(settings.approvedRegions.length > 0 && { regions: settings.approvedRegions }),
      ...(settings.approvedInstanceTypes.length > 0 && { instanceTypes: settings.approvedInstanceTypes }),
    },
    platform: platform(settings, region),
  };
}

function capabilities(baselineCapabilitySet: BaselineSet, { additionalEnabledCapabilities }: Settings): Configuration["capabilities"] {
  return { baselineCapabilitySet, additionalEnabledCapabilities };
}

function network(settings: Settings): NewNetworkConfiguration | ExistingNetworkConfiguration {
  if (settings.vpcId === "") {
    const needed = endpointsOf({
      mode: settings.mirror,
      hasKmsKey: settings.volumeKmsKeyArn !== "",
      efsDriver: needsEfsDriver(settings.storageClasses),
      sessionManager: settings.executor === "ssh" && settings.installerHostAccess === "forwarded",
    });
    return {
      kind: "new",
      vpcCidr: settings.vpcCidr,
      natGateways: isDisconnected(settings.mirror) ? "none" : settings.natGateways,
      publicSubnets: settings.mirror !== "air-gapped",
      interfaceEndpoints: [...new Set([...settings.vpcEndpoints, ...needed])],
    };
  }
  return {
    kind: "existing",
    vpcId: settings.vpcId,
    privateSubnetIds: settings.privateSubnetIds,
    publicSubnetIds: settings.publicSubnetIds,
  };
}

function mirror(mode: MirrorConfiguration["mode"], archive: string): MirrorConfiguration {
  return mode === "air-gapped" ? { mode, archive: parseArchive(archive) } : { mode };
}

function dns(settings: Settings): ManagedDns | UserManagedDns {
  if (settings.dnsManagement === "user") return { management: "user" };
  if (settings.privateZoneId === "") return { management: "managed" };
  return { management: "managed", privateZone: { id: settings.privateZoneId, ...withoutEmpty({ roleArn: settings.privateZoneRoleArn }) } };
}

function installerHostAccess(settings: Settings): InstallerHostAccess {
  const { installerHostAccess: kind, bastionHost, bastionUser: user, bastionHostKey, bastionPrivateKey, forwardedPort: port } = settings;
  if (kind === "public") return { kind };
  if (kind === "forwarded") return { kind, port };
  const bastion = {
    ...parseSshHost(bastionHost),
    user,
    hostKey: sshKeyLine(bastionHostKey),
    privateKey: new Secret(formatPrivateKey(bastionPrivateKey)),
  };
  return { kind, bastion };
}

function installerHost(settings: Settings, architecture: Configuration["architecture"]): InstallerHostConfiguration {
  return {
    instanceType: settings.installerHostInstanceType || INSTALLER_HOST_TYPE[architecture],
    ...withoutEmpty({ imageId: settings.installerHostImageId }),
    registry: {
      storage: settings.registryStorage,
      volumeSizeGib: settings.registryVolumeSize,
      image: settings.registryImage,
      rotation: settings.registryRotation,
    },
  };
}

function pool(settings: Settings, name: "master" | "worker" | "infra"): MachinePoolConfiguration {
  const type = settings[`${name}VolumeType`];
  return {
    count: settings[`${name}Count`],
    instanceType: settings[`${name}InstanceType`],
    volume: {
      sizeGib: settings[`${name}VolumeSize`],
      type,
      iops: settings[`${name}VolumeIops`],
      ...(type === "gp3" ? { throughput: settings[`${name}VolumeThroughput`] } : {}),
    },
    securityGroupIds: settings[`${name}SecurityGroupIds`],
  };
}

/** @param region region of the cluster */
export function platform(settings: Settings, region: string): PlatformConfiguration {
  const backup = etcdBackup(settings);
  const shared = sharedStorage(settings);
  const monitored = monitoring(settings);
  const alerts = alerting(settings);
  const objectBackups = velero(settings, region);
  const example = exampleApplication(settings);
  const indexedLogs = elastic(settings);
  const dashboards = grafana(settings);
  const logs = logging(settings);
  return {
    accessControl: accessControl(settings),
    authentication: authentication(settings),
    settings: clusterSettings(settings, region),
    infraNodes: infraNodes(settings),
    routers: routers(settings),
    ...(backup && { etcdBackup: backup }),
    ...(shared && { sharedStorage: shared }),
    ...(monitored && { monitoring: monitored }),
    ...(alerts && { alerting: alerts }),
    ...(logs && { logging: logs }),
    operators: operators(settings),
    extensions: extensions(settings),
    ...(objectBackups && { velero: objectBackups }),
    ...(indexedLogs && { elastic: indexedLogs }),
    ...(dashboards && { grafana: dashboards }),
    keepBackedUpVolumes: settings.veleroKeepBucket,
    ...(example && { exampleApplication: example }),
  };
}
