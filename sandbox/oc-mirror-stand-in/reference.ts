/** A pull specification. */
export interface ImageReference {
  /** The registry's host, with its port if it is not the default: `quay.io` or `localhost:5000`. */
  readonly host: string;
  readonly repository: string;
  /** `sha256:…` */
  readonly digest?: string;
  readonly tag?: string;
}

/** @throws Error if the text is not a pull specification with a registry and a digest or tag */
export function parseReference(text: string): ImageReference {
  const parts = /^(?<host>[^/]+[.:][^/]*)\/(?<repository>[^@:]+)(?::(?<tag>[\w.-]+))?(?:@(?<digest>sha256:[0-9a-f]{64}))?$/.exec(
    text,
  )?.groups;
  const { host = "", repository = "", tag, digest } = (parts ?? {}) as Partial<Record<keyof ImageReference, string>>;
  if (host === "" || (tag ?? digest) === undefined)
    throw new Error(`${text} is not a pull specification with a registry and a digest or a tag`);
  return { host, repository, ...(digest !== undefined && { digest }), ...(digest === undefined && tag !== undefined && { tag }) };
}
