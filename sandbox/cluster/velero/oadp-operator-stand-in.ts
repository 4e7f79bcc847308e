import { join } from "node:path";
import type { Api, KubeObject } from "../api";
import { kubeTime } from "../kube-time";
import { hasNodeAgent, OADP_NODE_AGENT, oadpNodeAgent } from "./oadp-node-agent";
import { oadpRefusal } from "./oadp-refusals";
import { type DataProtection, OADP_LOCATION, oadpLocations, oadpMetricsService, oadpServer } from "./oadp-server";

/** Directory with the operator's CRD. */
export const oadpDefinitions = join(__dirname, "definitions");

/**
 * PACE: milliseconds between two steps. BUSY: while an object is being deleted, a step reads it again and again, without
 * a pause, for this number of milliseconds. The real operator sees each change at once.
 */
const PACE = 1500;
const BUSY = 1000;

const OPERATOR = "openshift-adp-controller-manager";
const MANAGER = "oadp-operator";

interface OperatorDeployment extends KubeObject {
  readonly status?: { readonly availableReplicas?: number };
}

interface OadpSecret extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
}

/**
 * A stand-in for the controller of OADP: while the operator's Deployment is available, it creates Velero's server and locations from the
 * DataProtectionApplication in the operator's namespace, and reports in the object's status (openshift/oadp-operator,
 * `internal/controller/dataprotectionapplication_controller.go`, oadp-1.5).
 */
export class OadpOperatorStandIn {
  private next = 0;
  private problem?: string;

  constructor(
    private readonly api: Api,
    private readonly say: (text: string) => void,
  ) {}

  /** Does one step. Problems are only logged. */
  async advance(): Promise<void> {
    if (Date.now() < this.next) return;
    this.next = Date.now() + PACE;
    try {
      const selector = `fieldSelector=${encodeURIComponent(`metadata.name=${OPERATOR}`)}`;
      const operators = await this.api.list<OperatorDeployment>(`/apis/apps/v1/deployments?${selector}`);
      for (const { metadata, status } of operators)
        if ((status?.availableReplicas ?? 0) > 0 && metadata.namespace !== undefined) await this.reconcileAll(metadata.namespace);
      this.problem = undefined;
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      if (problem !== this.problem) this.say(`OADP stand-in: ${problem}`);
      this.problem = problem;
    }
  }

  private async reconcileAll(namespace: string): Promise<void> {
    await this.allowPrivilegedPods(namespace);
    for (const end = Date.now() + BUSY; ;) {
      const applications = await this.api.list<DataProtection>(
        `/apis/oadp.openshift.io/v1alpha1/namespaces/${namespace}/dataprotectionapplications`,
      );
      for (const application of applications) await this.reconcile(application, applications, namespace);
      // The operator does not know that its object is being deleted: it creates each deleted dependent again (`Reconcile` and `predicate.go`).
      const dying = applications.some(({ metadata }) => metadata.deletionTimestamp !== undefined);
      if (!dying || Date.now() > end) return;
    }
  }

  /** Labels the operator's namespace, as the operator does at its start (`cmd/main.go`: addPodSecurityPrivilegedLabels). */
  private async allowPrivilegedPods(name: string): Promise<void> {
    const labels = Object.fromEntries(["enforce", "audit", "warn"].map((mode) => [`pod-security.kubernetes.io/${mode}`, "privileged"]));
    const found = await this.api.get(`/api/v1/namespaces/${name}`);
    if (found !== undefined && found.metadata.labels?.["pod-security.kubernetes.io/enforce"] !== "privileged")
      await this.api.patch(`/api/v1/namespaces/${name}`, { metadata: { labels } });
  }

  private async reconcile(application: DataProtection, all: readonly DataProtection[], namespace: string): Promise<void> {
    const secrets = await this.api.list<OadpSecret>(`/api/v1/namespaces/${namespace}/secrets`);
    const refusal = oadpRefusal(application, all, (name) => {
      const found = secrets.find(({ metadata }) => metadata.name === name);
      return found && (found.data ?? {});
    });
    if (refusal === undefined) {
      const locations = oadpLocations(application);
      const agent = hasNodeAgent(application) ? [oadpNodeAgent(application)] : [];
      for (const object of [...locations, oadpServer(application), oadpMetricsService(application), ...agent])
        await this.api.apply(object, MANAGER);
      await this.deleteOtherLocations(locations, namespace);
      if (agent.length === 0) await this.deleteNodeAgent(namespace);
    }
    await this.report(application, refusal);
  }

  /** Deletes locations that OADP has made and that are no longer configured. */
  private async deleteOtherLocations(wanted: readonly KubeObject[], namespace: string): Promise<void> {
    const path = `/apis/velero.io/v1/namespaces/${namespace}/backupstoragelocations`;
    const selector = Object.entries(OADP_LOCATION).map(([label, value]) => `${label}=${value}`);
    for (const { metadata } of await this.api.list<KubeObject>(`${path}?labelSelector=${encodeURIComponent(selector.join(","))}`))
      if (!wanted.some((location) => location.metadata.name === metadata.name))
        await this.api.send("DELETE", `${path}/${metadata.name ?? ""}`);
  }

  private async deleteNodeAgent(namespace: string): Promise<void> {
    const path = `/apis/apps/v1/namespaces/${namespace}/daemonsets/${OADP_NODE_AGENT}`;
    if ((await this.api.get(path)) !== undefined) await this.api.send("DELETE", path);
  }

  private async report({ metadata, status }: DataProtection, refusal: string | undefined): Promise<void> {
    const wanted =
      refusal === undefined
        ? { type: "Reconciled", status: "True", reason: "Complete", message: "Reconcile complete" }
        : { type: "Reconciled", status: "False", reason: "Error", message: refusal };
    const known = status?.conditions?.find(({ type }) => type === wanted.type);
    if (known?.status === wanted.status && known.message === wanted.message) return;
    if (refusal !== undefined) this.say(`OADP stand-in: refuses ${metadata.namespace ?? ""}/${metadata.name ?? ""}: ${refusal}`);
    const path = `/apis/oadp.openshift.io/v1alpha1/namespaces/${metadata.namespace ?? ""}/dataprotectionapplications/${metadata.name ?? ""}`;
    await this.api.patchStatus(path, { conditions: [{ ...wanted, lastTransitionTime: kubeTime() }] });
  }
}
