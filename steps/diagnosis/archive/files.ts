/** Files of the archive: content by path. */
export type ArchiveFiles = Readonly<Record<string, string>>;
