import type { Span } from "./event-log";

/** What is read of a resource in the state. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly custom: boolean;
  readonly parent?: string;
  readonly provider?: string;
  readonly dependencies?: readonly string[];
}

/** A resource on the chain, and how long its provider waits. */
export interface ChainLink {
  readonly urn: string;
  readonly seconds: number;
}

/** Below this a creation is calls to AWS, not a wait. */
const shortestWait = 1;

/**
 * How long the provider waits at least when it creates a resource of a type: the quickest creation of each type, so that what
 * creations take from each other doesn't count.
 */
export function waitsByType(spans: readonly Span[]): ReadonlyMap<string, number> {
  const waits = new Map<string, number>();
  for (const { type, start, end } of spans) waits.set(type, Math.min(waits.get(type) ?? Infinity, end - start));
  return new Map([...waits].filter(([, seconds]) => seconds >= shortestWait));
}

/** The longest chain of waits, each of which can begin only after the one before: no creation can take less. */
export function longestChain(resources: readonly StateResource[], waits: ReadonlyMap<string, number>): readonly ChainLink[] {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const found = new Map<string, readonly ChainLink[]>();
  const chainTo = (urn: string): readonly ChainLink[] => {
    const known = found.get(urn);
    if (known !== undefined) return known;
    const resource = byUrn.get(urn);
    if (resource === undefined) return [];
    const before = longest([...(resource.dependencies ?? []), ...(resource.parent ? [resource.parent] : [])].map(chainTo));
    const seconds = resource.custom ? waits.get(resource.type) : undefined;
    const chain = seconds === undefined ? before : [...before, { urn, seconds }];
    found.set(urn, chain);
    return chain;
  };
  return longest(resources.map(({ urn }) => chainTo(urn)));
}

/** Sum of a chain's waits. */
export function secondsOf(chain: readonly ChainLink[]): number {
  return chain.reduce((sum, { seconds }) => sum + seconds, 0);
}

function longest(chains: readonly (readonly ChainLink[])[]): readonly ChainLink[] {
  return chains.reduce<readonly ChainLink[]>((best, chain) => (secondsOf(chain) > secondsOf(best) ? chain : best), []);
}
