import { chmodSync, renameSync } from "node:fs";
import { join } from "node:path";
import { ChecksumMismatch, Unavailable } from "../errors";
import { run } from "../run";
import type { Platform, Way } from "../tool";
import type { Vendors } from "../vendors";

export interface ReleaseFile {
  readonly vendor: Exclude<keyof Vendors, "plugins">;
  /** Path of the file on the vendor's host; undefined if the vendor has no file for the platform. */
  readonly path: (platform: Platform) => string | undefined;
  /** Path of the file that contains the SHA-256 of the file at `path`. */
  readonly sums: (path: string) => string;
  /** The archive's member that is the tool. @default the file is the tool itself */
  readonly member?: (platform: Platform) => string;
}

/** A vendor's release file. It is kept only if its checksum matches the vendor's list. */
export function release(name: string, file: ReleaseFile): Way {
  return {
    name,
    obtain: async ({ entry, scratch, platform, vendors, network, environment, tool }) => {
      const path = file.path(platform);
      if (path === undefined) throw new Unavailable(`there is no release for ${platform.os}/${platform.arch}`);
      const url = vendors[file.vendor] + path;
      const sumsUrl = vendors[file.vendor] + file.sums(path);
      const fileName = url.slice(url.lastIndexOf("/") + 1);
      const published = findSum(await network.text(sumsUrl), fileName);
      if (published === undefined) throw new Unavailable(`${sumsUrl} has no SHA-256 of ${fileName}, so the download can't be checked`);

      const target = join(entry, tool.file);
      const download = join(scratch, fileName);
      const received = await network.download(url, download);
      if (received !== published) throw new ChecksumMismatch(url, published, received);

      if (file.member === undefined) {
        renameSync(download, target);
      } else {
        await run("tar", ["-xf", download, "-C", scratch, file.member(platform)], { environment, install: "tar" });
        renameSync(join(scratch, file.member(platform)), target);
      }
      chmodSync(target, 0o755);
    },
  };
}

/** A file's checksum in a list written by `sha256sum`, or in a file that contains only one checksum. */
export function findSum(list: string, fileName: string): string | undefined {
  const lines = list
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const [first = ""] = lines;
  if (lines.length === 1 && /^[0-9a-f]{64}$/i.test(first)) return first.toLowerCase();
  for (const line of lines) {
    const match = /^([0-9a-f]{64})\s+\*?(?:\.\/)?(.+)$/i.exec(line);
    if (match?.at(2) === fileName) return match.at(1)?.toLowerCase();
  }
  return undefined;
}

/** The path of `file` in the same directory as `path`. */
export function inSameDirectory(path: string, file: string): string {
  return `${path.slice(0, path.lastIndexOf("/"))}/${file}`;
}

/** A processor's name as `uname -m` prints it. */
export function unameOf(arch: string): string {
  return { amd64: "x86_64", arm64: "aarch64" }[arch] ?? arch;
}
