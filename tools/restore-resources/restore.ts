import { VELERO_API } from "../../cluster-objects/velero/names";
import { OWN_LOCATION } from "../../config/velero/fields";
import { OADP_NAMESPACE } from "../../config/velero/oadp";
import { type Clock, systemClock } from "../../lib/clock";
import type { ClusterClient } from "../../lib/kubernetes/client";
import { reasonFor, timedName, type VeleroName, type VeleroStatus } from "../../steps/velero/api";
import { type Messages, readResults } from "../../steps/velero/results";
import { nodeAgentPath } from "../../steps/velero/node-agent";
import { createOnce } from "../../steps/velero/create";
import { type VolumeContents, volumesOfBackup } from "../../steps/velero/volumes";
import { waitForEnd } from "../../steps/velero/wait";
import type { NamespaceRestore } from "./arguments";
import { claimsWithoutVolume } from "./claims";
import { backupTable, canBeRestored, containsNamespace, listBackups, type ListedBackup } from "./backups";

export interface RestoreContext {
  readonly client: Pick<ClusterClient, "get" | "list" | "send" | "delete">;
  readonly say: (text: string) => void;
  readonly clock?: Clock;
  /** `volumes` and `results` read Velero's files in the bucket. Tests replace these functions. */
  readonly volumes?: typeof volumesOfBackup;
  readonly results?: typeof readResults;
}

/** The outcome of a restore. */
export interface RestoreOutcome {
  /** Name of the Restore object. */
  readonly restore: string;
  readonly phase: string;
  /** Number of objects that Velero has restored, or that existed already. */
  readonly objects: number;
  readonly errors: Messages;
  readonly warnings: Messages;
  /** Claims whose volumes were restored empty. */
  readonly emptyVolumes: readonly string[];
  /** Whether the whole namespace was restored. */
  readonly complete: boolean;
}

/** Maximum number of minutes for a restore, which includes the creation of volumes from snapshots. This project's choice. */
const RESTORE_MINUTES = 120;

/**
 * Kinds whose objects OpenShift's API servers derive from other objects. The restore leaves them out (openshift/openshift-velero-plugin,
 * `velero-plugins/{imagetag,imagestreamtag,build,rolebindings}/restore.go`, main):
 * - ImageTag and ImageStreamTag: a tag of a pushed image has no spec, so the API refuses it. The ImageStreams bring the other tags back.
 * - Build: old builds would run again.
 * - Role and RoleBinding of authorization.openshift.io: they are the same objects as the roles and bindings of RBAC, which are restored.
 */
const EXCLUDED_RESOURCES = [
  "imagetags.image.openshift.io",
  "imagestreamtags.image.openshift.io",
  "builds.build.openshift.io",
  "roles.authorization.openshift.io",
  "rolebindings.authorization.openshift.io",
];

/** Velero's warning for an existing object that it does not change (vmware-tanzu/velero, `pkg/restore/restore.go`: restoreItem, v1.18.3). */
const LEFT_AS_IT_IS = /already exists\. Warning: the in-cluster version is different/;

/**
 * Kinds of objects on which OADP's plugin for OpenShift writes annotations when it backs them up and restores them, so that Velero always
 * finds a difference (openshift/openshift-velero-plugin, `velero-plugins/common/{backup,restore}.go`, oadp-1.5).
 */
const ANNOTATED_BY_OADP =
  /, (Pod|ImageStream|ImageStreamTag|Deployment|DeploymentConfig|Job|CronJob|StatefulSet|DaemonSet|ReplicaSet|ReplicationController|BuildConfig):/;

/**
 * Objects that the cluster creates in every new namespace, with its own content: ConfigMaps with CAs (kubernetes/kubernetes,
 * `pkg/controller/certificates/rootcacertpublisher/publisher.go`, v1.33.13; OpenShift publishes `openshift-service-ca.crt`), service
 * accounts and their roles (openshift/openshift-controller-manager, `pkg/authorization/defaultrolebindings/project_policy.go`).
 */
const CREATED_BY_CLUSTER =
  /ConfigMap:(kube-root-ca|openshift-service-ca)\.crt |ServiceAccount:(default|builder|deployer) |RoleBinding:system:(image-pullers|image-builders|deployers) /;

/** The facts that the command checks before a restore. */
export interface RestoreCheck {
  /** Velero's namespace. */
  readonly namespace: string;
  readonly backup: ListedBackup;
  /** Whether the namespace to restore to exists. */
  readonly exists: boolean;
  /** Claims whose volumes come back empty. */
  readonly emptyVolumes: readonly string[];
}

