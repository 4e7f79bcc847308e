import { RefusedByApi } from "../../lib/kubernetes/client";
import { type Clock, systemClock } from "../../lib/clock";
import { reasonOf } from "../../lib/reason";
import { TolerantReader } from "../../lib/temporary-error";
import { type ControlPlaneClient, controlPlaneObstacle, type StartedInstance } from "./control-plane";
import type { NodeMachine } from "./machine-node";

/**
 * Minutes without an answer from the API after which the program asks AWS for the health of the load balancer's targets. If the API's load balancer
 * has no healthy target, the cluster counts as down, and instances are stopped without waiting.
 */
const SILENCE_MINUTES = 2;

/** Minutes to wait for operators before an instance is stopped, and for everything after its start: the boot, and a new revision of etcd and the API server on it. */
const TIMEOUT_MINUTES = 20;

/** Seconds for which the control plane must be healthy before the next instance is stopped: something that has just become ready may fail again. */
const STEADY_SECONDS = 60;

const PAUSE_MS = 5000;

/** A control plane instance. */
export interface ControlPlaneInstance {
  /** Name in messages: `master-0`. */
  readonly name: string;
  readonly identity: NodeMachine;
}

export interface OneByOneOptions {
  readonly client: () => Promise<ControlPlaneClient>;
  /** Whether the API's load balancer has a healthy target, even if this machine can't reach the API. */
  readonly isServed: () => Promise<boolean>;
  readonly warn: (text: string) => void;
  readonly clock?: Clock;
}

/** The result of one check of a control plane. */
interface CheckResult {
  /** The reason why no instance may be stopped; undefined if an instance may be stopped. */
  readonly obstacle?: string | undefined;
  /** The reason why the API did not answer. */
  readonly silence?: string;
}

/**
 * Gate for the rolling resize of the control plane: waits until an instance may be stopped, and after its start until it is a healthy member of the
 * control plane again.
 */
export class OneByOne {
  private readonly clock: Clock;
  /** Whether the cluster is considered down, so that nothing is waited for. */
  private dead = false;
  private readonly balancer: TolerantReader;

  constructor(private readonly options: OneByOneOptions) {
    this.clock = options.clock ?? systemClock;
    this.balancer = new TolerantReader({ of: "the API's load balancer", say: options.warn, now: this.clock.now });
  }

  /**
   * Waits until the instance may be stopped.
   *
   * @throws Error if the control plane can't go on without the instance, or if its API has healthy targets but can't be reached
   */
  async before({ name }: ControlPlaneInstance): Promise<void> {
    if (this.dead) return;
    const begin = this.clock.now();
    for (;;) {
      const { obstacle, silence } = await this.look();
      if (obstacle === undefined && silence === undefined) return;
      const minutes = (this.clock.now() - begin) / 60_000;
      const asked = silence !== undefined && minutes >= SILENCE_MINUTES ? await this.balancer.read(this.options.isServed) : undefined;
      if (silence !== undefined && asked !== undefined) {
        if (asked.answer)
          throw new Error(
            `${name} was not stopped, because the cluster's API can't be reached from this machine (${silence}), although its load balancer has healthy targets: run pulumi up where the API can be reached`,
          );
        this.dead = true;
        this.options.warn(`the cluster's API does not answer (${silence}): ${name} is changed anyway, without waiting`);
        return;
      }
      if (minutes >= TIMEOUT_MINUTES)
        throw new Error(
          `${name} was not stopped, because the control plane can't go on without it: ${obstacle ?? silence ?? ""}.${this.balancer.lastFailure} Fix that first (oc get clusteroperators), then run pulumi up again`,
        );
      await this.clock.pause(PAUSE_MS);
    }
  }

  /**
   * Waits until the started instance is a healthy member of the control plane again.
   *
   * @throws Error if the instance is not healthy in time
   */
  async after({ name, identity }: ControlPlaneInstance, at: Date): Promise<void> {
    if (this.dead) return;
    const begin = this.clock.now();
    let since: number | undefined;
    for (;;) {
      const { obstacle, silence } = await this.look({ ...identity, at });
      const missing = obstacle ?? silence;
      const now = this.clock.now();
      since = missing === undefined ? (since ?? now) : undefined;
      if (since !== undefined && now - since >= STEADY_SECONDS * 1000) return;
      if (missing !== undefined && now - begin >= TIMEOUT_MINUTES * 60_000)
        throw new Error(
          `${name} was stopped and started, and ${TIMEOUT_MINUTES} minutes later ${missing}. See its console output (make diagnose); the instances after it were not changed yet, and pulumi up continues with them`,
        );
      await this.clock.pause(PAUSE_MS);
    }
  }

  private async look(started?: StartedInstance): Promise<CheckResult> {
    try {
      return { obstacle: await controlPlaneObstacle(await this.options.client(), started) };
    } catch (error) {
      const reason = reasonOf(error);
      return isAnswer(error) ? { obstacle: `the API refuses the request: ${reason}` } : { silence: reason };
    }
  }
}

/** Whether the API itself answered, with an error or with a certificate that isn't trusted (Node.js, `tls`: the codes of OpenSSL's verification). */
function isAnswer(error: unknown): boolean {
  if (error instanceof RefusedByApi) return error.byItself;
  const { code = "" } = error as NodeJS.ErrnoException;
  return /^(CERT_|ERR_TLS_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_)/.test(code);
}
