import type { Api } from "../api";
import { type Hold, Operators, type StageTexts } from "../operators";
import { ClusterVersionOperator } from "./cluster-version-operator";
import type { ClusterVersionRelease } from "./clusterversion";
import { CredentialsOperator } from "./credentials-upgradeable";
import type { KnownRelease } from "./known-releases";

export interface ReleaseOperatorsOptions {
  /** The release that was installed. */
  readonly installed: ClusterVersionRelease;
  /** The releases that the update service and the registries know now. */
  readonly releases: () => readonly KnownRelease[];
  readonly say: (text: string) => void;
}

/** A release's operators, and the cluster version operator, which updates them. */
export class ReleaseOperators {
  private readonly operators: Operators;
  private readonly credentials: CredentialsOperator;
  private readonly version: ClusterVersionOperator;

  constructor(api: Api, options: ReleaseOperatorsOptions) {
    this.operators = new Operators(api, options.installed.version, options.say);
    this.credentials = new CredentialsOperator(api);
    this.version = new ClusterVersionOperator(api, { ...options, operators: this.operators });
  }

  /**
   * Does all steps that are possible now.
   *
   * @param pending the reason for each stage of the installation that is not reached
   * @param degraded the reason for each stage whose operators are degraded
   * @param holds the operators that hold back updates to another minor version, except the cloud credential operator, which this class adds
   * @returns the operators that are not available
   */
  async advance(pending: StageTexts, degraded: StageTexts = {}, holds: ReadonlyMap<string, Hold> = new Map()): Promise<string[]> {
    const hold = await this.credentials.hold();
    const all = new Map([...holds, ...(hold ? [["cloud-credential", hold] as const] : [])]);
    const waiting = await this.operators.report(pending, degraded, all);
    await this.version.advance(waiting);
    return waiting;
  }
}