/** A namespace to restore, and the location of its backup. */
export interface WantedRestore extends NamespaceRestore {
  readonly location: string;
}

/**
 * Checks that a namespace can be restored. Claims whose volumes would be restored empty are allowed only with `emptyVolumes`.
 *
 * @param namespace Velero's namespace
 * @throws Error that lists the existing backups, or has the reason why this backup can't be used
 */
export async function checkRestore(wanted: WantedRestore, namespace: string, context: RestoreContext): Promise<RestoreCheck> {
  const { backup: name, from, to, location } = wanted;
  const { client } = context;
  const backups = await listBackups(client, namespace, location);
  const backup = backups.find((each) => each.name === name);
  if (backup === undefined)
    throw new Error(`there is no backup ${name} in the location ${location}. These exist:\n${backupTable(backups)}`);
  if (!canBeRestored(backup)) throw new Error(`the backup ${name} is ${backup.phase}, so nothing can be restored from it`);
  if (!containsNamespace(backup, from))
    throw new Error(
      `the backup ${name} does not contain the namespace ${from}: it includes ${listOf(backup.included, "all")}, and excludes ${listOf(backup.excluded, "none")}`,
    );
  const emptyVolumes = await emptyVolumesOf(wanted, namespace, context);
  return { namespace, backup, exists: (await client.get(`/api/v1/namespaces/${to}`)) !== undefined, emptyVolumes };
}

async function emptyVolumesOf(
  { backup, from, location, emptyVolumes: accepted }: WantedRestore,
  namespace: string,
  { client, clock, volumes: find = volumesOfBackup }: RestoreContext,
): Promise<readonly string[]> {
  const found = await find({ name: backup, namespace }, from, client, clock);
  if (location !== OWN_LOCATION) refuseOthersVolumes(backup, found, accepted);
  if ("files" in found) await needNodeAgent(found.files, namespace, client);
  const empty = "empty" in found ? await claimsWithoutContent(found, client) : [];
  if (accepted || ("empty" in found && empty.length === 0)) return empty;
  const reason =
    "unread" in found
      ? `the volumes of the backup ${backup} can't be read, so some may come back empty: ${found.unread}`
      : `the backup ${backup} does not have the content of these claims' volumes, which come back empty: ${empty.join(", ")}`;
  throw new Error(`${reason}. Nothing was restored. To go on, add EMPTY_VOLUMES=1 (--empty-volumes)`);
}

/**
 * Refuses to restore files without the node agent: the pods of the claims would wait for their files, and the restore would end only after
 * Velero's limit of four hours (vmware-tanzu/velero, `pkg/podvolume/restorer.go` and `pkg/cmd/server/config/config.go`, release-1.18).
 *
 * @throws Error that names the claims
 */
async function needNodeAgent(files: readonly string[], namespace: string, client: RestoreContext["client"]): Promise<void> {
  if (files.length === 0 || (await client.get(nodeAgentPath(namespace))) !== undefined) return;
  throw new Error(
    `the backup has the files of these claims' volumes, which only Velero's node agent can restore: ${files.join(", ")}. The agent does not run. ` +
      "Nothing was restored. Set veleroRepositoryPassword to the password with which the backup was made, and run pulumi up (docs/velero.md)",
  );
}

/**
 * Claims whose volumes would be restored empty. If the cluster does not have the CRDs of snapshots, Velero creates empty volumes even for
 * claims with a snapshot, and reports a complete restore (vmware-tanzu/velero, `pkg/util/csi/util.go`: ShouldSkipAction;
 * `pkg/restore/restore.go`: hasCSIVolumeSnapshot, release-1.18).
 */
async function claimsWithoutContent(
  { empty, unknown, snapshots }: VolumeContents,
  client: RestoreContext["client"],
): Promise<readonly string[]> {
  const without = [...empty, ...unknown].sort();
  if (snapshots.length === 0 || (await client.get("/apis/snapshot.storage.k8s.io")) !== undefined) return without;
  return [...without, ...snapshots].sort();
}

/**
 * Refuses to restore claims that would get a volume that the other cluster still uses. If a volume has the reclaim policy Retain and no
 * snapshot, Velero restores the PersistentVolume object, and both clusters would write to the same EBS volume or file system.
 *
 * @param accepted whether the user accepts claims about whose volumes the backup has nothing
 * @throws Error that names the claims, or has the reason why the claims are not known
 */
