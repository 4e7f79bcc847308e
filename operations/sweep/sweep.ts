import { type Clock, systemClock } from "../clock";
import { Hiccups, isHiccup } from "../hiccup";
import { forEachOf } from "./batches";
import { type SweepClients, sweepClients } from "./clients";
import type { Found, Kind, SweepContext, SweepTarget } from "./kind";
import { balancers, classicBalancers, targetGroups } from "./kinds/balancers";
import { buckets } from "./kinds/buckets";
import { addresses, instances, networkInterfaces, snapshots, volumes } from "./kinds/compute";
import { accessPoints, fileSystems } from "./kinds/file-systems";
import { identityProviders, instanceProfiles, policies, roles, users } from "./kinds/iam";
import { records } from "./kinds/records";
import { securityGroups } from "./kinds/security-groups";
import { taggedArns } from "./tagged";

/**
 * In the order of removal: what uses before what is used. `openshift-install destroy cluster` does this, too, but needs the
 * metadata.json and the binary of the installation wherever a stack is destroyed, also takes the cluster's tag off what is
 * `shared`, which Pulumi goes on to delete by itself, and tries without an end. So this does what is left to do: it needs
 * AWS alone, touches only what is `owned`, and ends, with a proof or with the names of what is left.
 */
const kinds: readonly Kind[] = [
  instances,
  records,
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
] as readonly Kind[];

/** Milliseconds between two attempts at what is still in use. */
const pause = 5_000;

/** A thing that the cluster made, under the name of its kind. */
export interface Leftover {
  readonly kind: string;
  readonly id: string;
  /** Why AWS would not delete it, in its words. */
  readonly reason?: string | undefined;
}

export interface SweepOptions {
  /** Seconds after which the sweep ends as soon as an attempt deletes nothing more; 600 unless told. */
  readonly timeoutSeconds?: number;
  /** Told what is done. */
  readonly say?: (line: string) => void;
  readonly clients?: SweepClients;
  readonly clock?: Clock;
}

/** Everything that the cluster made and that is there: by AWS's own lists, and by tag for what they don't cover. */
export async function listOwned(target: SweepTarget, clients = sweepClients(target.region)): Promise<Leftover[]> {
  const { things, others } = await survey({ target, clients });
  return [...things.map(({ kind, thing: { id } }) => ({ kind: kind.name, id })), ...others];
}

/**
 * Deletes from AWS everything that the cluster itself made, and nothing else; a second run finds nothing to do.
 * What carries the cluster's tag and is of no kind that the sweep knows is named as a warning when everything else is gone:
 * it keeps neither machines nor the network, and the tagging API also names what was deleted hours ago.
 *
 * @returns what was deleted.
 * @throws Error when anything of a known kind is left, with its names and AWS's reasons.
 */
export async function sweep(target: SweepTarget, options: SweepOptions = {}): Promise<Leftover[]> {
  const { timeoutSeconds = 600, say = () => undefined, clients = sweepClients(target.region), clock = systemClock } = options;
  const context = { target, clients };
  const deadline = clock.now() + timeoutSeconds * 1000;
  const hiccups = new Hiccups({ of: `what ${target.infraId} made in AWS`, say, now: clock.now });
  const swept = new Map<string, Leftover>();
  const accepted = new Set<string>();
  for (let refused: readonly Refused[] = []; ;) {
    const found = (await hiccups.ask(() => survey(context)))?.answer;
    if (found?.things.length === 0) {
      say(found.others.length === 0 ? `nothing is left of what ${target.infraId} made` : warning(target, found.others));
      return [...swept.values()];
    }
    const before = accepted.size;
    if (found !== undefined) refused = await removeAll(found, context, { swept, accepted, say });
    if (refused.length > 0 && refused.every(({ final }) => final)) throw new Error(complaint(target, refused));
    // On a slow machine the first attempts alone may take longer than the time limit: it ends what makes no progress.
    if (clock.now() > deadline && accepted.size === before) {
      const left = (await hiccups.ask(() => stillThere(context, refused)))?.answer ?? refused;
      if (left.length > 0 || hiccups.last !== "") throw new Error(complaint(target, left, hiccups.last));
    }
    // What was deleted at once needs no wait; the next look shows.
    const isEnding = found?.things.some(({ kind }) => kind === (instances as Kind)) ?? true;
    if (isEnding || refused.length > 0 || accepted.size === before) await clock.pause(pause);
  }
}

