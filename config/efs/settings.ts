import type { Settings } from "../schema";

/** A file system that the program creates. */
export interface NewFileSystem {
  readonly kind: "new";
  readonly throughputMode: Settings["efsThroughputMode"];
  /** MiB/s; only with the mode `provisioned`. */
  readonly provisionedMibps?: number;
  readonly performanceMode: Settings["efsPerformanceMode"];
  /** If undefined, AWS's key aws/elasticfilesystem. */
  readonly kmsKeyArn?: string;
  /**
   * True if efsKmsKeyArn is not set: the key is then volumeKmsKeyArn, the key of all new volumes. A change of
   * volumeKmsKeyArn has no effect on an existing file system.
   */
  readonly kmsKeyIsShared: boolean;
  /** If undefined, files stay in the Standard class. */
  readonly infrequentAccessDays?: number;
  readonly backup: boolean;
  readonly requireTls: boolean;
  /** Whether the file system stays when the stack is destroyed. */
  readonly keep: boolean;
}

/** A file system that exists. The program adds only mount targets. */
export interface ExistingFileSystem {
  readonly kind: "existing";
  readonly id: string;
}

/** A PersistentVolume on the file system, reserved for one claim. */
export interface SharedVolume {
  readonly name: string;
  readonly path: string;
  readonly size: string;
  readonly claim: { readonly namespace: string; readonly name: string; readonly create: boolean };
}

/** Shared volumes on EFS. */
export interface SharedStorageConfiguration {
  readonly fileSystem: NewFileSystem | ExistingFileSystem;
  readonly volumes: readonly SharedVolume[];
}

/**
 * Tag that says whether the file system stays when the stack is destroyed. A change of the option retainOnDelete alone is not a change of an
 * input. Without the tag, the Pulumi engine would store the new option only in an update that also changes something else (pulumi/pulumi,
 * `pkg/resource/deploy/step_generator.go`, v3.255.0).
 */
export const KEEP_TAG = "okd-aws/keep";

/** Default of the size that a volume shows. EFS does not limit volumes, so the size has no effect. This project's choice. */
const SHOWN_SIZE = "100Gi";

/** The settings of shared storage; undefined without a file system. */
export function sharedStorage(settings: Settings): SharedStorageConfiguration | undefined {
  if (!settings.efsFileSystem && settings.efsFileSystemId === "") return undefined;
  return { fileSystem: fileSystem(settings), volumes: settings.efsVolumes.map(volume) };
}

function fileSystem(settings: Settings): NewFileSystem | ExistingFileSystem {
  if (!settings.efsFileSystem) return { kind: "existing", id: settings.efsFileSystemId };
  const { efsInfrequentAccessDays: days } = settings;
  const kmsKeyArn = settings.efsKmsKeyArn || settings.volumeKmsKeyArn;
  return {
    kind: "new",
    throughputMode: settings.efsThroughputMode,
    ...(settings.efsThroughputMode === "provisioned" && { provisionedMibps: settings.efsProvisionedThroughput }),
    performanceMode: settings.efsPerformanceMode,
    ...(kmsKeyArn !== "" && { kmsKeyArn }),
    kmsKeyIsShared: settings.efsKmsKeyArn === "",
    ...(days > 0 && { infrequentAccessDays: days }),
    backup: settings.efsBackup,
    requireTls: settings.efsRequireTls,
    keep: settings.efsKeepFileSystem,
  };
}

function volume({
  name,
  path = "/",
  size = SHOWN_SIZE,
  namespace,
  claim = name,
  createClaim = false,
}: Settings["efsVolumes"][number]): SharedVolume {
  return { name, path, size, claim: { namespace, name: claim, create: createClaim } };
}
