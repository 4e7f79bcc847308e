import { type Clock, systemClock } from "../clock";
import { reasonOf } from "../diagnosis/attempts";
import { bootOf, type ControlPlaneClient, lackOfControlPlane } from "./control-plane";

/** Minutes until an API that gives no answer counts as one that there is nothing to protect of. */
const SILENCE_MINUTES = 2;

/** Minutes for operators to settle before a machine is stopped, and for all that follows its start: a boot, and another revision of etcd and the API server on it. */
const PATIENCE_MINUTES = 20;

const PAUSE = 5000;

/** A machine of a control plane. */
export interface Member {
  readonly machine: string;
  readonly node: string;
}

export interface OneByOneOptions {
  readonly client: ControlPlaneClient;
  readonly warn: (text: string) => void;
  readonly clock?: Clock;
}

/** Says when a machine of a control plane may be stopped, and when it is a member again. */
export class OneByOne {
  private readonly clock: Clock;

  constructor(private readonly options: OneByOneOptions) {
    this.clock = options.clock ?? systemClock;
  }

  /**
   * Returns when the machine may be stopped: its node's boot, or undefined where nobody answers.
   *
   * @throws Error when the control plane would not bear it
   */
  async before({ machine, node }: Member): Promise<string | undefined> {
    const silence = await this.silence();
    if (silence !== undefined) {
      this.options.warn(`the cluster's API gives no answer (${silence}): ${machine} is changed all the same, and nothing is waited for`);
      return undefined;
    }
    const lack = await this.lackAfter(lackOfControlPlane);
    if (lack !== undefined)
      throw new Error(
        `${machine} was not stopped, because the control plane would not bear it: ${lack}. Mend that first (oc get clusteroperators), then run pulumi up again`,
      );
    return (await bootOf(this.options.client, node)) ?? "";
  }

  /**
   * Returns when the machine, which runs again, is a member of its control plane again.
   *
   * @param boot of its node before
   * @throws Error when it isn't in time
   */
  async after({ machine, node }: Member, boot: string | undefined): Promise<void> {
    if (boot === undefined) return;
    const lack = await this.lackAfter(async (client) =>
      (await bootOf(client, node)) === boot ? `${node} has not booted anew` : lackOfControlPlane(client),
    );
    if (lack !== undefined)
      throw new Error(
        `${machine} was stopped and started, and ${PATIENCE_MINUTES} minutes later ${lack}. See its console's log (make diagnose); the machines after it are as they were, and pulumi up goes on with them`,
      );
  }

  /** Why the API gives no answer; undefined when it gives one. */
  private async silence(): Promise<string | undefined> {
    const deadline = this.clock.now() + SILENCE_MINUTES * 60_000;
    for (;;) {
      const silence = await lackOfControlPlane(this.options.client).then(() => undefined, reasonOf);
      if (silence === undefined || this.clock.now() >= deadline) return silence;
      await this.clock.pause(PAUSE);
    }
  }

  /** What is still lacking after a while; undefined as soon as it is nothing. */
  private async lackAfter(look: (client: ControlPlaneClient) => Promise<string | undefined>): Promise<string | undefined> {
    const deadline = this.clock.now() + PATIENCE_MINUTES * 60_000;
    for (;;) {
      const lack = await look(this.options.client).catch((error: unknown) => `the API gave no answer: ${reasonOf(error)}`);
      if (lack === undefined || this.clock.now() >= deadline) return lack;
      await this.clock.pause(PAUSE);
    }
  }
}
