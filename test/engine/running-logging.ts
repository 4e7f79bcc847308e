import type { Api, KubeObject } from "@okd-aws/sandbox/cluster/api-server";
import { StandInLoop } from "./stand-in-loop";

const REQUESTS = "/apis/cloudcredential.openshift.io/v1/namespaces/openshift-cloud-credential-operator/credentialsrequests";

interface Request extends KubeObject {
  readonly spec: { readonly secretRef: { readonly name: string; readonly namespace: string } };
  readonly status?: { readonly provisioned?: boolean };
}

const NAMESPACE = "openshift-logging";
const POD_RUNS = { phase: "Running", conditions: [{ type: "Ready", status: "True" }], containerStatuses: [] };

interface Workload extends KubeObject {
  readonly metadata: KubeObject["metadata"] & { readonly generation?: number };
  readonly spec: {
    readonly template: {
      readonly metadata: { readonly labels: Record<string, string> };
      readonly spec: { readonly serviceAccountName: string; readonly containers: object[] };
    };
  };
  readonly status?: { readonly observedGeneration?: number; readonly numberReady?: number };
}

/**
 * Runs the stand-ins for the operators of logging on the API server of a `PlatformProject`, and a cloud credential operator that invents keys. No
 * controller makes pods there, so this class makes one for each workload of Loki, and reports that the collectors run on one node.
 */
export class RunningLogging {
  /** Whether the collectors start on their node. */
  collectorsStart = true;
  private readonly pods = new Set<string>();
  private readonly loop: StandInLoop;

  private constructor(
    private readonly api: Api,
    private readonly standIns: readonly { advance(): Promise<void> }[],
  ) {
    this.loop = new StandInLoop(api, "a stand-in for an operator of logging", () => this.step());
  }

  static start(api: Api, standIns: readonly { advance(): Promise<void> }[]): RunningLogging {
    return new RunningLogging(api, standIns);
  }

  /** @throws the first error of a stand-in that is not a conflict */
  async stop(): Promise<void> {
    await this.loop.stop();
  }

  /** Writes new keys into the Secret of each CredentialsRequest. */
  async mint(id: string, key: string): Promise<void> {
    for (const { spec } of await this.api.list<Request>(REQUESTS))
      await this.api.apply(
        {
          apiVersion: "v1",
          kind: "Secret",
          metadata: spec.secretRef,
          data: { aws_access_key_id: Buffer.from(id).toString("base64"), aws_secret_access_key: Buffer.from(key).toString("base64") },
        },
        "cloud-credential-operator",
      );
  }

  private async step(): Promise<void> {
    for (const { metadata, status } of await this.api.list<Request>(REQUESTS))
      if (status?.provisioned !== true) {
        await this.mint("AKIAMINTED", "minted-s3cret");
        await this.api.patchStatus(`${REQUESTS}/${metadata.name ?? ""}`, { provisioned: true });
      }
    for (const standIn of this.standIns) await standIn.advance();
    await this.runCollectors();
    for (const kind of ["deployments", "statefulsets"])
      for (const workload of await this.api.list<Workload>(`/apis/apps/v1/namespaces/${NAMESPACE}/${kind}`)) await this.runPod(workload);
  }

  private async runCollectors(): Promise<void> {
    const path = `/apis/apps/v1/namespaces/${NAMESPACE}/daemonsets`;
    const ready = this.collectorsStart ? 1 : 0;
    for (const { metadata, status } of await this.api.list<Workload>(path)) {
      const { generation, name = "" } = metadata;
      if (status?.observedGeneration === generation && status?.numberReady === ready) continue;
      const counts = { currentNumberScheduled: 1, desiredNumberScheduled: 1, updatedNumberScheduled: 1, numberMisscheduled: 0 };
      await this.api.patchStatus(`${path}/${name}`, { observedGeneration: generation, ...counts, numberReady: ready });
    }
  }

  private async runPod({ metadata: { name = "" }, spec: { template } }: Workload): Promise<void> {
    if (template.metadata.labels["app.kubernetes.io/managed-by"] !== "lokistack-controller" || this.pods.has(name)) return;
    const { containers, serviceAccountName } = template.spec;
    const metadata = { name: `${name}-0`, namespace: NAMESPACE, labels: template.metadata.labels };
    const spec = { serviceAccountName, automountServiceAccountToken: false, containers };
    await this.api.create({ apiVersion: "v1", kind: "Pod", metadata, spec, status: POD_RUNS });
    this.pods.add(name);
  }
}
