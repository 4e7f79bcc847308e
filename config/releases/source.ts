/** A file of an upstream project, or a page: where a fact can be read. */
export interface Source {
  /** `openshift/api`, or the site of a page. */
  readonly repository: string;
  /** Path in the repository, or the page. */
  readonly file: string;
  /** Branches or tags in which the fact was read, for instance `release-4.17`. */
  readonly branch: string;
  /** What could not be read, and what is assumed instead; without it the fact was read in the named branches. */
  readonly unverified?: string;
}

/** A fact and where it comes from. */
export interface Sourced<T> {
  readonly value: T;
  readonly source: Source;
}

/** A fact that was read in a file of an upstream repository. */
export function read<T>(value: T, repository: string, file: string, branch: string): Sourced<T> {
  return { value, source: { repository, file, branch } };
}

/** A fact for which the file of this release could not be read. `why` says what could not be read and what is assumed instead, as a complete sentence. */
export function assumed<T>({ value, source }: Sourced<T>, why: string): Sourced<T> {
  return { value, source: { ...source, unverified: why } };
}
