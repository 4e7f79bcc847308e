/** Source of a fact: a file of an upstream project, or a web page. */
export interface FactSource {
  /** `openshift/api`, or the site of a page. */
  readonly repository: string;
  /** Path in the repository, or the page. */
  readonly file: string;
  /** Branches or tags in which the fact was read, for instance `release-4.17`. */
  readonly branch: string;
  /** The part of the fact that could not be verified, and the assumption instead of it. If undefined, the fact was read in the named branches. */
  readonly unverified?: string;
}

/** A fact with its source. */
export interface SourcedFact<T> {
  readonly value: T;
  readonly source: FactSource;
}

/** A fact that was read in a file of an upstream repository. */
export function sourcedFact<T>(value: T, repository: string, file: string, branch: string): SourcedFact<T> {
  return { value, source: { repository, file, branch } };
}

/**
 * A fact that could not be verified for this release. `why` is a text of complete sentences: which source could not be read, and which
 * assumption the program makes.
 */
export function assumedFact<T>({ value, source }: SourcedFact<T>, why: string): SourcedFact<T> {
  return { value, source: { ...source, unverified: why } };
}
