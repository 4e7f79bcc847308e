import { kMaxLength } from "node:buffer";
import { gunzipSync, gzipSync } from "node:zlib";

/**
 * Encodes files for the transfer to or from the executor through standard input and output: one line per file with its path, a blank, and
 * its content as gzip and base64. A shell can read and write this format with `read`, `base64` and `gzip` alone.
 */
export function encodeFiles(files: Readonly<Record<string, string>>): string {
  return Object.entries(files)
    .map(([path, content]) => `${requirePlainPath(path)} ${gzipSync(content).toString("base64")}\n`)
    .join("");
}

/**
 * Decodes the output of `encodeFiles`.
 *
 * @param maxBytes limit for all files together
 * @throws Error if a line has another format or the files exceed the limit. The message does not quote their content, which may be secret.
 */
export function decodeFiles(text: string, maxBytes = Infinity): Record<string, string> {
  const files: [path: string, content: string][] = [];
  let left = Math.min(maxBytes, kMaxLength);
  for (const [index, line] of text.split("\n").entries()) {
    if (line === "") continue;
    const [path, content, ...rest] = line.split(" ") as [string?, string?, ...string[]];
    if (path === undefined || content === undefined || rest.length > 0) {
      throw new Error(`line ${index + 1} of the installer step's answer does not have the form <path> <content>`);
    }
    const unpacked = unpack(content, left);
    if (unpacked === undefined) throw new Error(`line ${index + 1} of the installer step's answer can't be unpacked, or is too large`);
    left -= unpacked.length;
    files.push([requirePlainPath(path), unpacked.toString("utf8")]);
  }
  // Object.fromEntries keeps a file named __proto__; an assignment would lose it.
  return Object.fromEntries(files);
}

/** Decodes base64 and gzip; undefined if the content is not in this format, or larger than the limit. */
function unpack(content: string, maxBytes: number): Buffer | undefined {
  try {
    return gunzipSync(Buffer.from(content, "base64"), { maxOutputLength: Math.max(maxBytes, 1) });
  } catch {
    return undefined;
  }
}

/** Checks a path, because a shell will use it: relative, inside the directory, and of plain characters only. */
function requirePlainPath(path: string): string {
  if (!/^[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*$/.test(path) || path.split("/").includes("..")) {
    throw new Error(`${JSON.stringify(path)} is not a plain relative path of letters, digits, ".", "_" and "-"`);
  }
  return path;
}
