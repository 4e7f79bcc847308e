import type { Span } from "./event-log";

/** The part of a resource in the state that the chain needs. */
export interface ChainResource {
  readonly urn: string;
  readonly type: string;
  readonly custom: boolean;
  readonly parent?: string;
  readonly provider?: string;
  readonly dependencies?: readonly string[];
}

/** A resource on the chain, and the seconds that its provider waits. */
export interface ChainLink {
  readonly urn: string;
  readonly seconds: number;
}

/** Minimum in seconds of a creation that counts as a wait. A quicker creation consists only of calls to AWS. */
const MIN_WAIT = 1;

/**
 * The provider's minimum wait in seconds for each resource type: the quickest creation of that type, because parallel
 * creations slow each other down.
 */
export function waitsByType(spans: readonly Span[]): ReadonlyMap<string, number> {
  const waits = new Map<string, number>();
  for (const { type, start, end } of spans) waits.set(type, Math.min(waits.get(type) ?? Infinity, end - start));
  return new Map([...waits].filter(([, seconds]) => seconds >= MIN_WAIT));
}

/**
 * The longest chain of waits in which each wait depends on the one before. An update that creates the whole stack cannot be quicker than the
 * sum of this chain.
 */
export function longestChain(resources: readonly ChainResource[], waits: ReadonlyMap<string, number>): readonly ChainLink[] {
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
