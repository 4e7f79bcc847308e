import { CORE_SCHEMA, loadAll, YAMLException } from "js-yaml";
import { withoutInvisible } from "../../config/invisible";

/**
 * Bytes that the installer host may publish at once: several times the size of oc-mirror's files. This project's choice. A single object above
 * 1.5 MiB could not even be stored in a cluster (etcd, "System limits").
 */
export const maxPublishedBytes = 8 * 1024 ** 2;

/** Characters of a published value that a message quotes. */
const maxShown = 200;

/** End of each error about published files. */
const findOut =
  "Find out who wrote this. Anyone who controls the installer host, or may write below mirror/ in the bucket <infraID>-assets, can write it.";

/**
 * Parses the files that oc-mirror wrote for the cluster. Time and memory are proportional to a file's length: anchors are refused, so
 * nothing expands, and the schema has no tags such as `!!omap`, whose check would take more time.
 *
 * @param files by name
 * @throws Error that names the file, if it has content that oc-mirror does not write
 */
export function publishedObjects(files: Readonly<Record<string, string>>): readonly object[] {
  const bytes = Object.values(files).reduce((sum, content) => sum + Buffer.byteLength(content), 0);
  if (bytes > maxPublishedBytes) throw tooLargeError(bytes);
  return Object.entries(files)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([name, content]) => objectsIn(name, content));
}

function objectsIn(name: string, content: string): readonly object[] {
  if (content.includes("&")) throw publishedFileError(name, "it has an anchor or a text with &, but oc-mirror writes neither");
  const documents = parseObjects(name, content).filter((document) => document !== null && document !== undefined);
  if (!documents.every((document) => typeof document === "object")) throw publishedFileError(name, "it is not a Kubernetes object");
  return documents;
}

function parseObjects(name: string, content: string): unknown[] {
  try {
    return loadAll(content, undefined, { schema: CORE_SCHEMA });
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    throw publishedFileError(name, `it is not YAML: ${publishedValueText(error.reason)} in line ${error.mark.line + 1}`);
  }
}

function tooLargeError(bytes: number): Error {
  const [size, allowed] = [bytes, maxPublishedBytes].map((each) => `${Math.ceil(each / 1024 ** 2)} MiB`);
  return new Error(`the files that the installer host has published for the cluster have ${size}; allowed: at most ${allowed}. ${findOut}`);
}

/**
 * Error that ends the program when the installer host publishes something that oc-mirror does not write.
 *
 * @param what the file, or the object by kind, namespace and name
 */
export function publishedFileError(what: string, why: string): Error {
  return new Error(
    `the installer host has published "${withoutInvisible(shorten(what))}" for the cluster, but this program applies only objects that oc-mirror writes: ` +
      `${withoutInvisible(why.slice(0, 1000))}. ` +
      findOut,
  );
}

/** Any published value in a form for messages: as JSON, shortened. */
export function publishedValueText(value: unknown): string {
  const written = JSON.stringify(value) as string | undefined;
  return shorten(written ?? "nothing");
}

function shorten(value: string): string {
  return value.length > maxShown ? `${value.slice(0, maxShown)}…` : value;
}
