import { type Clock, systemClock } from "../../lib/clock";
import { TolerantReader, isTemporaryError } from "../../lib/temporary-error";
import { mapInBatches } from "./batches";
import { type CleanupClients, cleanupClients } from "./clients";
import type { ClusterResource, ResourceKind, CleanupContext, CleanupTarget } from "./resource-kind";
import { balancers, classicBalancers, targetGroups } from "./kinds/balancers";
import { buckets } from "./kinds/buckets";
import { addresses, instances, keptSnapshots, networkInterfaces, snapshots, volumes } from "./kinds/compute";
import { accessPoints, fileSystems } from "./kinds/file-systems";
import { identityProviders, instanceProfiles, policies, roles, users } from "./kinds/iam";
import { dnsRecords } from "./kinds/records";
import { securityGroups } from "./kinds/security-groups";
import { taggedArns } from "./tagged";

/**
 * Kinds in the order of deletion: a resource is deleted before the resources that it uses. `openshift-install destroy cluster` deletes the same
 * resources, but it needs the installation's metadata.json and binary, also removes the cluster's tag from `shared` resources, which Pulumi deletes
 * itself, and tries without a time limit. This cleanup needs only AWS, deletes only `owned` resources, and ends: either nothing is left, or the
 * error names the resources that are left.
 */
const kinds: readonly ResourceKind[] = [
  instances,
  dnsRecords,
  classicBalancers,
  balancers,
  targetGroups,
  accessPoints,
  fileSystems,
  networkInterfaces,
  addresses,
  securityGroups,
  volumes,
  snapshots,
  buckets,
  users,
  instanceProfiles,
  roles,
  policies,
  identityProviders,
] as readonly ResourceKind[];

/** Milliseconds between two attempts to delete resources that are still in use. */
const attemptIntervalMs = 5_000;

/** A resource that the cluster created, with the name of its kind. */
export interface Leftover {
  readonly kind: string;
  readonly id: string;
  /** AWS's message why it was not deleted. */
  readonly reason?: string | undefined;
}

export interface CleanupOptions {
  /** Seconds after which the cleanup ends as soon as an attempt deletes nothing more; default: 600. */
  readonly timeoutSeconds?: number;
  /** Called with each progress message. */
  readonly say?: (line: string) => void;
  readonly clients?: CleanupClients;
  readonly clock?: Clock;
}

/** All existing resources that the cluster created: from the services' own lists, and by tag for other kinds. */
export async function listOwned(target: CleanupTarget, clients = cleanupClients(target.region)): Promise<Leftover[]> {
  const { resources, unknownKinds } = await listAll({ target, clients });
  return [...resources.map(({ kind, resource: { id } }) => ({ kind: kind.name, id })), ...unknownKinds];
}

/**
 * Deletes all resources in AWS that the cluster itself created, and nothing else. A second run has nothing to do.
 * Resources of unknown kinds with the cluster's tag are only listed in a warning at the end: they block neither instances nor the network, and may
 * not exist any more, because the tagging API also lists resources that were deleted hours ago.
 *
 * @returns the deleted resources.
 * @throws Error if a resource of a known kind is left, with the resources and AWS's reasons.
 */
export async function cleanUp(target: CleanupTarget, options: CleanupOptions = {}): Promise<Leftover[]> {
  const { timeoutSeconds = 600, say = () => undefined, clients = cleanupClients(target.region), clock = systemClock } = options;
  const context = { target, clients };
  const deadline = clock.now() + timeoutSeconds * 1000;
  const reader = new TolerantReader({ of: `the list of AWS resources of ${target.infraId}`, say, now: clock.now });
  const attempted = new Map<string, Leftover>();
  const accepted = new Set<string>();
  for (let refused: readonly Refused[] = []; ;) {
    const found = (await reader.read(() => listAll(context)))?.answer;
    if (found?.resources.length === 0) {
      say(found.unknownKinds.length === 0 ? `no AWS resources of ${target.infraId} are left` : warning(target, found.unknownKinds));
      const kept = (await reader.read(() => keptSnapshots(context)))?.answer ?? [];
      if (kept.length > 0)
        say(
          notice(
            target,
            kept.map(({ SnapshotId = "" }) => SnapshotId),
          ),
        );
      return [...attempted.values()];
    }
    const before = accepted.size;
    if (found !== undefined) refused = await removeAll(found, context, { attempted, accepted, say });
    if (refused.length > 0 && refused.every(({ final }) => final)) throw new Error(complaint(target, refused));
    // The time limit ends only a cleanup without progress: on a slow machine the first attempts alone may take longer.
    if (clock.now() > deadline && accepted.size === before) {
      const left = (await reader.read(() => stillThere(context, refused)))?.answer ?? refused;
      if (left.length > 0 || reader.lastFailure !== "") throw new Error(complaint(target, left, reader.lastFailure));
    }
    // Resources that were deleted at once need no wait; the next listing shows whether they are gone.
    const isEnding = found?.resources.some(({ kind }) => kind === (instances as ResourceKind)) ?? true;
    if (isEnding || refused.length > 0 || accepted.size === before) await clock.pause(attemptIntervalMs);
  }
}

