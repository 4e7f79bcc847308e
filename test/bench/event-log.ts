import { closeSync, openSync, readSync, writeFileSync } from "node:fs";

/** One operation of the Pulumi engine on one resource. Times are in seconds since the log was opened. */
export interface Span {
  readonly urn: string;
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

/** The part of an engine event that the log reads (pulumi/pulumi, `sdk/go/common/apitype/events.go`). */
interface EngineEvent {
  readonly resourcePreEvent?: { readonly metadata: ResourceMetadata };
  readonly resOutputsEvent?: { readonly metadata: ResourceMetadata };
}

interface ResourceMetadata {
  readonly urn: string;
  readonly type: string;
}

const pollMilliseconds = 20;

/** Follows the file that `--event-log` writes. The Pulumi engine's own time stamps have whole seconds, so the log notes when each event arrives. */
export class EventLog {
  private readonly begin = performance.now();
  private readonly begun = new Map<string, number>();
  private readonly spans: Span[] = [];
  private readonly descriptor: number;
  private readonly timer: NodeJS.Timeout;
  private rest = "";

  constructor(readonly file: string) {
    writeFileSync(file, "");
    this.descriptor = openSync(file, "r");
    this.timer = setInterval(() => {
      this.read();
    }, pollMilliseconds);
  }

  /** Reads the remaining events and closes the file. */
  end(): readonly Span[] {
    clearInterval(this.timer);
    this.read();
    closeSync(this.descriptor);
    return this.spans;
  }

  private read(): void {
    const buffer = Buffer.alloc(1 << 20);
    for (let length = 1; length > 0;) {
      length = readSync(this.descriptor, buffer);
      this.rest += buffer.toString("latin1", 0, length); // latin1 cuts no character in two, and the fields read here are ASCII
    }
    const lines = this.rest.split("\n");
    this.rest = lines.pop() ?? "";
    const now = (performance.now() - this.begin) / 1000;
    for (const line of lines) this.note(JSON.parse(line) as EngineEvent, now);
  }

  private note({ resourcePreEvent, resOutputsEvent }: EngineEvent, now: number): void {
    if (resourcePreEvent !== undefined) this.begun.set(resourcePreEvent.metadata.urn, now);
    if (resOutputsEvent === undefined) return;
    const { urn, type } = resOutputsEvent.metadata;
    const start = this.begun.get(urn);
    if (start !== undefined) this.spans.push({ urn, type, start, end: now });
  }
}
