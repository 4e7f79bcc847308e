import type { Client, ClientChannel } from "ssh2";
import type { Capture } from "./capture";

/**
 * The ssh2 library's private members that are used here, and nowhere else (1.17, pinned in package.json). A session's environment is set
 * variable by variable before its command starts, with the server's answer to each. The library's public API doesn't ask for an answer, so
 * it can't notice that a server accepts no variables.
 */
interface Inside {
  readonly _chanMgr: { add(opened: Opened): number };
  readonly _protocol: {
    session(channel: number, window: number, packet: number): void;
    env(channel: number, name: string, value: string, wantReply: true): void;
    exec(channel: number, command: string, wantReply: true): void;
  };
}

/** The library's callback for an opened channel carries the channel's kind. */
type Opened = ((error: Error | undefined, channel: Channel) => void) & { type?: "session" };

type Channel = ClientChannel & {
  readonly outgoing: { readonly id: number };
  /** One entry per request that waits for an answer, in order. */
  readonly _callbacks: ((failed: boolean | Error) => void)[];
};

/** The library's default sizes (`lib/Channel.js`). */
const WINDOW = 2 * 1024 * 1024;
const PACKET = 32 * 1024;

/** The numbers of the signals named by ssh (RFC 4254, 6.10), for the exit status of a command that a signal ended. */
const SIGNALS: Readonly<Record<string, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGILL: 4,
  SIGABRT: 6,
  SIGFPE: 8,
  SIGKILL: 9,
  SIGSEGV: 11,
  SIGPIPE: 13,
  SIGALRM: 14,
  SIGTERM: 15,
};

/** An SSH session. Variables can be set until its one command starts. */
export class Session {
  private readonly closed: Promise<void>;

  private constructor(
    private readonly inside: Inside,
    private readonly channel: Channel,
  ) {
    this.closed = new Promise((resolve) => {
      channel.once("close", () => {
        resolve();
      });
    });
  }

  /** Opens a session on a connection. */
  static open(client: Client): Promise<Session> {
    const inside = client as unknown as Inside;
    return new Promise((resolve, reject) => {
      const opened: Opened = (error, channel) => {
        if (error) reject(error);
        else resolve(new Session(inside, channel));
      };
      opened.type = "session";
      client.once("close", () => {
        reject(new Error("ssh: connection lost"));
      });
      inside._protocol.session(inside._chanMgr.add(opened), WINDOW, PACKET);
    });
  }

  /** Sets a variable. Rejects if the server doesn't accept it (`AcceptEnv`). */
  setVariable(name: string, value: string): Promise<void> {
    return this.answered("ssh: setenv failed", () => {
      this.inside._protocol.env(this.channel.outgoing.id, name, value, true);
    });
  }

  /**
   * Runs the command until it ends. Returns undefined on success, otherwise how the command ended, in the words of Go's ssh library. Without input the
   * command's standard input is empty.
   */
  async run(command: string, stdin: string, capture: Capture): Promise<string | undefined> {
    const { channel } = this;
    channel.on("data", (data: Buffer) => {
      capture.add("stdout", data);
    });
    channel.stderr.on("data", (data: Buffer) => {
      capture.add("stderr", data);
    });
    const ended = new Promise<string | undefined>((resolve) => {
      let reason: string | undefined = "wait: remote command exited without exit status or exit signal";
      channel.on("exit", (code: number | null, signal?: string, _dump?: unknown, description?: string) => {
        reason = code === 0 ? undefined : exited(code, signal, description);
      });
      channel.on("close", () => {
        resolve(reason);
      });
    });
    await this.answered(`ssh: command ${command} failed`, () => {
      this.inside._protocol.exec(channel.outgoing.id, command, true);
    });
    channel.end(stdin);
    return ended;
  }

  private answered(failure: string, request: () => void): Promise<void> {
    return new Promise((resolve, reject) => {
      this.channel._callbacks.push((failed) => {
        if (failed === false) resolve();
        else reject(new Error(failure));
      });
      void this.closed.then(() => {
        reject(new Error(`${failure}: connection lost`));
      });
      request();
    });
  }
}

function exited(code: number | null, signal?: string, description?: string): string {
  const status = code ?? 128 + (SIGNALS[signal ?? ""] ?? 0);
  const by = signal === undefined ? "" : ` from signal ${signal.replace(/^SIG/, "")}`;
  return `Process exited with status ${status}${by}${description ? `. Reason was: ${description}` : ""}`;
}
