import type { Demand } from "../capacity/demand";
import { hasCapability } from "../enabled-capability";
import { type Placement, servicePlacement } from "../machines/settings";
import { minorOf } from "../releases/version";
import type { Settings } from "../schema";
import { Secret } from "../secret";
import { configuredOadp, type Oadp, OADP_NAMESPACE, reportsLocations } from "./oadp";

/** A schedule with its defaults. */
export interface BackupSchedule {
  readonly name: string;
  /** A cron expression, in UTC. */
  readonly cron: string;
  readonly retentionDays: number;
  /** Empty: all namespaces. */
  readonly includedNamespaces: readonly string[];
  readonly excludedNamespaces: readonly string[];
  /** Whether all objects outside of namespaces are included, not only those that belong to the namespaces. */
  readonly clusterResources: boolean;
  /** Whether EBS volumes are part of a backup, as CSI snapshots. */
  readonly volumes: boolean;
  /** Whether the node agent copies the files of volumes that get no snapshot. */
  readonly fileSystemBackup: boolean;
}

/** A bucket with the backups of another cluster, or the kept bucket of an earlier cluster. Velero only reads the backups in it. */
export interface ReadOnlyLocation {
  readonly name: string;
  readonly bucket: string;
  readonly region: string;
  /** Folder of the backups in the bucket; undefined for the whole bucket. */
  readonly prefix?: string;
  /** Customer managed KMS key that encrypts the bucket; if undefined, the key managed by S3. */
  readonly kmsKeyArn?: string;
}

/** Settings of the backups of the cluster's objects. */
export interface VeleroConfiguration {
  /** Velero's namespace. */
  readonly namespace: string;
  /** The operator that runs Velero on OpenShift; undefined on OKD, where this program installs Velero itself. */
  readonly oadp?: Oadp;
  /** At least one. */
  readonly schedules: readonly BackupSchedule[];
  /** Customer managed KMS key of the bucket; if undefined, the key managed by S3. */
  readonly kmsKeyArn?: string;
  /** Whether the bucket stays when the stack is destroyed or Velero is switched off. */
  readonly keepBucket: boolean;
  readonly readOnlyLocations: readonly ReadOnlyLocation[];
  /** Whether the cluster can make and restore CSI snapshots. */
  readonly snapshots: boolean;
  /** Whether Velero reports the state of its locations as a metric. */
  readonly locationMetric: boolean;
  /** Password of the repositories with the files of volumes. While it is set, the node agent runs. */
  readonly repositoryPassword?: Secret;
  readonly placement?: Placement;
}

/** Velero's namespace on OKD. */
export const VELERO_NAMESPACE = "velero";

/**
 * Velero's namespaces on OpenShift and on OKD. The order matters: on OpenShift a namespace `velero` may be a leftover, so OADP's namespace
 * is first.
 */
export const VELERO_NAMESPACES = [OADP_NAMESPACE, VELERO_NAMESPACE] as const;

/**
 * Namespaces whose objects the operators of the release own and restore themselves (OpenShift documentation, "Default projects"). Restoring
 * an older state of these objects would break a running cluster.
 */
const PLATFORM_NAMESPACES = ["openshift", "openshift-*", "kube-*"];

/** The capabilities for snapshots of volumes: `CSISnapshot` is the CSI snapshot controller, `Storage` the EBS driver. */
const SNAPSHOTS = "CSISnapshot";
export const VOLUME_CAPABILITIES = ["Storage", SNAPSHOTS];

/** The defaults of a schedule. */
export const DEFAULT_CRON = "0 3 * * *";
export const DEFAULT_RETENTION_DAYS = 30;

/** Resource requests of Velero's server, as in Velero's own installer (vmware-tanzu/velero, `pkg/install/resources.go`, release-1.18). */
export const VELERO_REQUESTS = { cpuMillis: 500, memoryMib: 128 };

/**
 * Resource requests of the node agent on each node; this project's choice. Velero's own installer requests nothing, and OADP 500m (openshift/oadp-operator,
 * `internal/controller/velero.go`, oadp-1.5). The pods that copy files since Velero 1.17 request nothing: they are bound to the node of the
 * volume, and the kubelet would refuse a pod whose requests do not fit there.
 */
export const NODE_AGENT_REQUESTS = { cpuMillis: 100, memoryMib: 128 };

