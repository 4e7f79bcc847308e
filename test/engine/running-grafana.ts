import { setTimeout as sleep } from "node:timers/promises";
import { Api, type KubeObject } from "@okd-aws/sandbox/cluster/api-server";
import { GrafanaOperatorStandIn, ServiceCaStandIn } from "@okd-aws/sandbox/cluster/grafana";
import { operatorDefinitions } from "@okd-aws/sandbox/cluster/olm-stand-in";
import { isOutdated } from "@okd-aws/sandbox/cluster/olm-stand-in";
import { publishDefinitions } from "./definitions/installed";
import type { PlatformProject } from "./platform-project";

/** An image that no registry has. */
export const MISSING_IMAGE = "registry.example.com/grafana/missing:1";

/** The namespace of the operator and of Grafana. */
const NAMESPACE = "grafana-operator";

interface Deployment extends KubeObject {
  readonly metadata: KubeObject["metadata"] & { readonly name: string; readonly generation: number };
  readonly spec: { readonly template: { readonly spec: { readonly containers: readonly { readonly image: string }[] } } };
  readonly status?: { readonly observedGeneration?: number; readonly availableReplicas?: number };
}

/**
 * The stand-ins for grafana-operator and the service CA operator on the API server of a project. No controller rolls Deployments out there, so
 * this class does: as Kubernetes it keeps the old pod while the new one does not start, and gives up on the new one (but at once).
 */
export class RunningGrafana {
  private readonly api: Api;
  private readonly operator: GrafanaOperatorStandIn;
  private readonly serviceCa: ServiceCaStandIn;
  private stopped = false;
  private loop: Promise<void> | undefined;
  /** The first error that is more than a conflict. */
  private problem: Error | undefined;

  private constructor(project: PlatformProject) {
    const { port, ca, token } = project.api.administrator;
    this.api = new Api(port, "api.demo.okd.example.com", { ca, token });
    this.operator = new GrafanaOperatorStandIn(this.api);
    this.serviceCa = new ServiceCaStandIn(this.api);
  }

  /** Creates the kinds and the namespace as OLM and the operator's component would, and starts the stand-ins. */
  static async start(project: PlatformProject): Promise<RunningGrafana> {
    await publishDefinitions(project.api, operatorDefinitions);
    await project.api.must("POST", "/api/v1/namespaces", { metadata: { name: NAMESPACE } });
    const running = new RunningGrafana(project);
    running.loop = running.run();
    return running;
  }

  /** @throws the first error of a stand-in that is not a conflict */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.loop;
    this.api.close();
    if (this.problem !== undefined) throw this.problem;
  }

  /** Goes on after an error, as the simulator does. */
  private async run(): Promise<void> {
    while (!this.stopped) {
      await this.step().catch((error: unknown) => {
        if (!isOutdated(error)) this.problem ??= new Error("a stand-in failed", { cause: error });
      });
      await sleep(200);
    }
  }

  private async step(): Promise<void> {
    await this.serviceCa.advance();
    await this.operator.advance(NAMESPACE);
    for (const deployment of await this.api.list<Deployment>(`/apis/apps/v1/namespaces/${NAMESPACE}/deployments`)) {
      const { metadata, spec, status } = deployment;
      if (status?.observedGeneration === metadata.generation) continue;
      const starts = spec.template.spec.containers.every(({ image }) => image !== MISSING_IMAGE);
      const old = status?.availableReplicas ?? 0;
      const progressing = { type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded", message: "timed out" };
      await this.api.patchStatus(`/apis/apps/v1/namespaces/${NAMESPACE}/deployments/${metadata.name}`, {
        observedGeneration: metadata.generation,
        replicas: starts ? 1 : 1 + old,
        updatedReplicas: 1,
        readyReplicas: starts ? 1 : old,
        availableReplicas: starts ? 1 : old,
        conditions: starts ? [] : [progressing],
      });
    }
  }
}
