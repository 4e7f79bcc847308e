import type { ContainerImage } from "../../config/container-images";
import type { TaggedImage } from "./resolve";

export type Table = Readonly<Record<string, ContainerImage>>;

export interface ResolvedTable {
  /** The table with the resolved digests. */
  readonly table: Table;
  /** One line per image. */
  readonly lines: readonly string[];
  /** Whether a tag no longer has its recorded digest, or could not be resolved. */
  readonly failed: boolean;
}

/**
 * Resolves the digest of each image's tag. A recorded digest is never replaced: if a tag has moved, a person has to change the tag or the digest.
 *
 * @param today date for the source of resolved digests: `2026-11-29`
 */
export async function resolveTable(table: Table, resolve: (image: TaggedImage) => Promise<string>, today: string): Promise<ResolvedTable> {
  const rows = await Promise.all(
    Object.entries(table).map(async ([name, image]) => {
      const named = `${name}: ${image.repository}:${image.tag}`;
      try {
        const digest = await resolve(image);
        if (digest === image.digest) return { name, image, line: `${named} is ${digest}, as recorded`, failed: false };
        if (image.digest !== "unresolved") {
          const line = `${named} has moved: it was ${image.digest} (${image.source}) and is ${digest} now. The recorded digest stays in use.`;
          return { name, image, line, failed: true };
        }
        const { host } = new URL(`https://${image.repository}`);
        const resolved = { ...image, digest, source: `asked of ${host} on ${today} (make images)` };
        return { name, image: resolved, line: `${named} is ${digest}: recorded`, failed: false };
      } catch (error) {
        return { name, image, line: `${named} can't be resolved: ${error instanceof Error ? error.message : String(error)}`, failed: true };
      }
    }),
  );
  return {
    table: Object.fromEntries(rows.map(({ name, image }) => [name, image])),
    lines: rows.map(({ line }) => line),
    failed: rows.some(({ failed }) => failed),
  };
}
