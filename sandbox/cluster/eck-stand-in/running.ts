import { type Api, ApiError } from "../api";
import { EckStandIn } from "./stand-in";

/** Milliseconds between two steps. */
const PACE = 2000;

/** The stand-in in a simulated cluster. If the API server refuses a request, the refusal is logged, and a later step repeats the request. */
export class ClusterEck {
  private readonly standIn: EckStandIn;
  private next = 0;
  private problem = "";

  constructor(
    api: Api,
    private readonly say: (text: string) => void,
  ) {
    this.standIn = new EckStandIn(api);
  }

  async advance(): Promise<void> {
    if (Date.now() < this.next) return;
    this.next = Date.now() + PACE;
    try {
      await this.standIn.advance();
      this.problem = "";
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.message !== this.problem) this.say(`the stand-in for ECK: ${error.message}`);
      this.problem = error.message;
    }
  }
}
