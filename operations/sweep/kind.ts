import type { SweepClients } from "./clients";

/** The cluster that is swept, and where its things are. */
export interface SweepTarget {
  /** The cluster's identity: `kubernetes.io/cluster/<infraId>=owned` is on everything that it made. */
  readonly infraId: string;
  readonly region: string;
  /** The cluster's network: groups, balancers and interfaces elsewhere aren't its own, whatever their tags say. */
  readonly vpcId: string;
  /** `<cluster name>.<base domain>`. */
  readonly clusterDomain: string;
  /** Hosted zones in which the cluster writes `*.apps`. */
  readonly zones: readonly {
    readonly id: string;
    /** Role to act as, where the zone belongs to another account. */
    readonly roleArn?: string | undefined;
  }[];
}

/** What the kinds work with. */
export interface SweepContext {
  readonly target: SweepTarget;
  readonly clients: SweepClients;
}

/** One thing that the cluster made. */
export interface Found {
  /** What AWS knows it by. */
  readonly id: string;
}

/** A kind of thing that a cluster makes at run time. */
export interface Kind<Thing extends Found = Found> {
  /** In the plural, as it is printed. */
  readonly name: string;
  /** The ARNs that `list` answers for; the tagging API goes on naming a thing for hours after its deletion. */
  readonly arns: RegExp;
  /** Everything of this kind that is tagged `owned` by this cluster and isn't gone. */
  list(context: SweepContext): Promise<Thing[]>;
  /** Asks for its deletion. What takes time, or is still used by something else, is listed and asked for again. */
  remove(thing: Thing, context: SweepContext): Promise<void>;
}

/** A tag, as the services spell it. */
export interface AwsTag {
  readonly Key?: string | undefined;
  readonly Value?: string | undefined;
}

/** The tag of what belongs to the cluster or is used by it. */
export function clusterTagKey({ infraId }: SweepTarget): string {
  return `kubernetes.io/cluster/${infraId}`;
}

/** Whether the cluster made it; `shared` is this program's, or the user's own. */
export function isOwned(tags: readonly AwsTag[] | undefined, target: SweepTarget): boolean {
  return tags?.some(({ Key, Value }) => Key === clusterTagKey(target) && Value === "owned") ?? false;
}

/** EC2's filter for the same. */
export function ownedFilter(target: SweepTarget): { Name: string; Values: string[] } {
  return { Name: `tag:${clusterTagKey(target)}`, Values: ["owned"] };
}

/** EC2's filter for the cluster's network. */
export function vpcFilter({ vpcId }: SweepTarget): { Name: string; Values: string[] } {
  return { Name: "vpc-id", Values: [vpcId] };
}
