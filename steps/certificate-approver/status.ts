import { renameSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { type ConnectionState, shortMessage } from "./approver";

/** Seconds between two checks of EC2, and between two updates of the status file: a quarter of the time after which the host considers the program dead. */
const checkIntervalSeconds = 30;

/** Where the approver reports whether it works. */
export interface StatusOptions {
  /** Path of the file that the installer host's health script reads; undefined: no file is written. */
  readonly file: string | undefined;
  readonly inventory: { read(): Promise<unknown> };
  /** Sends a heartbeat to the cluster. */
  readonly beat: () => Promise<void>;
  readonly log: (line: Readonly<Record<string, unknown>>) => void;
}

/**
 * Checks whether the approver can work: it reaches the cluster's API, and EC2 answers. EC2 is called regularly, also without a CSR, so that a missing
 * permission is noticed before an instance waits for its certificate.
 */
export class Status {
  private connection: ConnectionState = { state: "waiting", reason: "it has just been started" };
  private inventoryTrouble = "";
  /** The last message of other errors, by the event under which it was logged. These errors do not stop the approver. */
  private readonly troubles = new Map<string, string>();
  private wake: () => void = () => undefined;

  constructor(private readonly options: StatusOptions) {}

  readonly report = (connection: ConnectionState): void => {
    const changed = connection.state !== this.connection.state;
    this.connection = connection;
    if (changed) this.wake();
  };

  /** Checks EC2, writes the file and sends the heartbeat, regularly and after every change, until it is stopped. */
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
      await sleep(checkIntervalSeconds * 1000, undefined, { signal: AbortSignal.any([stop, woken.signal]) }).catch(() => undefined);
    }
  }

  private get current(): ConnectionState {
    if (this.inventoryTrouble !== "") return { state: "failing", reason: `EC2 gives no answer: ${this.inventoryTrouble}` };
    const { state, reason } = this.connection;
    return { state, reason: state === "failing" ? `the cluster's API gives no answer: ${reason}` : reason };
  }

  /** Writes a line "time state", with the time in seconds, and a line with the reason. The file is renamed into place, so that a reader never sees a part of it. */
  private write(): void {
    const { file } = this.options;
    if (file === undefined) return;
    const { state, reason } = this.current;
    writeFileSync(`${file}.new`, `${Math.floor(Date.now() / 1000)} ${state}\n${reason.replace(/\s+/g, " ").slice(0, 300)}\n`);
    renameSync(`${file}.new`, file);
  }

  /** Does work that may fail. Returns the error's message, and logs the message if it differs from the last message of this event. */
  private async attempt(event: string, work: () => unknown): Promise<string> {
    const trouble = await Promise.resolve()
      .then(work)
      .then(() => "", shortMessage);
    if (trouble !== "" && trouble !== this.troubles.get(event)) this.options.log({ event, message: trouble });
    this.troubles.set(event, trouble);
    return trouble;
  }
}
