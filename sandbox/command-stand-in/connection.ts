import { connect, type Socket } from "node:net";
import { Client, utils, type AnyAuthMethod, type ClientChannel, type ConnectConfig, type ParsedKey } from "ssh2";
import type { Operation } from "./operation";

/** How to reach one machine; the defaults are set by the check. */
export interface Machine {
  readonly host: string;
  readonly user: string;
  readonly port: number;
  readonly password?: string;
  readonly privateKey?: string;
  readonly privateKeyPassword?: string;
  readonly agentSocketPath?: string;
  /** Failed attempts after which dialing ends; -1 for none. */
  readonly dialErrorLimit: number;
  /** Seconds for the TCP connection of one attempt; 0 for no limit. */
  readonly perDialTimeout: number;
  /** The one host key that is accepted, as a line of a `.pub` file; any is accepted without it. */
  readonly hostKey?: string;
}

/** A machine, and the one through which it is reached where it can't be reached directly. */
export interface Connection extends Machine {
  readonly proxy?: Machine;
}

/** Waiting times between attempts in milliseconds: the first, the factor, the longest. Source: pulumi/pulumi, `sdk/go/common/util/retry`. */
const DELAY = { first: 100, factor: 1.5, longest: 5000 } as const;

/**
 * The host key algorithms in the order of Go's ssh library. It decides which key a server with several presents, and so which key can be pinned:
 * the order is not changed by `hostKey`. Source: golang.org/x/crypto, `ssh/common.go`, `defaultHostKeyAlgos`.
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
 * What a connection authenticates with, in the order in which it is tried: the key, the password as such and as the answer to every question, the
 * agent, which is the one of the environment unless given. Source: `remote/connection.go`. A key that can't be read, and an agent that doesn't
 * answer, are errors before anything is dialed.
 */
async function authentication(machine: Machine): Promise<readonly AnyAuthMethod[]> {
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

/** Waits until a socket is connected. */
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
  machine: Machine,
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
    // Stays for the client's life: an error of an established connection also ends its channels, which is where it is noticed.
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
 * Attempts something until it succeeds, fails more often than allowed, or is cancelled. Every failure is shown beside the resource. Source:
 * `remote/connection.go`, `dialWithRetry`: a limit of 10 means that the eleventh failure is final, one of 0 that the first is.
 */
async function retried<T>(what: string, limit: number, operation: Operation, attempt: () => Promise<T>): Promise<T> {
  let delay: number = DELAY.first;
  for (let failures = 1; ; failures++) {
    try {
      return await attempt();
    } catch (error) {
      if (operation.signal.aborted) throw new Error("context canceled", { cause: error });
      const reason = error instanceof Error ? error.message : String(error);
      if (limit > -1 && failures > limit) throw new Error(`after ${failures - 1} failed attempts: ${reason}`, { cause: error });
      operation.status(`${what} ${failures}/${limit === -1 ? "inf" : limit} failed: retrying`);
    }
    await pause(delay, operation.signal);
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

async function dialed(machine: Machine, methods: readonly AnyAuthMethod[], signal: AbortSignal): Promise<Client> {
  const what = `dial tcp ${machine.host}:${machine.port}`;
  return handshake(machine, methods, await opened(connect(machine.port, machine.host), machine.perDialTimeout, signal, what), signal);
}

/** A stream from the proxy to the machine. */
function forwarded(proxy: Client, machine: Machine): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    proxy.forwardOut("127.0.0.1", 0, machine.host, machine.port, (error, channel) => {
      if (error) reject(error);
      else resolve(channel);
    });
  });
}

/** Runs `use` over a connection that is opened for it, through the proxy where there is one, and closed after it. */
export async function connected<T>(connection: Connection, operation: Operation, use: (client: Client) => Promise<T>): Promise<T> {
  const open: Client[] = [];
  const { signal } = operation;
  const closeAll = (): void => {
    for (const client of open) client.destroy();
  };
  signal.addEventListener("abort", closeAll);
  try {
    const methods = await authentication(connection);
    if (connection.proxy === undefined) {
      open.push(await retried("Dial", connection.dialErrorLimit, operation, () => dialed(connection, methods, signal)));
    } else {
      open.push(...(await throughProxy(connection, connection.proxy, methods, operation)));
    }
    return await use(open[open.length - 1]);
  } finally {
    signal.removeEventListener("abort", closeAll);
    for (const client of open.reverse()) client.end();
  }
}

async function throughProxy(
  connection: Connection,
  proxy: Machine,
  methods: readonly AnyAuthMethod[],
  operation: Operation,
): Promise<readonly Client[]> {
  const { signal } = operation;
  try {
    const proxyMethods = await authentication(proxy);
    const first = await retried("Dial proxy", proxy.dialErrorLimit, operation, () => dialed(proxy, proxyMethods, signal));
    const limit = connection.dialErrorLimit;
    const stream = await retried("Dial from proxy", limit, operation, () => forwarded(first, connection));
    return [first, await handshake(connection, methods, stream, signal)];
  } catch (error) {
    throw new Error(`proxy: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
