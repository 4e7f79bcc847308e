import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Unavailable } from "./errors";

export interface NetworkLimits {
  /** A host that has not answered within this time is treated as unreachable until the run ends. In seconds. */
  readonly answerSeconds: number;
  /** A download fails if it receives nothing for this time. In seconds. */
  readonly stallSeconds: number;
}

const LIMITS: NetworkLimits = { answerSeconds: 5, stallSeconds: 30 };

/** Downloads files with limited waits. A host that does not answer is asked only once per run, even if several tools come from it. */
export class Downloader {
  private readonly unreachable = new Map<string, string>();
  private readonly limits: NetworkLimits;

  constructor(limits: Partial<NetworkLimits> = {}) {
    this.limits = { ...LIMITS, ...limits };
  }

  /** Checks that a host answers; any status will do. @throws Unavailable */
  async reach(url: string): Promise<void> {
    const { answer, abort } = await this.open(url, "HEAD");
    await answer.body?.cancel();
    abort();
  }

  /** Downloads a text. @throws Unavailable */
  async text(url: string): Promise<string> {
    const chunks: Buffer[] = [];
    await this.receive(url, async (body) => {
      for await (const chunk of body) chunks.push(chunk as Buffer);
    });
    return Buffer.concat(chunks).toString("utf8");
  }

  /** Saves a download as a file and returns its SHA-256 in hexadecimal. @throws Unavailable */
  async download(url: string, file: string): Promise<string> {
    const sum = createHash("sha256");
    await this.receive(url, (body) => {
      body.on("data", (chunk: Buffer) => sum.update(chunk));
      return pipeline(body, createWriteStream(file, { mode: 0o644 }));
    });
    return sum.digest("hex");
  }

  private async receive(url: string, use: (body: Readable) => Promise<void>): Promise<void> {
    const { answer, abort } = await this.open(url, "GET");
    if (!answer.ok || answer.body === null) {
      abort();
      throw new Unavailable(`${url}: the server answers ${answer.status} ${answer.statusText}`.trimEnd());
    }
    const stall = new AbortController();
    stall.signal.addEventListener("abort", abort);
    const timer = setTimeout(() => {
      stall.abort();
    }, this.limits.stallSeconds * 1000);
    const watch = (): void => void timer.refresh();
    const watched = new Transform({
      transform(chunk, _encoding, done) {
        watch();
        done(undefined, chunk);
      },
    });
    const source = Readable.fromWeb(answer.body);
    source.once("error", (error) => watched.destroy(error));
    try {
      await use(source.pipe(watched));
    } catch (error) {
      throw new Unavailable(
        stall.signal.aborted ? `${url}: nothing arrived for ${this.limits.stallSeconds} s` : `${url}: ${causeOf(error)}`,
      );
    } finally {
      clearTimeout(timer);
    }
  }

  private async open(url: string, method: "GET" | "HEAD"): Promise<{ answer: Response; abort: () => void }> {
    const { host } = new URL(url);
    const known = this.unreachable.get(host);
    if (known !== undefined) throw new Unavailable(known);
    const controller = new AbortController();
    const timer = setTimeout(() => {
      controller.abort();
    }, this.limits.answerSeconds * 1000);
    try {
      const answer = await fetch(url, { method, signal: controller.signal, redirect: "follow" });
      return {
        answer,
        abort: () => {
          controller.abort();
        },
      };
    } catch (error) {
      const reason = controller.signal.aborted
        ? `${host} did not answer within ${this.limits.answerSeconds} s`
        : `${host} is not reachable (${causeOf(error)})`;
      this.unreachable.set(host, reason);
      throw new Unavailable(reason);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** The cause of an error of Node's fetch, whose own message is only "fetch failed". */
function causeOf(error: unknown): string {
  const cause = (error as { cause?: NodeJS.ErrnoException }).cause;
  return cause?.code ?? cause?.message ?? (error instanceof Error ? error.message : String(error));
}