/** A resource that AWS did not delete. */
interface Refused extends Leftover {
  /** Whether another attempt is useless. */
  readonly final: boolean;
}

interface Progress {
  /** Resources whose deletion was attempted, by kind and ID. */
  readonly attempted: Map<string, Leftover>;
  /** Resources whose deletion AWS accepted, by kind and ID. */
  readonly accepted: Set<string>;
  readonly say: (line: string) => void;
}

/** Tries once to delete all listed resources, kind by kind. */
async function removeAll(
  { resources }: ClusterResourceList,
  context: CleanupContext,
  { attempted, accepted, say }: Progress,
): Promise<Refused[]> {
  const refused: Refused[] = [];
  for (const kind of kinds) {
    const own = resources.filter((each) => each.kind === kind);
    await mapInBatches(own, async ({ resource }) => {
      const leftover = { kind: kind.name, id: resource.id };
      const key = `${kind.name} ${resource.id}`;
      if (!attempted.has(key)) say(`deleting ${key}`);
      attempted.set(key, leftover);
      const refusal = await attemptRemoval(() => kind.remove(resource, context));
      if (refusal === undefined) accepted.add(key);
      else refused.push({ ...leftover, ...refusal });
    });
  }
  return refused;
}

interface ClusterResourceList {
  readonly resources: readonly { readonly kind: ResourceKind; readonly resource: ClusterResource }[];
  /** Resources that the tagging API lists and that belong to no known kind. */
  readonly unknownKinds: readonly Leftover[];
}

async function listAll(context: CleanupContext): Promise<ClusterResourceList> {
  const [lists, arns] = await Promise.all([
    Promise.all(kinds.map(async (kind) => (await kind.list(context)).map((resource) => ({ kind, resource })))),
    taggedArns(context),
  ]);
  const unknown = arns.filter((arn) => !kinds.some((kind) => kind.arns.test(arn)));
  return {
    resources: lists.flat(),
    unknownKinds: unknown.map((id) => ({ kind: "other", id, reason: "the cleanup doesn't know how to delete it" })),
  };
}

async function stillThere(context: CleanupContext, refused: readonly Leftover[]): Promise<Leftover[]> {
  const reasons = new Map(refused.map(({ kind, id, reason }) => [`${kind} ${id}`, reason]));
  const left = await listOwned(context.target, context.clients);
  const silent = "AWS accepted its deletion, but still lists it";
  return left.map((each) => ({ ...each, reason: each.reason ?? reasons.get(`${each.kind} ${each.id}`) ?? silent }));
}

/**
 * Retryable errors: the resource is still in use or being deleted (error codes of EC2, ELB, IAM and S3). All other errors are permanent, except
 * temporary errors of AWS.
 */
const retryable =
  /DependencyViolation|InUse|IncorrectState|IncorrectInstanceState|DeleteConflict|BucketNotEmpty|OperationAborted|ConcurrentModification|OperationInProgress/;

/** The reason why AWS refused the deletion; undefined if AWS accepted the deletion, or if the resource no longer exists. */
export async function attemptRemoval(
  removal: () => Promise<void>,
): Promise<{ readonly reason: string; readonly final: boolean } | undefined> {
  try {
    await removal();
    return undefined;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (/NotFound|NoSuch|not found/.test(error.name + error.message)) return undefined;
    return { reason: `${error.name}: ${error.message}`, final: !retryable.test(error.name) && !isTemporaryError(error) };
  }
}

function notice({ infraId }: CleanupTarget, kept: readonly string[]): string {
  return [
    `${kept.length} snapshots of volumes in Velero's backups of ${infraId} stay, because veleroKeepBucket keeps the backups. They cost money`,
    `until you delete them: ${kept.join(", ")}`,
  ].join(" ");
}

function warning({ infraId }: CleanupTarget, unknownKinds: readonly Leftover[]): string {
  return [
    `warning: all known kinds of resources of ${infraId} are deleted, but AWS still lists these with the tag kubernetes.io/cluster/${infraId}=owned:`,
    ...unknownKinds.map(({ id }) => `  ${id}`),
    `Delete the listed resources that still exist: AWS may list deleted resources for some hours.`,
  ].join("\n");
}

function complaint({ infraId }: CleanupTarget, left: readonly Leftover[], unread = ""): string {
  if (left.length === 0)
    return `it is unknown which AWS resources of the cluster ${infraId} are left.${unread} Run the same command again.`;
  const lines = left.map(({ kind, id, reason }) => `  ${kind}: ${id}${reason === undefined ? "" : ` (${reason})`}`);
  return [
    `the cluster ${infraId} created these resources in AWS, and they could not be deleted:`,
    ...lines,
    `Delete them, or the resources that use them, and run the same command again.${unread}`,
  ].join("\n");
}
