import { execFile, type ExecFileException } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { environmentFile } from "../../../../ignition/installer-host/installer-host";

const scripts = join(__dirname, "..", "..", "..", "..", "ignition", "installer-host", "scripts");

/** How a script ended. */
export interface HostScriptResult {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Computes the status and the body with which a server on loopback answers a request. */
export type Handler = (method: string, path: string, headers: Readonly<Record<string, unknown>>) => readonly [number, string | Buffer];

/** A directory that replaces the installer host: programs on the PATH, and directories for the files that the scripts read and write. */
export class StubHost {
  readonly root = mkdtempSync(join(tmpdir(), "host-"));
  readonly tools = this.folder("tools");
  readonly etc = this.folder("etc");
  readonly ssh = this.folder("ssh");
  readonly data = this.folder("data");
  private readonly bin = this.folder("bin");
  private server: Server | undefined;

  constructor() {
    // The scripts call the instance metadata service through okd-metadata. METADATA is the URL of the server that answers instead.
    writeFileSync(join(this.bin, "okd-metadata"), `#!/bin/bash\nexec bash ${join(scripts, "metadata.sh")} "$@"\n`, { mode: 0o755 });
  }

  private folder(name: string): string {
    const path = join(this.root, name);
    mkdirSync(path);
    return path;
  }

  /** Puts a stub on the PATH. When it is called, the stub first records its arguments. */
  stub(name: string, body: string): void {
    writeFileSync(join(this.bin, name), `#!/bin/bash\nprintf '%s\\n' "${name} $*" >>${this.root}/calls\n${body}\n`, { mode: 0o755 });
  }

  /** The calls of the stubs: name and arguments, in their order. */
  calls(): string[] {
    const file = join(this.root, "calls");
    return existsSync(file) ? readFileSync(file, "utf8").trimEnd().split("\n") : [];
  }

  /** Runs a script as its unit does, with the host's environment file. */
  async run(
    name: string,
    { METADATA = "", ...variables }: Readonly<Record<string, string>>,
    args: readonly string[] = [],
  ): Promise<HostScriptResult> {
    const file = join(this.root, "host.env");
    writeFileSync(file, environmentFile(variables));
    const env = {
      PATH: `${this.bin}:/usr/bin:/bin`,
      OKD_HOST_ENV: file,
      TMPDIR: this.root,
      AWS_EC2_METADATA_SERVICE_ENDPOINT: METADATA,
    };
    return new Promise((resolve) => {
      const ended = (error: ExecFileException | null, stdout: string, stderr: string) => {
        resolve({ status: error === null ? 0 : Number(error.code ?? -1), stdout, stderr });
      };
      execFile("bash", [join(scripts, `${name}.sh`), ...args], { env, timeout: 30_000 }, ended);
    });
  }

  /** Starts a server on loopback and returns its URL. The server answers until `serve` is called again, or until the fixture is closed. */
  async serve(handler: Handler): Promise<string> {
    await this.stopServing();
    const server = createServer(({ method = "", url = "", headers }, response) => {
      const [status, body] = handler(method, url, headers);
      response.writeHead(status, { connection: "close" }).end(body);
    });
    this.server = server;
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  async stopServing(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (server) await new Promise((resolve) => server.close(resolve));
  }

  async close(): Promise<void> {
    await this.stopServing();
    rmSync(this.root, { recursive: true });
  }
}
