import type { Api, KubeObject } from "@okd-aws/sandbox/cluster/api-server";
import { GrafanaOperatorStandIn, ServiceCaStandIn } from "@okd-aws/sandbox/cluster/grafana";
import { operatorDefinitions } from "@okd-aws/sandbox/cluster/olm-stand-in";
import { publishDefinitions } from "./definitions/installed";
import type { PlatformProject } from "./platform-project";
import { standInApi, StandInLoop } from "./stand-in-loop";

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
 * Runs the stand-ins for grafana-operator and the service CA operator on the API server of a `PlatformProject`. No controller rolls Deployments
 * out there, so this class does. Like Kubernetes, it keeps the old pod while the new pod does not start, and gives up on the new pod, but at once.
 */
export class RunningGrafana {
  private readonly api: Api;
  private readonly operator: GrafanaOperatorStandIn;
  private readonly serviceCa: ServiceCaStandIn;
  private readonly loop: StandInLoop;

  private constructor(project: PlatformProject) {
    this.api = standInApi(project);
    this.operator = new GrafanaOperatorStandIn(this.api);
    this.serviceCa = new ServiceCaStandIn(this.api);
    this.loop = new StandInLoop(this.api, "a stand-in", () => this.step());
  }

  /** Creates the kinds and the namespace as OLM and the operator's component would, and starts the stand-ins. */
  static async start(project: PlatformProject): Promise<RunningGrafana> {
    await publishDefinitions(project.api, operatorDefinitions);
    await project.api.must("POST", "/api/v1/namespaces", { metadata: { name: NAMESPACE } });
    return new RunningGrafana(project);
  }

  /** @throws the first error of a stand-in that is not a conflict */
  async stop(): Promise<void> {
    await this.loop.stop();
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
