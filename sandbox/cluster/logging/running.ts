import type { Api } from "../api";
import { isOutdated } from "../olm-stand-in/stand-in";
import { LoggingOperatorStandIn } from "./logging-operator-stand-in";
import { LokiOperatorStandIn } from "./loki-operator-stand-in";

/** Milliseconds between two steps. */
const PACE = 2000;

/** The stand-ins for the operators of logging in a simulated cluster. */
export class ClusterLogging {
  private readonly standIns: readonly { advance(): Promise<void> }[];
  private running = false;
  private last = 0;
  private problem?: string;

  constructor(
    api: Api,
    private readonly say: (text: string) => void,
  ) {
    this.standIns = [new LokiOperatorStandIn(api), new LoggingOperatorStandIn(api)];
  }

  /** Starts the next step, unless one runs. The caller does not wait for the result. */
  advance(): void {
    if (this.running || Date.now() - this.last < PACE) return;
    this.running = true;
    this.last = Date.now();
    this.step()
      .catch((error: unknown) => {
        const problem = error instanceof Error ? error.message : String(error);
        if (!isOutdated(error) && problem !== this.problem) this.say(`stand-ins for the operators of logging: ${problem}`);
        this.problem = problem;
      })
      .finally(() => (this.running = false));
  }

  private async step(): Promise<void> {
    for (const standIn of this.standIns) await standIn.advance();
  }
}
