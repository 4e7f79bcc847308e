import { type Api, type KubeObject } from "../api";
import { isOutdated } from "../olm-stand-in";
import { ServiceCaStandIn } from "../service-ca-stand-in";
import { GrafanaOperatorStandIn } from "./grafana-operator-stand-in";

/** Milliseconds between two steps. */
const PACE = 1500;

/** The operator's Deployment (redhat-openshift-ecosystem/community-operators-prod, `operators/grafana-operator`, main). */
const DEPLOYMENT = "grafana-operator-controller-manager-v5";

interface Deployment extends KubeObject {
  readonly status?: { readonly availableReplicas?: number };
}

/** The stand-ins in a simulated cluster. They work while the operator's Deployment is available, in its namespace. */
export class ClusterGrafana {
  private readonly operator: GrafanaOperatorStandIn;
  private readonly serviceCa: ServiceCaStandIn;
  private next = 0;
  private problem?: string;

  constructor(
    private readonly api: Api,
    private readonly say: (text: string) => void,
  ) {
    this.operator = new GrafanaOperatorStandIn(api);
    this.serviceCa = new ServiceCaStandIn(api);
  }

  /** Does a step, unless the last step was less than `PACE` ago. Problems are only logged. */
  async advance(): Promise<void> {
    if (Date.now() < this.next) return;
    this.next = Date.now() + PACE;
    const all = await this.api.list<Deployment>(`/apis/apps/v1/deployments?fieldSelector=metadata.name%3D${DEPLOYMENT}`);
    const running = all.find(({ status }) => (status?.availableReplicas ?? 0) > 0);
    if (running === undefined) return;
    try {
      await this.serviceCa.advance();
      await this.operator.advance(running.metadata.namespace ?? "");
      this.problem = undefined;
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      if (!isOutdated(error) && problem !== this.problem) this.say(`Grafana operator: ${problem}`);
      this.problem = problem;
    }
  }
}
