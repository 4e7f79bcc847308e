import { setTimeout as sleep } from "node:timers/promises";
import { Backlog, type PendingRequest } from "./backlog";
import { findMachine, decideOnClaim, type ClusterInstance, type DecisionParameters } from "./decision";
import { type CertificateRequest, type Claim, examineRequest, signers } from "./request";

/** Seconds between two lists of all CSRs. With each list, refused CSRs are examined again, and CSRs that the watch missed are found. */
const roundSeconds = 30;
/** Seconds between attempts to reach a cluster that doesn't answer: the pause begins with `first` and doubles up to `last`. */
const pauses = { first: 1, last: 30 };
/** Milliseconds between attempts to read a kubeconfig that doesn't exist yet. */
const kubeconfigPauseMs = 1_000;
/**
 * Consecutive failures after which the other pending CSRs are left to the next round. So many failures mean that AWS or the API does not answer.
 */
const maxFailures = 3;

/** The calls to the cluster that the approver needs. */
export interface ApproverCluster {
  /** Lists a signer's CSRs, page by page, and returns the resource version of the list. */
  list(signer: string, tell: (request: CertificateRequest) => void): Promise<string>;
  watch(signer: string, version: string, seconds: number, tell: (request: CertificateRequest) => void, stop: AbortSignal): Promise<void>;
  hasNode(name: string): Promise<boolean>;
  approve(request: CertificateRequest, message: string): Promise<void>;
}

/** State of the connection to the cluster. `reason` names the missing condition, or the error. */
export interface ConnectionState {
  readonly state: "working" | "waiting" | "failing";
  readonly reason: string;
}

export interface ApproverOptions {
  readonly parameters: DecisionParameters;
  /** Reads the instances from EC2. The answer is not older than `since`, the time at which the CSR arrived (a time of `performance.now()`). */
  readonly inventory: { read(since: number): Promise<readonly ClusterInstance[]> };
  /** Opens the connection again for every round, so that a replaced kubeconfig is used. */
  readonly openCluster: () => ApproverCluster;
  /** Called with each line of the log. */
  readonly log: (line: Readonly<Record<string, unknown>>) => void;
  /** Called with the state of the connection when the state may have changed. */
  readonly report?: (connection: ConnectionState) => void;
}

/** Watches the cluster's CSRs and approves those that pass the checks in `decision.ts`, until it is stopped. */
export class Approver {
  private readonly backlog = new Backlog();
  private work: Promise<void> = Promise.resolve();
  private busy = false;
  private lastTrouble = "";
  private connected = false;

  constructor(private readonly options: ApproverOptions) {}

  async run(stop: AbortSignal): Promise<void> {
    let pause = pauses.first;
    while (!stop.aborted) {
      const start = performance.now();
      try {
        await this.round(stop);
      } catch (error) {
        if (isMissing(error)) {
          this.sayTrouble("waiting", `there is no kubeconfig yet: ${shortMessage(error)}`);
          await sleep(kubeconfigPauseMs, undefined, { signal: stop }).catch(() => undefined);
          continue;
        }
        this.sayTrouble("unreachable", shortMessage(error));
        pause = performance.now() - start > roundSeconds * 500 ? pauses.first : Math.min(pause * 2, pauses.last);
        await sleep(pause * 1000, undefined, { signal: stop }).catch(() => undefined);
        continue;
      }
      pause = pauses.first;
    }
  }

  /** One round: lists each signer's CSRs, then watches for changes for some time. */
  private async round(stop: AbortSignal): Promise<void> {
    const cluster = this.options.openCluster();
    this.backlog.nextRound();
    // A failure for one signer also ends the round for the other signer.
    const failed = new AbortController();
    const ended = AbortSignal.any([stop, failed.signal]);
    const tell = (request: CertificateRequest): void => {
      this.sayConnected();
      this.backlog.offer(request);
      this.decideOnBacklog(cluster, stop);
    };
    const follow = async (signer: string): Promise<void> => {
      const version = await cluster.list(signer, tell);
      this.sayConnected();
      await cluster.watch(signer, version, roundSeconds, tell, ended);
    };
    try {
      await Promise.all(Object.keys(signers).map(follow));
    } finally {
      failed.abort();
      await this.work;
    }
  }

