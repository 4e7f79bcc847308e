import { spawn } from "node:child_process";
import { timingSafeEqual } from "node:crypto";
import type { AddressInfo } from "node:net";
import { type AuthContext, type Connection, type ParsedKey, Server, type ServerChannel, utils } from "ssh2";

export interface HostSshOptions {
  /** The host's private key. */
  readonly hostKey: string;
  /** Lines of authorized_keys. */
  readonly authorizedKeys: readonly string[];
  /** The only user that may log in. */
  readonly user: string;
  /** Environment and directory of the commands of a session. */
  readonly environment: () => NodeJS.ProcessEnv;
  readonly home: string;
}

/**
 * The sshd of a simulated instance, on loopback. It is not OpenSSH's sshd, which would need an account with the user's name on this
 * computer. It speaks the full ssh protocol, accepts the keys of the instance's ignition config, and runs one command per session in a
 * shell, as sshd does.
 */
export class HostSsh {
  private constructor(private readonly server: Server) {}

  static async start(options: HostSshOptions): Promise<HostSsh> {
    const keys = options.authorizedKeys.map(publicKey);
    const server = new Server({ hostKeys: [options.hostKey] }, (client) => {
      client.on("authentication", (context) => {
        if (context.username === options.user && keys.some((key) => proves(context, key))) context.accept();
        else context.reject(["publickey"]);
      });
      // Not a problem: a client that only checks whether the port is open disconnects at once.
      client.on("error", () => client.end());
      client.on("ready", () => {
        serve(client, options);
      });
    });
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(0, "127.0.0.1", resolve);
    });
    return new HostSsh(server);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  close(): void {
    this.server.close();
  }
}

function publicKey(line: string): ParsedKey {
  const key = utils.parseKey(line);
  if (key instanceof Error) throw key;
  return key;
}

/** Whether a client has the private half of a key. It first asks whether the key would be accepted, and then signs with it. */
function proves(context: AuthContext, key: ParsedKey): boolean {
  if (context.method !== "publickey") return false;
  const allowed = key.getPublicSSH();
  if (context.key.data.length !== allowed.length || !timingSafeEqual(context.key.data, allowed)) return false;
  if (context.signature === undefined || context.blob === undefined) return true;
  // `verify` may return an Error, which its type doesn't say.
  const valid: unknown = key.verify(context.blob, context.signature, context.hashAlgo);
  return valid === true;
}

function serve(client: Connection, options: HostSshOptions): void {
  client.on("session", (accept) => {
    accept().on("exec", (acceptCommand, _reject, { command }) => {
      run(client, command, acceptCommand(), options);
    });
  });
}

function run(client: Connection, command: string, channel: ServerChannel, { environment, home }: HostSshOptions): void {
  const child = spawn("bash", ["-c", command], { cwd: home, env: environment(), stdio: ["pipe", "pipe", "pipe"] });
  channel.pipe(child.stdin);
  // Not a problem: a command may end before it has read its whole standard input.
  child.stdin.on("error", () => undefined);
  child.stdout.pipe(channel, { end: false });
  child.stderr.pipe(channel.stderr, { end: false });
  // When the connection ends, sshd ends the command that it started.
  const hangUp = () => child.kill("SIGTERM");
  client.once("close", hangUp);
  child.once("error", (error) => {
    channel.stderr.write(`${error.message}\n`);
    channel.exit(127);
    channel.end();
  });
  child.once("close", (code, signal) => {
    client.off("close", hangUp);
    if (signal === null) channel.exit(code ?? 255);
    else channel.exit(signal.replace("SIG", ""));
    channel.end();
  });
}
