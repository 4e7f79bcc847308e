import { connect, type Socket } from "node:net";
import { Client, utils, type AnyAuthMethod, type ClientChannel, type ConnectConfig, type ParsedKey } from "ssh2";
import type { CommandContext } from "./command-context";

/** The address and credentials of one host. The check of the inputs fills in the defaults. */
export interface SshHost {
  readonly host: string;
  readonly user: string;
  readonly port: number;
  readonly password?: string;
  readonly privateKey?: string;
  readonly privateKeyPassword?: string;
  readonly agentSocketPath?: string;
  /** Number of failed attempts that are tolerated; -1 for any number. */
  readonly dialErrorLimit: number;
  /** Time limit of one attempt's TCP connection in seconds; 0 for none. */
  readonly perDialTimeout: number;
  /** The only accepted host key, as a line of a `.pub` file. If undefined, any key is accepted. */
  readonly hostKey?: string;
}

/** A host, and the proxy through which it is reached, if any. */
export interface Connection extends SshHost {
  readonly proxy?: SshHost;
}

/** Delays between attempts in milliseconds: the first, the factor, the longest. Source: pulumi/pulumi, `sdk/go/common/util/retry`. */
const DELAY = { first: 100, factor: 1.5, longest: 5000 } as const;

/**
 * The host key algorithms in the order of Go's ssh library. A server with several host keys presents the key of the first
 * algorithm that it has. Only the presented key can be pinned, because `hostKey` does not change the order. Source:
 * golang.org/x/crypto, `ssh/common.go`, `defaultHostKeyAlgos`.
 */
const HOST_KEY_ALGORITHMS: NonNullable<ConnectConfig["algorithms"]>["serverHostKey"] = [
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
  "rsa-sha2-256",
  "rsa-sha2-512",
  "ssh-rsa",
  "ssh-ed25519",
];

function parsedKey(text: string, password?: string): ParsedKey {
  const key = utils.parseKey(text, password) as Error | ParsedKey | ParsedKey[];
  if (key instanceof Error) throw new Error(`ssh: ${key.message}`);
  if (Array.isArray(key)) return key[0];
  return key;
}

/**
 * The authentication methods in the order in which they are tried: the key; the password, directly and as the answer to every question; and
 * the agent, by default the one in SSH_AUTH_SOCK. Source: `remote/connection.go`. An unreadable key, or an agent that doesn't answer, is an error
 * before anything is dialed.
 */
async function authentication(machine: SshHost): Promise<readonly AnyAuthMethod[]> {
  const { user: username, privateKey, password, privateKeyPassword } = machine;
  const methods: AnyAuthMethod[] = [{ type: "none", username }];
  if (privateKey !== undefined) methods.push({ type: "publickey", username, key: parsedKey(privateKey, privateKeyPassword) });
  if (password !== undefined) {
    methods.push({ type: "password", username, password });
    methods.push({
      type: "keyboard-interactive",
      username,
      prompt: (_name, _instructions, _language, prompts, finish) => {
        finish(prompts.map(() => password));
      },
    });
  }
  const agent = machine.agentSocketPath ?? process.env.SSH_AUTH_SOCK;
  if (agent) {
    (await opened(connect(agent), 0, new AbortController().signal, `dial unix ${agent}`)).destroy();
    methods.push({ type: "agent", username, agent });
  }
  return methods;
}

/** Waits until a socket is connected. `what` names the connection in an error. */
function opened(socket: Socket, seconds: number, signal: AbortSignal, what: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const fail = (reason: string): void => {
      socket.destroy();
      reject(new Error(`${what}: ${reason}`));
    };
    const abort = (): void => {
      fail("context canceled");
    };
    const timer = seconds > 0 ? setTimeout(fail, seconds * 1000, "i/o timeout") : undefined;
    signal.addEventListener("abort", abort);
    const settle = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
    };
    socket.once("connect", () => {
      settle();
      resolve(socket);
    });
    socket.once("error", (error: NodeJS.ErrnoException) => {
      settle();
      fail(error.code === "ECONNREFUSED" ? "connect: connection refused" : error.message);
    });
  });
}