  /**
   * Starts to decide on the pending CSRs, unless an earlier call is still deciding. The CSRs are decided one after the other, each with the latest
   * data.
   */
  private decideOnBacklog(cluster: ApproverCluster, stop: AbortSignal): void {
    if (this.busy) return;
    this.busy = true;
    const decideOnNext = async (): Promise<void> => {
      for (let failures = 0; ;) {
        const next = stop.aborted ? undefined : this.backlog.take();
        if (next === undefined) {
          this.busy = false;
          return;
        }
        failures = (await this.handle(cluster, next)) ? 0 : failures + 1;
        if (failures >= maxFailures) this.backlog.clear();
      }
    };
    // The decisions start in a microtask, so that all CSRs of one API answer are queued before the first decision.
    this.work = Promise.resolve().then(decideOnNext);
  }

  /** Decides on one CSR; returns false if that failed. Never throws, so that no CSR can block the others. */
  private async handle(cluster: ApproverCluster, { request, arrived }: PendingRequest): Promise<boolean> {
    const { parameters, inventory, log } = this.options;
    const subject = { request: request.name, signer: request.signerName, requestor: request.username };
    try {
      const claim = await examineRequest(request);
      if ("approved" in claim) {
        const { reason, message } = claim;
        if (this.backlog.leave(request, "hopeless", reason)) log({ event: "refused", ...subject, reason, message });
        return true;
      }
      const machine = findMachine(claim, await inventory.read(arrived), parameters);
      const decision =
        "approved" in machine
          ? machine
          : decideOnClaim(claim, machine, await existingNodes(cluster, claim, machine), new Date(), parameters);
      if (decision.approved) {
        await cluster.approve(request, decision.message);
        this.backlog.forget(request);
        log({ event: "approved", ...subject, node: decision.node, message: decision.message });
      } else {
        // Compare only the reason: the message may change (the age of an instance) while the reason stays.
        const { reason, message } = decision;
        if (this.backlog.leave(request, "refused", reason)) log({ event: "refused", ...subject, node: claim.node, reason, message });
      }
      return true;
    } catch (error) {
      const message = shortMessage(error);
      if (this.backlog.leave(request, "failed", message)) log({ event: "failed", ...subject, message });
      return false;
    }
  }

  private sayConnected(): void {
    if (!this.connected) this.options.log({ event: "connected" });
    this.connected = true;
    this.lastTrouble = "";
    this.options.report?.({ state: "working", reason: "" });
  }

  private sayTrouble(event: "waiting" | "unreachable", message: string): void {
    this.connected = false;
    this.options.report?.({ state: event === "waiting" ? "waiting" : "failing", reason: message });
    if (this.lastTrouble === message) return;
    this.lastTrouble = message;
    this.options.log({ event, message });
  }
}

/** The possible node names of an instance that exist as nodes; empty for a serving CSR, whose node exists already. */
async function existingNodes(cluster: ApproverCluster, { kind }: Claim, { nodeNames }: ClusterInstance): Promise<ReadonlySet<string>> {
  if (kind === "serving") return new Set();
  const found = await Promise.all(nodeNames.map(async (name) => ((await cluster.hasNode(name)) ? [name] : [])));
  return new Set(found.flat());
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === "ENOENT";
}

/** An error's message, at most 500 characters, since an answer of the API may have any length. EC2's encoded failure message, which differs each time, is left out. */
export function shortMessage(error: unknown): string {
  const [words] = (error instanceof Error ? error.message : String(error)).split("Encoded authorization failure message:");
  const text = words.trimEnd();
  return text.length > 500 ? `${text.slice(0, 500)}…` : text;
}
