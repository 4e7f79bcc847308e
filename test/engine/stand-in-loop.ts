import { setTimeout as sleep } from "node:timers/promises";
import { Api } from "@okd-aws/sandbox/cluster/api-server";
import { isOutdated } from "@okd-aws/sandbox/cluster/olm-stand-in";
import type { PlatformProject } from "./platform-project";

/** A client for stand-ins of the API server of a `PlatformProject`, with an administrator's token. */
export function standInApi(project: PlatformProject): Api {
  const { port, ca, token } = project.api.administrator;
  return new Api(port, "api.demo.okd.example.com", { ca, token });
}

/** Repeats the steps of stand-ins until it is stopped. It continues after an error, as the simulator does. */
export class StandInLoop {
  private stopped = false;
  /** The first error that is more than a conflict. */
  private problem: Error | undefined;
  private readonly running: Promise<void>;

  /**
   * @param name name of the stand-ins, for an error
   * @param pauseMs milliseconds between two steps
   */
  constructor(
    private readonly api: Api,
    private readonly name: string,
    private readonly step: () => Promise<void>,
    private readonly pauseMs = 200,
  ) {
    this.running = this.run();
  }

  /** @throws the first error of a stand-in that is not a conflict */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.running;
    this.api.close();
    if (this.problem !== undefined) throw this.problem;
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      await this.step().catch((error: unknown) => {
        if (!isOutdated(error)) this.problem ??= new Error(`${this.name} failed`, { cause: error });
      });
      await sleep(this.pauseMs);
    }
  }
}
