import type { Api } from "../api";
import type { Hold } from "../operators";
import { incompatibleOperators } from "./incompatible";
import type { DefinitionOf } from "./known-definitions";
import { OLM_LISTS, type OlmCsv } from "./objects";
import { isOutdated, OlmStandIn } from "./stand-in";
import { defaultCatalogs } from "./v1/default-catalogs";
import { ExtensionStandIn } from "./v1/stand-in";

/** Milliseconds between two steps. */
const PACE = 1000;

/** The stand-ins for both versions of OLM in a simulated cluster: does a step each second. The simulator does not wait for the step. Version 1 exists from 4.18 on. */
export class ClusterOlm {
  private readonly standIn: OlmStandIn;
  private readonly extensions: ExtensionStandIn | undefined;
  private running = false;
  private last = 0;
  private problem?: string;
  private held?: Hold;

  constructor(
    private readonly api: Api,
    private readonly release: string,
    private readonly say: (text: string) => void,
    definitionOf?: DefinitionOf,
  ) {
    const options = { release, ...(definitionOf && { definitionOf }) };
    this.standIn = new OlmStandIn(api, options);
    this.extensions = defaultCatalogs(release).length > 0 ? new ExtensionStandIn(api, options) : undefined;
  }

  /** The reason why the cluster must not be updated to another minor version. */
  get hold(): Hold | undefined {
    return this.held;
  }

  /** Starts the next step, unless one runs. The caller does not wait for the result. */
  advance(): void {
    if (this.running || Date.now() - this.last < PACE) return;
    this.running = true;
    this.last = Date.now();
    this.step()
      .catch((error: unknown) => {
        const problem = error instanceof Error ? error.message : String(error);
        if (!isOutdated(error) && problem !== this.problem) this.say(`OLM stand-in: ${problem}`);
        this.problem = problem;
      })
      .finally(() => (this.running = false));
  }

  private async step(): Promise<void> {
    await this.standIn.advance();
    await this.extensions?.advance();
    this.held = incompatibleOperators(await this.api.list<OlmCsv>(OLM_LISTS.csvs), this.release);
  }
}
