import { RefusedByApi } from "../authentication/cluster-client";
import { type Clock, systemClock } from "../clock";
import { reasonOf } from "../diagnosis/attempts";
import { Hiccups } from "../hiccup";
import { type ControlPlaneClient, lackOfControlPlane, type Started } from "./control-plane";
import type { NodeMachine } from "./machine-node";

/** Minutes until an API that gives no answer counts as one that there is nothing to protect of. */
const SILENCE_MINUTES = 2;

/** Minutes for operators to settle before a machine is stopped, and for all that follows its start: a boot, and another revision of etcd and the API server on it. */
const PATIENCE_MINUTES = 20;

/** Seconds for which nothing may be lacking before the next machine is stopped: what has just come up may go down again. */
const STEADY_SECONDS = 60;

const PAUSE = 5000;

/** A machine of a control plane. */
export interface Member {
  /** What it is called in messages: `master-0`. */
  readonly name: string;
  readonly identity: NodeMachine;
}

export interface OneByOneOptions {
  readonly client: () => Promise<ControlPlaneClient>;
  /** Whether AWS says that the API is served, whoever can reach it. */
  readonly isServed: () => Promise<boolean>;
  readonly warn: (text: string) => void;
  readonly clock?: Clock;
}

/** What was seen of a control plane. */
interface Seen {
  readonly lack?: string | undefined;
  /** Why the API gave no answer. */
  readonly silence?: string;
}

/** Says when a machine of a control plane may be stopped, and when it is a member again. */
export class OneByOne {
  private readonly clock: Clock;
  /** Whether there is nothing to protect. */
  private dead = false;
  private readonly balancer: Hiccups;

  constructor(private readonly options: OneByOneOptions) {
    this.clock = options.clock ?? systemClock;
    this.balancer = new Hiccups({ of: "the API's load balancer", say: options.warn, now: this.clock.now });
  }

  /**
   * Returns when the machine may be stopped.
   *
   * @throws Error when the control plane would not bear it, or can't be asked although it is served
   */
  async before({ name }: Member): Promise<void> {
    if (this.dead) return;
    const begin = this.clock.now();
    for (;;) {
      const { lack, silence } = await this.look();
      if (lack === undefined && silence === undefined) return;
      const minutes = (this.clock.now() - begin) / 60_000;
      const asked = silence !== undefined && minutes >= SILENCE_MINUTES ? await this.balancer.ask(this.options.isServed) : undefined;
      if (silence !== undefined && asked !== undefined) {
        if (asked.answer)
          throw new Error(
            `${name} was not stopped, because the cluster's API can't be reached from here (${silence}), although its load balancer has healthy machines: run pulumi up where the API can be reached`,
          );
        this.dead = true;
        this.options.warn(`the cluster's API gives no answer (${silence}): ${name} is changed all the same, and nothing is waited for`);
        return;
      }
      if (minutes >= PATIENCE_MINUTES)
        throw new Error(
          `${name} was not stopped, because the control plane would not bear it: ${lack ?? silence ?? ""}.${this.balancer.last} Mend that first (oc get clusteroperators), then run pulumi up again`,
        );
      await this.clock.pause(PAUSE);
    }
  }

  /**
   * Returns when the machine, which was started, is a member of its control plane again.
   *
   * @throws Error when it isn't in time
   */
  async after({ name, identity }: Member, at: Date): Promise<void> {
    if (this.dead) return;
    const begin = this.clock.now();
    let since: number | undefined;
    for (;;) {
      const { lack, silence } = await this.look({ ...identity, at });
      const missing = lack ?? silence;
      const now = this.clock.now();
      since = missing === undefined ? (since ?? now) : undefined;
      if (since !== undefined && now - since >= STEADY_SECONDS * 1000) return;
      if (missing !== undefined && now - begin >= PATIENCE_MINUTES * 60_000)
        throw new Error(
          `${name} was stopped and started, and ${PATIENCE_MINUTES} minutes later ${missing}. See its console's log (make diagnose); the machines after it are as they were, and pulumi up goes on with them`,
        );
      await this.clock.pause(PAUSE);
    }
  }

  private async look(started?: Started): Promise<Seen> {
    try {
      return { lack: await lackOfControlPlane(await this.options.client(), started) };
    } catch (error) {
      const reason = reasonOf(error);
      return isAnswer(error) ? { lack: `the API refuses to tell: ${reason}` } : { silence: reason };
    }
  }
}

/** Whether it is the API that did answer, with a refusal or a certificate that isn't trusted (Node.js, `tls`: the codes of OpenSSL's verification). */
function isAnswer(error: unknown): boolean {
  if (error instanceof RefusedByApi) return error.byItself;
  const { code = "" } = error as NodeJS.ErrnoException;
  return /^(CERT_|ERR_TLS_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_)/.test(code);
}
