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
 * @throws Error when a line is not of that form, without quoting its content, which may be secret.
 */
export function decodeFiles(text: string): Record<string, string> {
  const files: [path: string, content: string][] = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (line === "") continue;
    const [path, content, ...rest] = line.split(" ") as [string?, string?, ...string[]];
    if (path === undefined || content === undefined || rest.length > 0) {
      throw new Error(`line ${index + 1} of the installer step's answer is not "path content"`);
    }
    files.push([requirePlainPath(path), gunzipSync(Buffer.from(content, "base64")).toString("utf8")]);
  }
  // Assigned one by one, a file called __proto__ would be lost.
  return Object.fromEntries(files);
}

/** Paths reach a shell: below the directory, and of plain characters only. */
function requirePlainPath(path: string): string {
  if (!/^[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*$/.test(path) || path.split("/").includes("..")) {
    throw new Error(`${JSON.stringify(path)} is not a plain relative path of letters, digits, ".", "_" and "-"`);
  }
  return path;
}
