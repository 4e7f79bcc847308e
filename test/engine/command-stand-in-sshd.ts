import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { freePort } from "@okd-aws/sandbox/free-port";

const SSHD = "/usr/sbin/sshd";

/** The reason why no OpenSSH server can run here; undefined if one can. */
export const WITHOUT_SSHD = existsSync(SSHD) ? undefined : `there is no ${SSHD}: install openssh-server`;

function makeKey(file: string, type: string, passphrase = ""): string {
  execFileSync("ssh-keygen", ["-q", "-t", type, "-N", passphrase, "-f", file]);
  return readFileSync(file, "utf8");
}

/** A real OpenSSH server on loopback with its own keys, for the user who runs the test. */
export class Sshd {
  private process: ChildProcess | undefined;

  private constructor(
    private readonly folder: string,
    readonly port: number,
    readonly user: string,
    /** The key with which the user logs in. `encryptedKey` is another key, encrypted with `passphrase`. */
    readonly privateKey: string,
    readonly encryptedKey: string,
  ) {}

  /** Starts a server with host keys of the given types. The server accepts the variables `ACCEPTED` and `PULUMI_COMMAND_STDOUT`. */
  static async start(hostKeys?: readonly string[]): Promise<Sshd> {
    const sshd = await Sshd.prepare(hostKeys);
    await sshd.listen();
    return sshd;
  }

  /** Makes the port, keys and configuration of a server that does not listen yet. */
  static async prepare(hostKeys: readonly string[] = ["ed25519"]): Promise<Sshd> {
    const folder = mkdtempSync(join(tmpdir(), "command-stand-in-sshd-"));
    const port = await freePort();
    const [privateKey, encryptedKey] = [
      makeKey(join(folder, "user"), "ed25519"),
      makeKey(join(folder, "encrypted"), "ed25519", "passphrase"),
    ];
    writeFileSync(
      join(folder, "authorized"),
      readFileSync(join(folder, "user.pub"), "utf8") + readFileSync(join(folder, "encrypted.pub"), "utf8"),
    );
    for (const type of hostKeys) makeKey(join(folder, `host_${type}`), type);
    const settings = [
      `Port ${port}`,
      "ListenAddress 127.0.0.1",
      ...hostKeys.map((type) => `HostKey ${join(folder, `host_${type}`)}`),
      `AuthorizedKeysFile ${join(folder, "authorized")}`,
      "PidFile none",
      "StrictModes no",
      "UsePAM no",
      "PasswordAuthentication no",
      "AcceptEnv ACCEPTED PULUMI_COMMAND_STDOUT",
      "Subsystem sftp internal-sftp",
      "MaxStartups 100",
    ];
    writeFileSync(join(folder, "config"), `${settings.join("\n")}\n`);
    return new Sshd(folder, port, userInfo().username, privateKey, encryptedKey);
  }

  /** Waits until the server answers. */
  async listen(): Promise<void> {
    // As root, sshd requires this directory. Usually the start of the sshd service creates it.
    if (process.getuid?.() === 0) mkdirSync("/run/sshd", { recursive: true });
    const child = spawn(SSHD, ["-D", "-e", "-f", join(this.folder, "config")], { stdio: ["ignore", "ignore", "pipe"] });
    this.process = child;
    let said = "";
    child.stderr.on("data", (data: Buffer) => {
      said += data.toString();
    });
    for (let tries = 0; !(await answers(this.port)); tries++) {
      if (tries > 100 || child.exitCode !== null) throw new Error(`sshd did not start: ${said}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** The line of a host key's `.pub` file. */
  hostKey(type = "ed25519"): string {
    return readFileSync(join(this.folder, `host_${type}.pub`), "utf8");
  }

  /** The connection, in the form of the command's inputs. */
  connection(more: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
    const machine = { host: "127.0.0.1", port: this.port, user: this.user, privateKey: this.privateKey };
    return { ...machine, dialErrorLimit: 0, perDialTimeout: 5, ...more };
  }

  async stop(): Promise<void> {
    const { process } = this;
    if (process?.exitCode === null) {
      const ended = new Promise((resolve) => process.once("exit", resolve));
      process.kill("SIGTERM");
      await ended;
    }
    rmSync(this.folder, { recursive: true });
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("error", () => {
      resolve(false);
    });
    socket.once("data", () => {
      socket.destroy();
      resolve(true);
    });
  });
}
