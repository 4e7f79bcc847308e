import { setTimeout as sleep } from "node:timers/promises";
import type { Api } from "@okd-aws/sandbox/cluster/api-server";
import { type OlmCatalog, OlmStandIn } from "@okd-aws/sandbox/cluster/olm-stand-in";
import type { PlatformProject } from "./platform-project";
import { standInApi, StandInLoop } from "./stand-in-loop";

const MARKETPLACE = "openshift-marketplace";

/** Seconds that a test waits for OLM. */
const LIMIT = 60;

/**
 * Runs the stand-in for the Operator Lifecycle Manager on the API server of a `PlatformProject`. No controller makes the Deployments of operators
 * available there, so this class does, except for the Deployments in `broken`.
 */
export class RunningOlm {
  /** Deployments that never become available. */
  readonly broken = new Set<string>();
  private readonly api: Api;
  private readonly standIn: OlmStandIn;
  private loop: StandInLoop | undefined;
  /** Content by CatalogSource; a CatalogSource that is missing here does not answer. */
  readonly catalogs: Record<string, OlmCatalog> = {};

  private constructor(private readonly project: PlatformProject) {
    this.api = standInApi(project);
    this.standIn = new OlmStandIn(this.api, {
      catalogOf: ({ metadata }) => (Object.hasOwn(this.catalogs, metadata.name) ? this.catalogs[metadata.name] : undefined),
    });
  }

  /** Starts the stand-in with one catalog, on a cluster with the namespaces of OLM. */
  static async start(project: PlatformProject, name: string, catalog: OlmCatalog): Promise<RunningOlm> {
    for (const namespace of [MARKETPLACE, "openshift-operators"])
      await project.api.must("POST", "/api/v1/namespaces", { metadata: { name: namespace } });
    const group = { name: "global-operators", namespace: "openshift-operators" };
    await project.seed({ apiVersion: "operators.coreos.com/v1", kind: "OperatorGroup", metadata: group });
    const olm = new RunningOlm(project);
    await olm.addCatalog(name, catalog);
    olm.loop = new StandInLoop(olm.api, "the stand-in for OLM", () => olm.step(), 100);
    return olm;
  }

  /** Creates a CatalogSource. Without content it does not answer. */
  async addCatalog(name: string, catalog?: OlmCatalog): Promise<void> {
    if (catalog) this.catalogs[name] = catalog;
    const spec = { sourceType: "grpc", image: `registry.example.com/${name}` };
    const metadata = { name, namespace: MARKETPLACE };
    await this.project.seed({ apiVersion: "operators.coreos.com/v1alpha1", kind: "CatalogSource", metadata, spec });
  }

  /** @throws the first error of the stand-in that is not a conflict */
  async stop(): Promise<void> {
    await this.loop?.stop();
  }

  /** Waits until `look` returns something. */
  async until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
    for (const deadline = Date.now() + LIMIT * 1000; ;) {
      const found = await look();
      if (found !== undefined) return found;
      if (Date.now() > deadline) throw new Error(`${what} has not come within ${LIMIT} s`);
      await sleep(200);
    }
  }

  private async step(): Promise<void> {
    await this.standIn.advance();
    await this.reportDeployments();
  }

  private async reportDeployments(): Promise<void> {
    const found = await this.api.list("/apis/apps/v1/deployments?labelSelector=olm.owner");
    for (const { metadata, status } of found) {
      const { name = "", namespace = "", generation } = metadata;
      const isAvailable = !this.broken.has(name);
      if ((status as { observedGeneration?: number } | undefined)?.observedGeneration === generation) continue;
      const condition = {
        type: "Available",
        status: isAvailable ? "True" : "False",
        message: "Deployment does not have minimum availability.",
      };
      const progress = isAvailable ? [] : [{ type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded" }];
      await this.api.patchStatus(`/apis/apps/v1/namespaces/${namespace}/deployments/${name}`, {
        observedGeneration: generation,
        conditions: [condition, ...progress],
      });
    }
  }
}
