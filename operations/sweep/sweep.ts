import { forEachOf } from "./batches";
import { type SweepClients, sweepClients } from "./clients";
import type { Found, Kind, SweepContext, SweepTarget } from "./kind";
import { balancers, classicBalancers, targetGroups } from "./kinds/balancers";
import { buckets } from "./kinds/buckets";
import { addresses, instances, networkInterfaces, snapshots, volumes } from "./kinds/compute";
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
  /** Seconds after which what is still in use counts as left; 600 unless told. */
  readonly timeoutSeconds?: number;
  /** Told what is done. */
  readonly say?: (line: string) => void;
  readonly clients?: SweepClients;
}

/** Everything that the cluster made and that is there: by AWS's own lists, and by tag for what they don't cover. */
export async function listOwned(target: SweepTarget, clients = sweepClients(target.region)): Promise<Leftover[]> {
  const { things, others } = await survey({ target, clients });
  return [...things.map(({ kind, thing: { id } }) => ({ kind: kind.name, id })), ...others];
}

/**
 * Deletes from AWS everything that the cluster itself made, and nothing else; a second run finds nothing to do.
 *
 * @returns what was deleted.
 * @throws Error when anything is left, with its names and AWS's reasons.
 */
export async function sweep(target: SweepTarget, options: SweepOptions = {}): Promise<Leftover[]> {
  const { timeoutSeconds = 600, say = () => undefined, clients = sweepClients(target.region) } = options;
  const context = { target, clients };
  const deadline = Date.now() + timeoutSeconds * 1000;
  const swept = new Map<string, Leftover>();
  for (;;) {
    const { things, others } = await survey(context);
    if (things.length === 0 && others.length === 0) {
      say(`nothing is left of what ${target.infraId} made`);
      return [...swept.values()];
    }
    const refused: (Leftover & { readonly final: boolean })[] = others.map((other) => ({ ...other, final: false }));
    for (const kind of kinds) {
      const own = things.filter((each) => each.kind === kind);
      await forEachOf(own, async ({ thing }) => {
        const leftover = { kind: kind.name, id: thing.id };
        const key = `${kind.name} ${thing.id}`;
        if (!swept.has(key)) say(`deleting ${key}`);
        swept.set(key, leftover);
        const refusal = await attempt(() => kind.remove(thing, context));
        if (refusal !== undefined) refused.push({ ...leftover, ...refusal });
      });
    }
    const hopeless = refused.length > 0 && refused.every(({ final }) => final);
    if (hopeless || Date.now() > deadline) throw new Error(complaint(target, hopeless ? refused : await stillThere(context, refused)));
    // What was deleted at once needs no wait; the next look shows.
    if (refused.length > 0 || things.some(({ kind }) => kind === (instances as Kind)))
      await new Promise((later) => setTimeout(later, pause));
  }
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
  const reason = "the sweep doesn't know how to delete it";
  return { things: lists.flat(), others: unknown.map((id) => ({ kind: "other", id, reason })) };
}

async function stillThere(context: SweepContext, refused: readonly Leftover[]): Promise<Leftover[]> {
  const reasons = new Map(refused.map(({ kind, id, reason }) => [`${kind} ${id}`, reason]));
  const left = await listOwned(context.target, context.clients);
  return left.map((each) => ({ ...each, reason: each.reason ?? reasons.get(`${each.kind} ${each.id}`) }));
}

/** What a thing's owner, or its own way out, still holds (error codes of EC2, ELB, IAM and S3); everything else is final. */
const passing =
  /DependencyViolation|InUse|IncorrectState|IncorrectInstanceState|DeleteConflict|BucketNotEmpty|OperationAborted|Throttl|RequestLimitExceeded|ServiceUnavailable|InternalError|ConcurrentModification|PriorRequestNotComplete|OperationInProgress/;

/** Why AWS refuses; undefined when it doesn't, or when the thing is gone. */
async function attempt(removal: () => Promise<void>): Promise<{ readonly reason: string; readonly final: boolean } | undefined> {
  try {
    await removal();
    return undefined;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (/NotFound|NoSuch|not found/.test(error.name + error.message)) return undefined;
    return { reason: `${error.name}: ${error.message}`, final: !passing.test(error.name) };
  }
}

function complaint({ infraId }: SweepTarget, left: readonly Leftover[]): string {
  const lines = left.map(({ kind, id, reason }) => `  ${kind}: ${id}${reason === undefined ? "" : ` (${reason})`}`);
  return [
    `the cluster ${infraId} made things in AWS that could not be deleted:`,
    ...lines,
    `Delete them, or what uses them, and run the same command again.`,
  ].join("\n");
}
