import type { CertificateRequest } from "./request";

/** Requests of one requestor that may wait at the same time. A kubelet has one or two; the identity that new machines share has as many as there are new machines. */
const mostOfRequestor = 100;
/** Requests that may wait at the same time. Each takes up to 16 KiB, so all of them together take 16 MB. */
const mostWaiting = 1000;
/** Undecided requests that are remembered, by uid. The API server deletes them after a day (kubernetes/kubernetes, `pkg/controller/certificates/cleaner`). */
const mostRemembered = 20_000;
/** Rounds after which a refused request is examined again at the latest. */
const longestGap = 10;

/** A request that waits for a decision. */
export interface Waiting {
  readonly request: CertificateRequest;
  /** When the approver was told about it: a time of `performance.now()`. */
  readonly arrived: number;
}

interface Memory {
  /** How often the request was examined. */
  looks: number;
  /** The round from which on it may be examined again; infinite where no change in the world can make it good. */
  due: number;
  /** What was last logged about it. */
  said: string;
}

/**
 * The requests that wait for a decision. It bounds what one requestor, and all of them together, can make the approver hold and do:
 * requests beyond the limits are left out and come again with the next list, and a refused request is examined again ever more rarely.
 */
export class Backlog {
  private readonly waiting = new Map<string, Waiting>();
  private readonly ofRequestor = new Map<string, number>();
  private readonly memory = new Map<string, Memory>();
  private round = 0;

  /** Begins a round, in which all requests are listed once. */
  nextRound(): void {
    this.round += 1;
  }

  /** Takes a request, unless it is decided, waits already, isn't due yet, or there are too many. */
  offer(request: CertificateRequest): void {
    const { uid, username } = request;
    const count = this.ofRequestor.get(username) ?? 0;
    if (request.decided) this.memory.delete(uid);
    if (request.decided || this.waiting.has(uid) || (this.memory.get(uid)?.due ?? 0) > this.round) return;
    if (count >= mostOfRequestor || this.waiting.size >= mostWaiting) return;
    this.waiting.set(uid, { request, arrived: performance.now() });
    this.ofRequestor.set(username, count + 1);
  }

  /** Gives out the request that has waited longest. */
  take(): Waiting | undefined {
    const first = this.waiting.values().next();
    if (first.done === true) return undefined;
    const { uid, username } = first.value.request;
    this.waiting.delete(uid);
    const left = (this.ofRequestor.get(username) ?? 1) - 1;
    if (left > 0) this.ofRequestor.set(username, left);
    else this.ofRequestor.delete(username);
    return first.value;
  }

  /** Drops everything that waits: it comes again with the next list. */
  clear(): void {
    this.waiting.clear();
    this.ofRequestor.clear();
  }

  /**
   * Remembers that a request was examined and not approved.
   *
   * @param outcome `hopeless` where no change in the world can make it good; `refused` where one can; `failed` where nothing was decided
   * @param gist what is to be logged
   * @returns whether that is news
   */
  leave({ uid }: CertificateRequest, outcome: "hopeless" | "refused" | "failed", gist: string): boolean {
    const { looks, said } = this.memory.get(uid) ?? { looks: 0, said: undefined };
    const gap = { hopeless: Infinity, refused: Math.min(Math.ceil((looks + 1) / 2), longestGap), failed: 1 }[outcome];
    // Written at the end of the map, so that the first entry is the one that was examined longest ago.
    this.memory.delete(uid);
    this.memory.set(uid, { looks: looks + 1, due: this.round + gap, said: gist });
    const [oldest] = this.memory.keys();
    if (this.memory.size > mostRemembered) this.memory.delete(oldest);
    return said !== gist;
  }

  /** Forgets a request that was approved. */
  forget({ uid }: CertificateRequest): void {
    this.memory.delete(uid);
  }
}
