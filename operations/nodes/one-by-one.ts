import { type Clock, systemClock } from "../clock";
import { reasonOf } from "../diagnosis/attempts";
import { bootOf, type ControlPlaneClient, lackOfControlPlane } from "./control-plane";

/** Minutes until an API that gives no answer counts as one that there is nothing to protect of. */
const SILENCE_MINUTES = 2;

/** Minutes for operators to settle before a machine is stopped, and for all that follows its start: a boot, and another revision of etcd and the API server on it. */
const PATIENCE_MINUTES = 20;

const PAUSE = 5000;

export interface OneByOneOptions {
  readonly client: () => Promise<ControlPlaneClient>;
  readonly warn: (text: string) => void;
  readonly clock?: Clock;
}

interface Turn {
  readonly node: string;
  /** Of the node before its machine was stopped; undefined where the API gave no answer. */
  readonly boot: string | undefined;
  /** Lets the next one begin, or tells it why it must not. */
  readonly end: (failure?: string) => void;
}

/** Lets machines of a control plane be stopped one after the other: the next one when the one before is a member again. After a failure none is stopped any more. */
export class OneByOne {
  private last: Promise<string | undefined> = Promise.resolve(undefined);
  private readonly turns = new Map<string, Turn>();
  private readonly clock: Clock;

  constructor(private readonly options: OneByOneOptions) {
    this.clock = options.clock ?? systemClock;
  }

  /**
   * Returns when the machine may be stopped.
   *
   * @throws Error when it must not: one before it failed, or the control plane would not bear it
   */
  async before(machine: string, node: string): Promise<void> {
    const previous = this.last;
    let end: Turn["end"] = () => undefined;
    this.last = new Promise((resolve) => (end = resolve));
    const failure = await previous;
    try {
      if (failure !== undefined) throw new Error(`${machine} was not stopped, because ${failure}`);
      this.turns.set(machine, { node, boot: await this.whenHealthy(machine, node), end });
    } catch (error) {
      end(failure ?? reasonOf(error));
      throw error;
    }
  }

  /**
   * Returns when the machine, which runs again, is a member of its control plane again.
   *
   * @throws Error when it isn't in time
   */
  async after(machine: string): Promise<void> {
    const turn = this.turns.get(machine);
    if (turn === undefined) return;
    const { node, boot, end } = turn;
    if (boot !== undefined) {
      const lack = await this.lackAfter(async (client) =>
        (await bootOf(client, node)) === boot ? `${node} has not booted anew` : lackOfControlPlane(client),
      );
      if (lack !== undefined) {
        const text = `${machine} was stopped and started, and ${PATIENCE_MINUTES} minutes later ${lack}`;
        end(text);
        throw new Error(
          `${text}. See its console's log (make diagnose); the other machines are as they were, and pulumi up goes on with them`,
        );
      }
    }
    end();
  }

  /** The machine could not be changed. */
  failed(machine: string): void {
    this.turns.get(machine)?.end(`${machine} could not be changed`);
  }

  /** The node's boot, when the control plane bears the loss of a machine; undefined where nobody answers. */
  private async whenHealthy(machine: string, node: string): Promise<string | undefined> {
    const client = await this.options.client();
    const silence = await this.silenceOf(client);
    if (silence !== undefined) {
      this.options.warn(`the cluster's API gives no answer (${silence}): ${machine} is changed all the same, and nothing is waited for`);
      return undefined;
    }
    const lack = await this.lackAfter(lackOfControlPlane);
    if (lack !== undefined)
      throw new Error(
        `${machine} was not stopped, because the control plane would not bear it: ${lack}. Mend that first (oc get clusteroperators), then run pulumi up again`,
      );
    return (await bootOf(client, node)) ?? "";
  }

  /** Why the API gives no answer; undefined when it gives one. */
  private async silenceOf(client: ControlPlaneClient): Promise<string | undefined> {
    const deadline = this.clock.now() + SILENCE_MINUTES * 60_000;
    for (;;) {
      const silence = await lackOfControlPlane(client).then(() => undefined, reasonOf);
      if (silence === undefined || this.clock.now() >= deadline) return silence;
      await this.clock.pause(PAUSE);
    }
  }

  /** What is still lacking after a while; undefined as soon as it is nothing. */
  private async lackAfter(look: (client: ControlPlaneClient) => Promise<string | undefined>): Promise<string | undefined> {
    const client = await this.options.client();
    const deadline = this.clock.now() + PATIENCE_MINUTES * 60_000;
    for (;;) {
      const lack = await look(client).catch((error: unknown) => `the API gave no answer: ${reasonOf(error)}`);
      if (lack === undefined || this.clock.now() >= deadline) return lack;
      await this.clock.pause(PAUSE);
    }
  }
}