/** The keys that {@link veleroDemands} reads. */
export const VELERO_DEMAND_KEYS = [
  "veleroSchedules",
  "veleroOnInfraNodes",
  "veleroRepositoryPassword",
  "infraCount",
  "workerCount",
  "masterCount",
] as const;

/** The resource requests of Velero's pod, and of the node agent's pods. */
export function veleroDemands({
  veleroSchedules,
  veleroOnInfraNodes,
  veleroRepositoryPassword,
  infraCount,
  workerCount,
  masterCount,
}: Pick<Settings, (typeof VELERO_DEMAND_KEYS)[number]>): Demand[] {
  if (veleroSchedules.length === 0) return [];
  const nodes = veleroOnInfraNodes && servicePlacement({ infraCount }, 1) ? "infra" : "worker";
  const server: Demand = { consumer: "Velero's server", pods: 1, ...VELERO_REQUESTS, nodes };
  if (veleroRepositoryPassword === "") return [server];
  const agent = { consumer: "Velero's node agent", ...NODE_AGENT_REQUESTS };
  return [
    server,
    { ...agent, pods: workerCount > 0 ? workerCount : masterCount, nodes: "worker" },
    ...(infraCount > 0 ? [{ ...agent, pods: infraCount, nodes: "infra" as const }] : []),
  ];
}

/**
 * The settings of the backups; undefined without a schedule.
 *
 * @param region region of the cluster
 */
export function velero(settings: Settings, region: string): VeleroConfiguration | undefined {
  const { veleroSchedules, veleroKmsKeyArn, veleroKeepBucket, veleroOnInfraNodes, veleroReadOnlyLocations, veleroRepositoryPassword } =
    settings;
  if (veleroSchedules.length === 0) return undefined;
  const placement = veleroOnInfraNodes ? servicePlacement(settings, 1) : undefined;
  const oadp = settings.distribution === "openshift" ? configuredOadp(minorOf(settings.release), settings.operators) : undefined;
  const namespace = oadp ? OADP_NAMESPACE : VELERO_NAMESPACE;
  return {
    namespace,
    ...(oadp && { oadp }),
    schedules: veleroSchedules.map((given) => backupSchedule(given, namespace)),
    readOnlyLocations: veleroReadOnlyLocations.map((given) => ({ ...given, region: given.region ?? region })),
    ...(veleroKmsKeyArn !== "" && { kmsKeyArn: veleroKmsKeyArn }),
    keepBucket: veleroKeepBucket,
    locationMetric: oadp === undefined || reportsLocations(oadp),
    // Does not depend on a schedule with volumes: an older backup may have snapshots of volumes, and Velero restores these only with CSI.
    snapshots: hasCapability(settings, SNAPSHOTS),
    ...(veleroRepositoryPassword !== "" && { repositoryPassword: new Secret(veleroRepositoryPassword) }),
    ...(placement && { placement }),
  };
}

function backupSchedule(given: Settings["veleroSchedules"][number], ownNamespace: string): BackupSchedule {
  const { includedNamespaces = [], excludedNamespaces = [] } = given;
  return {
    name: given.name,
    cron: given.schedule ?? DEFAULT_CRON,
    retentionDays: given.retentionDays ?? DEFAULT_RETENTION_DAYS,
    includedNamespaces,
    excludedNamespaces: [...new Set([...leftOutOf(includedNamespaces, ownNamespace), ...excludedNamespaces])],
    clusterResources: given.clusterResources ?? includedNamespaces.length === 0,
    volumes: given.volumes ?? false,
    fileSystemBackup: given.fileSystemBackup ?? false,
  };
}

/**
 * The namespaces that a schedule excludes by itself: the platform's, and Velero's own, which contains the backup objects. A schedule that
 * names only whole namespaces excludes none. A schedule with patterns does not exclude the namespaces that it names: with
 * `openshift-config` and `team-*`, it does not exclude `openshift-*`.
 */
function leftOutOf(included: readonly string[], ownNamespace: string): readonly string[] {
  if (included.length > 0 && !included.some((each) => /[*?]/.test(each))) return [];
  const isNamed = (ours: string) => included.some((each) => (ours.endsWith("*") ? each.startsWith(ours.slice(0, -1)) : each === ours));
  return [...PLATFORM_NAMESPACES, ownNamespace].filter((ours) => !isNamed(ours));
}