/** Does the ssh handshake over an open stream. */
function handshake(
  machine: SshHost,
  methods: readonly AnyAuthMethod[],
  stream: Socket | ClientChannel,
  signal: AbortSignal,
): Promise<Client> {
  const pinned = machine.hostKey === undefined ? undefined : parsedKey(machine.hostKey);
  return new Promise((resolve, reject) => {
    const client = new Client();
    let mismatch = false;
    const abort = (): void => {
      client.destroy();
      reject(new Error("context canceled"));
    };
    signal.addEventListener("abort", abort);
    client.once("ready", () => {
      signal.removeEventListener("abort", abort);
      resolve(client);
    });
    client.once("close", () => {
      reject(new Error("ssh: handshake failed: EOF"));
    });
    // The listener stays as long as the client lives. An error of an established connection also closes its channels, and the channels' users report it.
    client.on("error", (error) => {
      signal.removeEventListener("abort", abort);
      client.destroy();
      const reason = mismatch
        ? "ssh: host key mismatch"
        : error.level === "client-authentication"
          ? unauthenticated(methods)
          : error.message;
      reject(new Error(`ssh: handshake failed: ${reason}`));
    });
    client.connect({
      sock: stream,
      username: machine.user,
      authHandler: [...methods],
      readyTimeout: 0,
      algorithms: { serverHostKey: HOST_KEY_ALGORITHMS },
      hostVerifier: (key: Buffer) => {
        mismatch = pinned !== undefined && !key.equals(pinned.getPublicSSH());
        return !mismatch;
      },
    });
  });
}

function unauthenticated(methods: readonly AnyAuthMethod[]): string {
  return `ssh: unable to authenticate, attempted methods [${methods.map(({ type }) => type).join(" ")}], no supported methods remain`;
}

/**
 * Repeats an attempt until it succeeds, fails too often, or is cancelled. Pulumi shows every failure next to the resource. Source: `remote/connection.go`,
 * `dialWithRetry`: with a limit of 10 the eleventh failure is final, with 0 the first failure.
 */
async function retried<T>(what: string, limit: number, context: CommandContext, attempt: () => Promise<T>): Promise<T> {
  let delay: number = DELAY.first;
  for (let failures = 1; ; failures++) {
    try {
      return await attempt();
    } catch (error) {
      if (context.signal.aborted) throw new Error("context canceled", { cause: error });
      const reason = error instanceof Error ? error.message : String(error);
      if (limit > -1 && failures > limit) throw new Error(`after ${failures - 1} failed attempts: ${reason}`, { cause: error });
      context.status(`${what} ${failures}/${limit === -1 ? "inf" : limit} failed: retrying`);
    }
    await pause(delay, context.signal);
    delay = Math.min(delay * DELAY.factor, DELAY.longest);
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener("abort", done);
  });
}

async function dialed(machine: SshHost, methods: readonly AnyAuthMethod[], signal: AbortSignal): Promise<Client> {
  const what = `dial tcp ${machine.host}:${machine.port}`;
  return handshake(machine, methods, await opened(connect(machine.port, machine.host), machine.perDialTimeout, signal, what), signal);
}

/** A stream from the proxy to the host. */
function forwarded(proxy: Client, machine: SshHost): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    proxy.forwardOut("127.0.0.1", 0, machine.host, machine.port, (error, channel) => {
      if (error) reject(error);
      else resolve(channel);
    });
  });
}

/** Opens a connection, through the proxy if there is one, runs `use` over it, and closes it. */
export async function connected<T>(connection: Connection, context: CommandContext, use: (client: Client) => Promise<T>): Promise<T> {
  const open: Client[] = [];
  const { signal } = context;
  const closeAll = (): void => {
    for (const client of open) client.destroy();
  };
  signal.addEventListener("abort", closeAll);
  try {
    const methods = await authentication(connection);
    if (connection.proxy === undefined) {
      open.push(await retried("Dial", connection.dialErrorLimit, context, () => dialed(connection, methods, signal)));
    } else {
      open.push(...(await throughProxy(connection, connection.proxy, methods, context)));
    }
    return await use(open[open.length - 1]);
  } finally {
    signal.removeEventListener("abort", closeAll);
    for (const client of open.reverse()) client.end();
  }
}

async function throughProxy(
  connection: Connection,
  proxy: SshHost,
  methods: readonly AnyAuthMethod[],
  context: CommandContext,
): Promise<readonly Client[]> {
  const { signal } = context;
  try {
    const proxyMethods = await authentication(proxy);
    const first = await retried("Dial proxy", proxy.dialErrorLimit, context, () => dialed(proxy, proxyMethods, signal));
    const limit = connection.dialErrorLimit;
    const stream = await retried("Dial from proxy", limit, context, () => forwarded(first, connection));
    return [first, await handshake(connection, methods, stream, signal)];
  } catch (error) {
    throw new Error(`proxy: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