function refuseOthersVolumes(backup: string, found: VolumeContents | { readonly unread: string }, accepted: boolean): void {
  if ("unread" in found)
    throw new Error(
      `the volumes of the backup ${backup} can't be read, so this cluster might get volumes of the other one: ${found.unread}. Nothing was restored`,
    );
  if (found.unknown.length > 0 && !accepted)
    throw new Error(
      `the backup ${backup} has no information about these claims' volumes: ${found.unknown.join(", ")}. They come back empty or, with the reclaim ` +
        "policy Retain, Velero would use the other cluster's volumes themselves. Nothing was restored. If the reclaim policy of their volumes " +
        "is Delete, or if the claims had no volumes, add EMPTY_VOLUMES=1 (--empty-volumes)",
    );
  if (found.reused.length === 0) return;
  throw new Error(
    `the backup ${backup} has no snapshot of these claims' volumes, whose reclaim policy is Retain: ${found.reused.join(", ")}. Velero would use ` +
      "the other cluster's volumes themselves. Nothing was restored. Restore from a backup of a schedule with volumes: true or, " +
      "for a volume of another driver than EBS, with fileSystemBackup: true",
  );
}

/** Restores a namespace, and waits until the restore has ended. */
export async function restoreNamespace(
  wanted: NamespaceRestore,
  { namespace, emptyVolumes }: Pick<RestoreCheck, "namespace" | "emptyVolumes">,
  context: RestoreContext,
): Promise<RestoreOutcome> {
  const { client, say, clock = systemClock } = context;
  const object = restoreObject(wanted, namespace, clock.now());
  await createOnce("restore", object, { client, say, clock });
  say(`the restore ${object.metadata.name} begins`);
  const status = await waitForEnd("restore", object.metadata, { client, say, clock, timeoutMinutes: RESTORE_MINUTES });
  const outcome = await outcomeOf(object.metadata, status, context);
  const unbound = await claimsWithoutVolume(wanted.to, object.metadata.name, { client, say, clock });
  const errors = [...outcome.errors, ...unbound];
  return { ...outcome, errors, complete: errors.length === 0, emptyVolumes };
}

/** The Restore object (vmware-tanzu/velero, `pkg/apis/velero/v1/restore_types.go`, release-1.18). Existing objects are not changed. */
export function restoreObject({ backup, from, to }: NamespaceRestore, namespace: string, now: number) {
  const name = timedName(backup, now);
  return {
    apiVersion: VELERO_API,
    kind: "Restore",
    metadata: { name, namespace },
    spec: {
      backupName: backup,
      includedNamespaces: [from],
      excludedResources: EXCLUDED_RESOURCES,
      ...(to !== from && { namespaceMapping: { [from]: to } }),
    },
  };
}

async function outcomeOf(
  restore: VeleroName,
  status: VeleroStatus,
  { client, clock, results: readMessages = readResults }: RestoreContext,
): Promise<Omit<RestoreOutcome, "emptyVolumes">> {
  const { phase = "" } = status;
  const objects = status.progress?.itemsRestored ?? 0;
  const results = phase === "FailedValidation" ? { errors: [], warnings: [] } : await readMessages("Restore", restore, client, clock);
  const read = "unread" in results ? { errors: [], warnings: [`the messages of the restore can't be read: ${results.unread}`] } : results;
  const failed = phase === "Completed" ? [] : [`the restore is ${phase}: ${reasonFor(status)}`];
  const nothing =
    phase === "Completed" && objects === 0 ? ["the backup contains no object of this namespace, so nothing was restored"] : [];
  const mayDiffer = (text: string) =>
    CREATED_BY_CLUSTER.test(text) || (restore.namespace === OADP_NAMESPACE && ANNOTATED_BY_OADP.test(text));
  const left = read.warnings.filter((text) => LEFT_AS_IT_IS.test(text) && !mayDiffer(text)).length;
  const differing =
    left === 1 ? "1 object exists and differs; Velero left it as it is" : `${left} objects exist and differ; Velero left them as they are`;
  const errors = [...failed, ...nothing, ...(left > 0 ? [differing] : []), ...read.errors];
  return { restore: restore.name, phase, objects, errors, warnings: read.warnings, complete: errors.length === 0 };
}

function listOf(names: readonly string[], none: string): string {
  return names.length === 0 ? none : names.join(", ");
}
