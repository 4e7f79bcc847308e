import { type Api, ApiError, type KubeObject } from "../api";
import { kubeTime } from "../kube-time";
import { OLM_LISTS, OLM_MANAGER, olmPath, type OlmCsv, type OlmInstallPlan } from "./objects";

const CLUSTER_WIDE = ["ClusterRole", "ClusterRoleBinding"];

/**
 * Installs approved InstallPlans (operator-framework/operator-lifecycle-manager, `pkg/controller/operators/catalog/operator.go`, master:
 * transitionInstallPlanState and ExecutePlan).
 */
export class InstallPlans {
  constructor(private readonly api: Api) {}

  async advance(plan: OlmInstallPlan): Promise<void> {
    const path = olmPath(OLM_LISTS.plans, plan.metadata);
    const { phase, plan: steps = [] } = plan.status ?? {};
    if (phase === "RequiresApproval" && plan.spec.approved) await this.api.patchStatus(path, { phase: "Installing" });
    if (phase !== "Installing") return;
    for (const { resolving, resource } of steps)
      await this.create(JSON.parse(resource.manifest) as KubeObject, resolving, plan.metadata.namespace);
    const time = kubeTime();
    await this.api.patchStatus(path, {
      phase: "Complete",
      startTime: time,
      plan: steps.map((step) => ({ ...step, status: "Created" })),
      conditions: [{ type: "Installed", status: "True", lastTransitionTime: time, lastUpdateTime: time }],
    });
  }

  /**
   * CRDs have no owner, so they outlive the operator. The ClusterServiceVersion owns all other objects of a namespace. Cluster-wide objects have
   * a label instead of an owner.
   */
  private async create(object: KubeObject, csvName: string, namespace: string): Promise<void> {
    if (object.kind === "CustomResourceDefinition" || object.kind === "ClusterServiceVersion") {
      await this.api.create(object);
      return;
    }
    if (CLUSTER_WIDE.includes(object.kind)) {
      // A namespaced object cannot own a cluster-wide one, so OLM adds a label to the cluster-wide object
      // (`pkg/controller/operators/catalog/step_ensurer.go` and `pkg/lib/ownerutil`).
      const labels = { "olm.owner": csvName, "olm.owner.namespace": namespace, "olm.owner.kind": "ClusterServiceVersion" };
      await this.api.apply({ ...object, metadata: { ...object.metadata, labels } }, OLM_MANAGER);
      return;
    }
    const csv = await this.api.get<OlmCsv>(olmPath(OLM_LISTS.csvs, { namespace, name: csvName }));
    if (csv === undefined) throw new ApiError(404, `ClusterServiceVersion ${csvName} is missing`);
    const owner = {
      apiVersion: csv.apiVersion,
      kind: csv.kind,
      name: csvName,
      uid: csv.metadata.uid,
      controller: false,
      blockOwnerDeletion: false,
    };
    await this.api.apply({ ...object, metadata: { ...object.metadata, ownerReferences: [owner] } }, OLM_MANAGER);
  }
}
