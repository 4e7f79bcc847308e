import type { Api } from "@okd-aws/sandbox/cluster/api-server";
import { ExtensionStandIn, extensionDefinitions, type OlmCatalog, OWNER_NAME } from "@okd-aws/sandbox/cluster/olm-stand-in";
import { setTimeout as sleep } from "node:timers/promises";
import { publishDefinitions } from "./definitions/installed";
import type { PlatformProject } from "./platform-project";
import { standInApi, StandInLoop } from "./stand-in-loop";

/** Seconds that a test waits for OLM. */
const LIMIT = 60;

/**
 * The stand-in for version 1 of the Operator Lifecycle Manager on the API server of a project. No controller makes the Deployments of operators
 * available there, so this class does, except those that `broken` names.
 */
export class RunningExtensions {
  /** Deployments whose pods are refused. */
  readonly broken = new Set<string>();
  /** Content by ClusterCatalog; the image of a ClusterCatalog that is missing here cannot be pulled. */
  readonly catalogs: Record<string, OlmCatalog> = {};
  private readonly api: Api;
  private readonly loop: StandInLoop;

  private constructor(private readonly project: PlatformProject) {
    this.api = standInApi(project);
    const standIn = new ExtensionStandIn(this.api, {
      catalogOf: ({ metadata }) => (Object.hasOwn(this.catalogs, metadata.name) ? this.catalogs[metadata.name] : undefined),
    });
    const step = async () => {
      await standIn.advance();
      await this.reportDeployments();
    };
    this.loop = new StandInLoop(this.api, "the stand-in for version 1 of OLM", step, 200);
  }

  static async start(project: PlatformProject, name: string, catalog: OlmCatalog): Promise<RunningExtensions> {
    await publishDefinitions(project.api, extensionDefinitions);
    const olm = new RunningExtensions(project);
    await olm.addCatalog(name, catalog);
    return olm;
  }

  /** Creates a ClusterCatalog. Without content its image cannot be pulled. */
  async addCatalog(name: string, catalog?: OlmCatalog): Promise<void> {
    if (catalog) this.catalogs[name] = catalog;
    const spec = { source: { type: "Image", image: { ref: `registry.example.com/${name}:latest` } } };
    await this.project.seed({ apiVersion: "olm.operatorframework.io/v1", kind: "ClusterCatalog", metadata: { name }, spec });
  }

  /** @throws the first error of the stand-in that is not a conflict */
  async stop(): Promise<void> {
    await this.loop.stop();
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

  private async reportDeployments(): Promise<void> {
    const found = await this.api.list(`/apis/apps/v1/deployments?labelSelector=${encodeURIComponent(OWNER_NAME)}`);
    for (const { metadata, status } of found) {
      const { name = "", namespace = "", generation } = metadata;
      if ((status as { observedGeneration?: number } | undefined)?.observedGeneration === generation) continue;
      const message = 'pods "demo-" is forbidden: unable to validate against any security context constraint';
      const running = { replicas: 1, updatedReplicas: 1, conditions: [{ type: "Available", status: "True" }] };
      const refused = { replicas: 0, conditions: [{ type: "ReplicaFailure", status: "True", message }] };
      await this.api.patchStatus(`/apis/apps/v1/namespaces/${namespace}/deployments/${name}`, {
        observedGeneration: generation,
        ...(this.broken.has(name) ? refused : running),
      });
    }
  }
}
