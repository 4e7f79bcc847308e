import { kMaxLength } from "node:buffer";
import { gunzipSync, gzipSync } from "node:zlib";

/**
 * Files on their way to or from the executor, through standard input and output: one line a file, its path, a blank and its
 * gzipped content in base64. A shell reads and writes it with `read`, `base64` and `gzip` alone.
 */
export function encodeFiles(files: Readonly<Record<string, string>>): string {
  return Object.entries(files)
    .map(([path, content]) => `${requirePlainPath(path)} ${gzipSync(content).toString("base64")}\n`)
    .join("");
}

/**
 * The reverse of `encodeFiles`.
 *
 * @param mostBytes of all files together
 * @throws Error when a line is not of that form, or they hold more, without quoting their content, which may be secret.
 */
export function decodeFiles(text: string, mostBytes = Infinity): Record<string, string> {
  const files: [path: string, content: string][] = [];
  let left = Math.min(mostBytes, kMaxLength);
  for (const [index, line] of text.split("\n").entries()) {
    if (line === "") continue;
    const [path, content, ...rest] = line.split(" ") as [string?, string?, ...string[]];
    if (path === undefined || content === undefined || rest.length > 0) {
      throw new Error(`line ${index + 1} of the installer step's answer is not "path content"`);
    }
    const unpacked = unpack(content, left);
    if (unpacked === undefined) throw new Error(`line ${index + 1} of the installer step's answer can't be unpacked, or holds too much`);
    left -= unpacked.length;
    files.push([requirePlainPath(path), unpacked.toString("utf8")]);
  }
  // Assigned one by one, a file called __proto__ would be lost.
  return Object.fromEntries(files);
}

/** What is in gzip's format, in base64; undefined when it isn't, or when it is more than that. */
function unpack(content: string, mostBytes: number): Buffer | undefined {
  try {
    return gunzipSync(Buffer.from(content, "base64"), { maxOutputLength: Math.max(mostBytes, 1) });
  } catch {
    return undefined;
  }
}

/** Paths reach a shell: below the directory, and of plain characters only. */
function requirePlainPath(path: string): string {
  if (!/^[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*$/.test(path) || path.split("/").includes("..")) {
    throw new Error(`${JSON.stringify(path)} is not a plain relative path of letters, digits, ".", "_" and "-"`);
  }
  return path;
}
