import { credentials, type Client } from "@grpc/grpc-js";
import type { IEngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import type { Severity } from "./command-context";

/** A line of the Pulumi engine's log. */
export interface EngineLogLine {
  readonly urn: string;
  readonly severity: Severity;
  readonly message: string;
  /** Shown only next to the resource while it is worked on, not in the final output. */
  readonly ephemeral: boolean;
}

/** The Pulumi engine's log, at the address that the Pulumi engine passes to a plugin. Lines arrive in the order in which they are written. */
export class EngineLog {
  private client: (IEngineClient & Client) | undefined;
  private last: Promise<void> = Promise.resolve();

  constructor(private address: string | undefined) {}

  /** Sets the Pulumi engine's address, for a plugin that a developer started and to which the Pulumi engine attaches (`PULUMI_DEBUG_PROVIDERS`). */
  attach(address: string): void {
    this.address = address;
  }

  /** Sends a line after all earlier lines. A line that can't be delivered is dropped, because the command matters more than its log. */
  write(line: EngineLogLine): void {
    this.last = this.last.then(() => this.send(line));
  }

  /** Resolves when all lines so far are delivered. */
  async flushed(): Promise<void> {
    await this.last;
  }

  private async send({ urn, severity, message, ephemeral }: EngineLogLine): Promise<void> {
    if (this.address === undefined) return;
    // Most previews log nothing, so the client's code is loaded only with the first line.
    const { EngineClient } = await import("@pulumi/pulumi/proto/engine_grpc_pb");
    const { LogRequest, LogSeverity } = await import("@pulumi/pulumi/proto/engine_pb");
    const client = (this.client ??= new EngineClient(this.address, credentials.createInsecure()));
    const level = { debug: LogSeverity.DEBUG, info: LogSeverity.INFO, warning: LogSeverity.WARNING, error: LogSeverity.ERROR }[severity];
    const request = new LogRequest().setUrn(urn).setSeverity(level).setMessage(message).setEphemeral(ephemeral);
    await new Promise<void>((resolve) => {
      client.log(request, () => {
        resolve();
      });
    });
  }
}
