import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import {
  ensureToolchain,
  ToolchainError,
  type Progress,
  type Toolchain,
  type ToolchainOptions,
  type ToolName,
} from "../../../../sandbox/toolchain";
import { TOOLS } from "../../../../sandbox/toolchain/table";
import type { NetworkLimits } from "../../../../sandbox/toolchain/network";
import type { Tool } from "../../../../sandbox/toolchain/tool";

/** A server that replaces the vendors' hosts: files by path, and paths that never answer or stop in the middle. */
export class VendorHost {
  readonly files = new Map<string, Buffer | string>();
  readonly hanging = new Set<string>();
  readonly stalling = new Set<string>();
  readonly requests: string[] = [];
  private readonly server: Server;

  constructor() {
    this.server = createServer(({ url = "" }, response) => {
      this.answer(url, response);
    });
  }

  private answer(url: string, response: ServerResponse): void {
    this.requests.push(url);
    const content = this.files.get(url);
    if (this.hanging.has(url)) return;
    if (content === undefined) {
      response.writeHead(404).end("not found");
    } else if (this.stalling.has(url)) {
      response.writeHead(200, { "content-length": Buffer.byteLength(content) }).write(Buffer.from(content).subarray(0, 1));
    } else {
      response.writeHead(200, { "content-length": Buffer.byteLength(content) }).end(content);
    }
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** Time limits that a server on loopback never reaches, however busy the machine is. */
export const patient: NetworkLimits = { answerSeconds: 60, stallSeconds: 60 };

/** A cache, a PATH that contains only the programs for unpacking archives, and the reported events. */
export class Workplace {
  readonly directory = mkdtempSync(join(tmpdir(), "toolchain-"));
  readonly cache = join(this.directory, "cache");
  readonly bin = join(this.directory, "bin");
  readonly events: Progress[] = [];

  constructor() {
    mkdirSync(this.bin);
    for (const program of ["tar", "gzip", "sh"])
      symlinkSync(execFileSync("which", [program], { encoding: "utf8" }).trim(), join(this.bin, program));
  }

  /** Writes a script into this workplace, by default on its PATH. */
  script(file: string, text = "exit 0"): string {
    const path = join(this.directory, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `#!/bin/sh\n${text}\n`);
    chmodSync(path, 0o755);
    return path;
  }

  ensure<Name extends ToolName>(names: readonly Name[], options: ToolchainOptions & { given?: string } = {}): Promise<Toolchain<Name>> {
    const { given, ...rest } = options;
    return ensureToolchain(names, {
      cacheDirectory: this.cache,
      environment: { PATH: this.bin, OKD_TOOLCHAIN: given },
      limits: patient,
      progress: (event) => this.events.push(event),
      ...rest,
    });
  }

  /** The text of the error. */
  async failure(names: readonly ToolName[], options: ToolchainOptions & { given?: string } = {}): Promise<string> {
    return this.ensure(names, options).then(
      () => {
        throw new Error("it did not fail");
      },
      (error: unknown) => {
        if (error instanceof ToolchainError) return error.message;
        throw error;
      },
    );
  }

  remove(): void {
    rmSync(this.directory, { recursive: true });
  }
}

/** The table with one tool replaced. */
export function tableWith(name: ToolName, tool: Partial<Tool>): Record<ToolName, Tool> {
  return { ...TOOLS, [name]: { ...TOOLS[name], ...tool } };
}

/** An archive with one file. */
export function archiveOf(member: string, content: string): Buffer {
  const directory = mkdtempSync(join(tmpdir(), "archive-"));
  mkdirSync(dirname(join(directory, member)), { recursive: true });
  writeFileSync(join(directory, member), content, { mode: 0o755 });
  execFileSync("tar", ["-czf", "archive.tar.gz", member], { cwd: directory });
  const archive = readFileSync(join(directory, "archive.tar.gz"));
  rmSync(directory, { recursive: true });
  return archive;
}

export function sumOf(content: Buffer | string): string {
  return createHash("sha256").update(content).digest("hex");
}
