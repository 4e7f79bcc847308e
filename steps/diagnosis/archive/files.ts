/** Files of the archive: content by path. */
export type Evidence = Readonly<Record<string, string>>;
