import { gunzipSync, gzipSync } from "node:zlib";

/**
 * Files as the scripts of the installer host read and write them (`fetch-secrets.sh`, `mirror.sh`): a line for each file with its path, a blank,
 * and its content as gzip and base64. The sandbox has its own code for this format, so a mistake in the program's code is found.
 */
export function packFiles(files: Readonly<Record<string, string>>): string {
  return Object.entries(files)
    .map(([path, content]) => `${path} ${gzipSync(content).toString("base64")}\n`)
    .join("");
}

/** The path and content of each file. */
export function unpackFiles(text: string): [path: string, content: string][] {
  const lines = text.split("\n").filter((line) => line !== "");
  return lines.map((line) => {
    const [path, content] = line.split(" ");
    return [path, gunzipSync(Buffer.from(content, "base64")).toString("utf8")];
  });
}
