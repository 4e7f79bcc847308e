import type { CertificateRequest } from "./request";

/**
 * Maximum number of waiting CSRs per requestor. A kubelet has one or two waiting CSRs. The identity that all new instances share has one for each
 * new instance.
 */
const maxOfRequestor = 100;
/** Maximum number of waiting CSRs in total. Each takes up to 16 KiB, so all of them take up to 16 MB. */
const maxWaiting = 1000;
/** Maximum number of undecided CSRs that are remembered, by uid. The API server deletes them after a day (kubernetes/kubernetes, `pkg/controller/certificates/cleaner`). */
const maxRemembered = 20_000;
/** Maximum number of rounds until a refused CSR is examined again. */
const maxRoundsUntilReexamined = 10;

/** A CSR that waits for a decision. */
export interface PendingRequest {
  readonly request: CertificateRequest;
  /** When the approver received it: a time of `performance.now()`. */
  readonly arrived: number;
}

interface Memory {
  /** How often the CSR was examined. */
  examinations: number;
  /** Earliest round in which the CSR may be examined again; infinite if no change of the environment can make the CSR valid. */
  due: number;
  /** The reason that was last logged for the CSR. */
  lastLogged: string;
}

/**
 * The CSRs that wait for a decision. CSRs beyond the limits above are dropped and come again with the next list, and a refused CSR is examined at
 * growing intervals. So requestors can cause only a limited use of memory and work.
 */
export class Backlog {
  private readonly waiting = new Map<string, PendingRequest>();
  private readonly ofRequestor = new Map<string, number>();
  private readonly memory = new Map<string, Memory>();
  private round = 0;

  /** Begins a round, in which all CSRs are listed once. */
  nextRound(): void {
    this.round += 1;
  }

  /** Adds a CSR, unless it is decided, waits already, isn't due yet, or there are too many. */
  offer(request: CertificateRequest): void {
    const { uid, username } = request;
    const count = this.ofRequestor.get(username) ?? 0;
    if (request.decided) this.memory.delete(uid);
    if (request.decided || this.waiting.has(uid) || (this.memory.get(uid)?.due ?? 0) > this.round) return;
    if (count >= maxOfRequestor || this.waiting.size >= maxWaiting) return;
    this.waiting.set(uid, { request, arrived: performance.now() });
    this.ofRequestor.set(username, count + 1);
  }

  /** Removes and returns the CSR that has waited longest. */
  take(): PendingRequest | undefined {
    const first = this.waiting.values().next();
    if (first.done === true) return undefined;
    const { uid, username } = first.value.request;
    this.waiting.delete(uid);
    const left = (this.ofRequestor.get(username) ?? 1) - 1;
    if (left > 0) this.ofRequestor.set(username, left);
    else this.ofRequestor.delete(username);
    return first.value;
  }

  /** Drops all waiting CSRs: they come again with the next list. */
  clear(): void {
    this.waiting.clear();
    this.ofRequestor.clear();
  }

  /**
   * Remembers that a CSR was examined and not approved.
   *
   * @param outcome `hopeless`: no change of the environment can make it valid; `refused`: a change can; `failed`: nothing was decided
   * @param gist reason to be logged
   * @returns whether the reason differs from the one logged last
   */
  leave({ uid }: CertificateRequest, outcome: "hopeless" | "refused" | "failed", gist: string): boolean {
    const { examinations, lastLogged } = this.memory.get(uid) ?? { examinations: 0, lastLogged: undefined };
    const gap = { hopeless: Infinity, refused: Math.min(Math.ceil((examinations + 1) / 2), maxRoundsUntilReexamined), failed: 1 }[outcome];
    // The entry is written at the end of the map, so that the first entry is the one that was examined longest ago.
    this.memory.delete(uid);
    this.memory.set(uid, { examinations: examinations + 1, due: this.round + gap, lastLogged: gist });
    const [oldest] = this.memory.keys();
    if (this.memory.size > maxRemembered) this.memory.delete(oldest);
    return lastLogged !== gist;
  }

  /** Forgets a CSR that was approved. */
  forget({ uid }: CertificateRequest): void {
    this.memory.delete(uid);
  }
}
