import { setTimeout as sleep } from "node:timers/promises";
import { decide, type Machine, type Rules } from "./decide";
import { examine, type CertificateRequest } from "./request";

/** Seconds from one list of all requests to the next: what was refused is looked at again, and what a watch missed is found. */
const roundSeconds = 30;
/** Seconds between attempts to reach a cluster that doesn't answer: the first pause, doubled up to the last. */
const pauses = { first: 1, last: 30 };
/** Milliseconds between looks for a kubeconfig that isn't there yet. */
const kubeconfigPause = 1_000;

/** What the approver needs of the cluster. */
export interface ApproverCluster {
  list(): Promise<{ requests: readonly CertificateRequest[]; version: string }>;
  watch(version: string, seconds: number, tell: (request: CertificateRequest) => void, stop: AbortSignal): Promise<void>;
  hasNode(name: string): Promise<boolean>;
  approve(request: CertificateRequest, message: string): Promise<void>;
}

export interface ApproverOptions {
  readonly rules: Rules;
  readonly inventory: { read(): Promise<readonly Machine[]> };
  /** Opens the cluster anew for every round, so that a kubeconfig that was replaced is used. */
  readonly openCluster: () => ApproverCluster;
  /** Is given every line of the log. */
  readonly log: (line: Readonly<Record<string, unknown>>) => void;
}

/** Watches the cluster's certificate requests and approves what `decide` lets pass, until it is stopped. */
export class Approver {
  /** What was last said about each request that is not approved, by its uid: it is said once. */
  private readonly said = new Map<string, string>();
  /** Requests that no change in the world can make good. */
  private readonly hopeless = new Set<string>();
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
          this.sayTrouble("waiting", `there is no kubeconfig yet: ${messageOf(error)}`);
          await sleep(kubeconfigPause, undefined, { signal: stop }).catch(() => undefined);
          continue;
        }
        this.sayTrouble("unreachable", messageOf(error));
        pause = performance.now() - start > roundSeconds * 500 ? pauses.first : Math.min(pause * 2, pauses.last);
        await sleep(pause * 1000, undefined, { signal: stop }).catch(() => undefined);
        continue;
      }
      pause = pauses.first;
    }
  }

  /** One list, and the changes after it for a while. */
  private async round(stop: AbortSignal): Promise<void> {
    const cluster = this.options.openCluster();
    const { requests, version } = await cluster.list();
    if (!this.connected) this.options.log({ event: "connected" });
    this.connected = true;
    this.lastTrouble = "";
    this.forgetAllBut(new Set(requests.map(({ uid }) => uid)));
    // One after the other: decisions are rare and quick, and so every one rests on what is known when its turn comes.
    let work = Promise.resolve();
    const take = (request: CertificateRequest): void => {
      work = work.then(() => (stop.aborted ? undefined : this.handle(cluster, request)));
    };
    requests.forEach(take);
    await work;
    try {
      await cluster.watch(version, roundSeconds, take, stop);
    } finally {
      await work;
    }
  }

  /** Decides on one request. Never throws: no request, however odd, may keep the others waiting. */
  private async handle(cluster: ApproverCluster, request: CertificateRequest): Promise<void> {
    if (request.decided || this.hopeless.has(request.uid)) return;
    const { rules, inventory, log } = this.options;
    const subject = { request: request.name, signer: request.signerName, requestor: request.username };
    try {
      const claim = await examine(request);
      if ("approved" in claim) {
        this.hopeless.add(request.uid);
        this.sayOnce(request, { event: "refused", ...subject, reason: claim.reason, message: claim.message });
        return;
      }
      const [machines, exists] = await Promise.all([inventory.read(), cluster.hasNode(claim.node)]);
      const decision = await decide(request, machines, new Set(exists ? [claim.node] : []), new Date(), rules);
      if (decision.approved) {
        await cluster.approve(request, decision.message);
        log({ event: "approved", ...subject, node: decision.node, message: decision.message });
      } else {
        const { reason, message } = decision;
        this.sayOnce(request, { event: "refused", ...subject, node: claim.node, reason, message });
      }
    } catch (error) {
      // It is looked at again in the next round.
      this.sayOnce(request, { event: "failed", ...subject, message: messageOf(error) });
    }
  }

  private sayOnce(
    { uid }: CertificateRequest,
    line: Readonly<Record<string, unknown>> & { event: string; reason?: string; message: string },
  ): void {
    // A refusal's words may change (a machine grows older) while its reason stays.
    const gist = `${line.event} ${line.reason ?? line.message}`;
    if (this.said.get(uid) === gist) return;
    this.said.set(uid, gist);
    this.options.log(line);
  }

  private sayTrouble(event: string, message: string): void {
    this.connected = false;
    if (this.lastTrouble === message) return;
    this.lastTrouble = message;
    this.options.log({ event, message });
  }

  private forgetAllBut(uids: ReadonlySet<string>): void {
    for (const known of [this.said, this.hopeless]) for (const uid of [...known.keys()]) if (!uids.has(uid)) known.delete(uid);
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === "ENOENT";
}

function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.length > 500 ? `${text.slice(0, 500)}…` : text;
}