/** What AWS would not delete. */
interface Refused extends Leftover {
  /** Whether another attempt is of no use. */
  readonly final: boolean;
}

interface Progress {
  /** Everything that was attempted, by kind and id. */
  readonly swept: Map<string, Leftover>;
  /** What AWS agreed to delete, likewise. */
  readonly accepted: Set<string>;
  readonly say: (line: string) => void;
}

/** Tries once to delete everything that was found, kind by kind. */
async function removeAll({ things }: Survey, context: SweepContext, { swept, accepted, say }: Progress): Promise<Refused[]> {
  const refused: Refused[] = [];
  for (const kind of kinds) {
    const own = things.filter((each) => each.kind === kind);
    await forEachOf(own, async ({ thing }) => {
      const leftover = { kind: kind.name, id: thing.id };
      const key = `${kind.name} ${thing.id}`;
      if (!swept.has(key)) say(`deleting ${key}`);
      swept.set(key, leftover);
      const refusal = await attempt(() => kind.remove(thing, context));
      if (refusal === undefined) accepted.add(key);
      else refused.push({ ...leftover, ...refusal });
    });
  }
  return refused;
}

interface Survey {
  readonly things: readonly { readonly kind: Kind; readonly thing: Found }[];
  /** What the tagging API names and no kind answers for. */
  readonly others: readonly Leftover[];
}

async function survey(context: SweepContext): Promise<Survey> {
  const [lists, arns] = await Promise.all([
    Promise.all(kinds.map(async (kind) => (await kind.list(context)).map((thing) => ({ kind, thing })))),
    taggedArns(context),
  ]);
  const unknown = arns.filter((arn) => !kinds.some((kind) => kind.arns.test(arn)));
  return { things: lists.flat(), others: unknown.map((id) => ({ kind: "other", id, reason: "the sweep doesn't know how to delete it" })) };
}

async function stillThere(context: SweepContext, refused: readonly Leftover[]): Promise<Leftover[]> {
  const reasons = new Map(refused.map(({ kind, id, reason }) => [`${kind} ${id}`, reason]));
  const left = await listOwned(context.target, context.clients);
  const silent = "AWS accepted its deletion and still lists it";
  return left.map((each) => ({ ...each, reason: each.reason ?? reasons.get(`${each.kind} ${each.id}`) ?? silent }));
}

/** What a thing's owner, or its own way out, still holds (error codes of EC2, ELB, IAM and S3); everything else but hiccups is final. */
const passing =
  /DependencyViolation|InUse|IncorrectState|IncorrectInstanceState|DeleteConflict|BucketNotEmpty|OperationAborted|ConcurrentModification|OperationInProgress/;

/** Why AWS refuses; undefined when it doesn't, or when the thing is gone. */
async function attempt(removal: () => Promise<void>): Promise<{ readonly reason: string; readonly final: boolean } | undefined> {
  try {
    await removal();
    return undefined;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (/NotFound|NoSuch|not found/.test(error.name + error.message)) return undefined;
    return { reason: `${error.name}: ${error.message}`, final: !passing.test(error.name) && !isHiccup(error) };
  }
}

function warning({ infraId }: SweepTarget, others: readonly Leftover[]): string {
  return [
    `warning: all that the sweep knows of ${infraId} is deleted, but AWS still lists these with the tag kubernetes.io/cluster/${infraId}=owned:`,
    ...others.map(({ id }) => `  ${id}`),
    `Delete those that exist. AWS may list what is deleted for some hours.`,
  ].join("\n");
}

function complaint({ infraId }: SweepTarget, left: readonly Leftover[], unread = ""): string {
  if (left.length === 0) return `it is not known what is left of the cluster ${infraId}.${unread} Run the same command again.`;
  const lines = left.map(({ kind, id, reason }) => `  ${kind}: ${id}${reason === undefined ? "" : ` (${reason})`}`);
  return [
    `the cluster ${infraId} made things in AWS that could not be deleted:`,
    ...lines,
    `Delete them, or what uses them, and run the same command again.${unread}`,
  ].join("\n");
}
