import { renameSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { type Connection, messageOf } from "./approver";

/** Seconds between two looks at EC2, and between two writings of the status file: a quarter of the time after which the host takes the program for dead. */
const interval = 30;

/** Where the approver shows outside whether it works. */
export interface StatusOptions {
  /** Path of the file that the installer host's health script reads; nothing is written without it. */
  readonly file: string | undefined;
  readonly inventory: { read(): Promise<unknown> };
  /** Tells the cluster that the approver works. */
  readonly beat: () => Promise<void>;
  readonly log: (line: Readonly<Record<string, unknown>>) => void;
}

/**
 * Whether the approver can do its work: it reaches the cluster's API, and EC2 answers. EC2 is asked regularly, whether there is a request or
 * not, so that a missing permission shows before a machine waits for its certificate.
 */
export class Status {
  private connection: Connection = { state: "waiting", reason: "it has just been started" };
  private inventoryTrouble = "";
  /** What else fails, by the event under which it was logged: nothing of it may keep the approver from approving. */
  private readonly troubles = new Map<string, string>();
  private wake: () => void = () => undefined;

  constructor(private readonly options: StatusOptions) {}

  readonly report = (connection: Connection): void => {
    const changed = connection.state !== this.connection.state;
    this.connection = connection;
    if (changed) this.wake();
  };

  /** Looks at EC2, writes the file and sends the heartbeat, regularly and after every change, until it is stopped. */
  async run(stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      const woken = new AbortController();
      this.wake = () => {
        woken.abort();
      };
      this.inventoryTrouble = await this.attempt("no-inventory", () => this.options.inventory.read());
      await this.attempt("no-status", () => {
        this.write();
      });
      if (this.current.state === "working") await this.attempt("no-heartbeat", this.options.beat);
      await sleep(interval * 1000, undefined, { signal: AbortSignal.any([stop, woken.signal]) }).catch(() => undefined);
    }
  }

  private get current(): Connection {
    if (this.inventoryTrouble !== "") return { state: "failing", reason: `EC2 gives no answer: ${this.inventoryTrouble}` };
    const { state, reason } = this.connection;
    return { state, reason: state === "failing" ? `the cluster's API gives no answer: ${reason}` : reason };
  }

  /** A line "time state", with the time in seconds, and a line with the reason. Renamed into place, so that nobody reads half of it. */
  private write(): void {
    const { file } = this.options;
    if (file === undefined) return;
    const { state, reason } = this.current;
    writeFileSync(`${file}.new`, `${Math.floor(Date.now() / 1000)} ${state}\n${reason.replace(/\s+/g, " ").slice(0, 300)}\n`);
    renameSync(`${file}.new`, file);
  }

  /** Does something that may fail; answers why it did, and logs that when it is news. */
  private async attempt(event: string, work: () => unknown): Promise<string> {
    const trouble = await Promise.resolve()
      .then(work)
      .then(() => "", messageOf);
    if (trouble !== "" && trouble !== this.troubles.get(event)) this.options.log({ event, message: trouble });
    this.troubles.set(event, trouble);
    return trouble;
  }
}
