import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { create, extract } from "tar";
import type { Destination, Source } from "./copy";
import type { ImageReference } from "./reference";

interface Entry {
  readonly host: string;
  readonly repository: string;
  readonly names: readonly string[];
  readonly digest: string;
  readonly type: string;
}

/**
 * The images of an archive `mirror_000001.tar`, unpacked in a directory. They are written to the directory before it
 * is packed, and read from it after the archive was unpacked.
 */
export class Archive implements Source, Destination {
  private readonly entries: Entry[] = [];

  private constructor(private readonly content: string) {
    mkdirSync(join(content, "blobs"), { recursive: true });
    if (existsSync(this.index)) this.entries.push(...(JSON.parse(readFileSync(this.index, "utf8")) as Entry[]));
  }

  static empty(directory: string): Archive {
    const content = join(directory, "working-dir", "archive");
    rmSync(content, { recursive: true, force: true });
    return new Archive(content);
  }

  /** @throws Error if the directory has no archive */
  static unpacked(directory: string): Archive {
    const parts = readdirSync(directory).filter((name) => /^mirror_\d+\.tar$/.test(name));
    if (parts.length === 0) throw new Error(`there is no archive mirror_000001.tar in ${directory}`);
    const archive = Archive.empty(directory);
    for (const part of parts.sort()) extract({ file: join(directory, part), cwd: archive.content, sync: true });
    return new Archive(archive.content);
  }

  pack(directory: string): void {
    writeFileSync(this.index, JSON.stringify(this.entries));
    create({ file: join(directory, "mirror_000001.tar"), cwd: this.content, sync: true }, ["index.json", "blobs"]);
  }

  put(_place: unknown, { reference, digest, manifest, type, blobs }: Parameters<Destination["put"]>[1]): Promise<void> {
    for (const blob of [{ digest, bytes: manifest }, ...blobs]) writeFileSync(this.file(blob.digest), blob.bytes);
    const { host, repository, tag } = reference;
    this.entries.push({ host, repository, names: tag === undefined ? [digest] : [digest, tag], digest, type });
    return Promise.resolve();
  }

  manifest({ host, repository, tag, digest }: ImageReference): Promise<{ bytes: Buffer; type: string }> {
    const name = digest ?? tag ?? "";
    const entry = this.entries.find((each) => each.host === host && each.repository === repository && each.names.includes(name));
    if (entry === undefined) return Promise.reject(new Error(`the archive has no ${host}/${repository} ${name}`));
    return Promise.resolve({ bytes: readFileSync(this.file(entry.digest)), type: entry.type });
  }

  blob(_reference: ImageReference, digest: string): Promise<Buffer> {
    return Promise.resolve(readFileSync(this.file(digest)));
  }

  private get index(): string {
    return join(this.content, "index.json");
  }

  private file(digest: string): string {
    return join(this.content, "blobs", digest.replace("sha256:", ""));
  }
}
