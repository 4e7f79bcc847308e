import { type Api, type KubeObject } from "../api";
import { collectorSinks } from "./collector-sinks";
import {
  collectedKinds,
  type ForwarderCondition,
  forwarderCondition,
  type ForwarderSpec,
  inputConditions,
  outputConditions,
  pipelineConditions,
  type ValueLookup,
} from "./forwarder-conditions";
import { installedOperator } from "./installed-operator";

const MANAGER = "logging-operator-stand-in";
const PREFIX = "observability.openshift.io";

/** The ConfigMap with the CA of services that OpenShift publishes in every namespace. The sandbox does not publish it; the stand-in treats it as present. */
const SERVICE_CA = "openshift-service-ca.crt";

/** The label of ConfigMaps into which the network operator writes the CAs that the cluster trusts. The sandbox does not write the CAs; the stand-in treats them as present. */
const TRUSTED_CAS = "config.openshift.io/inject-trusted-cabundle";

/**
 * Tolerations and resource requests of each collector (openshift/cluster-logging-operator, `internal/constants/constants.go` and
 * `internal/api/initialize/init_resources.go`, master).
 */
const TOLERATIONS = ["node-role.kubernetes.io/master", "node.kubernetes.io/disk-pressure"].map((key) => ({
  key,
  operator: "Exists",
  effect: "NoSchedule",
}));
const REQUESTS = { cpu: "500m", memory: "64Mi" };

interface Forwarder extends KubeObject {
  readonly metadata: KubeObject["metadata"] & { readonly name: string; readonly namespace: string; readonly uid: string };
  readonly spec: ForwarderSpec;
  readonly status?: Readonly<Partial<Record<ConditionList, readonly ForwarderCondition[]>>>;
}

type ConditionList = "conditions" | "inputConditions" | "outputConditions" | "pipelineConditions";

/**
 * A stand-in for the Cluster Logging Operator (openshift/cluster-logging-operator, master). While the operator is installed, it asks the API server
 * whether each forwarder's service account may collect its logs, checks inputs, outputs and pipelines, and creates the collectors' DaemonSet. Then
 * the forwarder is Ready, whether the collectors' pods run or not. The collectors collect nothing.
 */
export class LoggingOperatorStandIn {
  /** Versions of refused forwarders, by UID. The operator does not check a refused forwarder again until it changes (Reconcile: defaultRequeue). */
  private readonly refused = new Map<string, string>();

  constructor(private readonly api: Api) {}

  async advance(): Promise<void> {
    if ((await installedOperator(this.api, "clusterlogforwarders.observability.openshift.io")) === undefined) return;
    for (const forwarder of await this.api.list<Forwarder>("/apis/observability.openshift.io/v1/clusterlogforwarders"))
      if (forwarder.metadata.deletionTimestamp === undefined) await this.reconcile(forwarder);
  }

  /** Processes a forwarder as Reconcile in `internal/controller/observability/clusterlogforwarder_controller.go` does. */
  private async reconcile(forwarder: Forwarder): Promise<void> {
    const { spec, metadata } = forwarder;
    const version = JSON.stringify([metadata.generation, metadata.annotations ?? {}]);
    if (spec.managementState === "Unmanaged" || this.refused.get(metadata.uid) === version) return;
    const authorized = await this.authorized(forwarder);
    const parts = {
      inputConditions: inputConditions(spec),
      outputConditions: outputConditions(spec, await this.values(forwarder)),
      pipelineConditions: pipelineConditions(spec),
    };
    const isValid = [authorized, ...Object.values(parts).flat()].every(({ status }) => status === "True");
    const failed = "one or more conditions [inputs, outputs, pipelines, filters] have failed validation";
    const valid = forwarderCondition(
      `${PREFIX}/Valid`,
      isValid,
      isValid ? "ValidationSuccess" : "ValidationFailure",
      isValid ? "" : failed,
    );
    const ready = isValid
      ? forwarderCondition("Ready", true, "ReconciliationComplete", "")
      : forwarderCondition("Ready", false, "ValidationFailure", "collector not ready");
    if (isValid) await this.createCollectors(forwarder);
    else if (authorized.status === "False") await this.removeCollectors(forwarder);
    if (isValid) this.refused.delete(metadata.uid);
    else this.refused.set(metadata.uid, version);
    await this.report(forwarder, { conditions: [authorized, valid, ready], ...parts });
  }

  /** Checks the service account as ValidatePermissions in `internal/validations/observability/validate_permissions.go` does. */
  private async authorized({ metadata: { namespace }, spec }: Forwarder): Promise<ForwarderCondition> {
    const type = `${PREFIX}/Authorized`;
    const { name } = spec.serviceAccount;
    if ((await this.api.get(`/api/v1/namespaces/${namespace}/serviceaccounts/${name}`)) === undefined)
      return forwarderCondition(type, false, "ServiceAccountDoesNotExist", `ServiceAccount "${name}" not found`);
    const kinds = collectedKinds(spec);
    const refused: string[] = [];
    for (const kind of kinds) {
      const review = await this.api.send<KubeObject & { status: { allowed: boolean } }>(
        "POST",
        "/apis/authorization.k8s.io/v1/subjectaccessreviews",
        {
          apiVersion: "authorization.k8s.io/v1",
          kind: "SubjectAccessReview",
          spec: {
            user: `system:serviceaccount:${namespace}:${name}`,
            resourceAttributes: { group: PREFIX, resource: "logs", verb: "collect", name: kind },
          },
        },
      );
      if (!review.status.allowed) refused.push(`"${kind}"`);
    }
    return refused.length > 0
      ? forwarderCondition(
          type,
          false,
          "ClusterRoleMissing",
          `insufficient permissions on service account, not authorized to collect [${refused.join(" ")}] logs`,
        )
      : forwarderCondition(type, true, "ClusterRolesExist", `permitted to collect log types: [${kinds.join(" ")}]`);
  }

  /** The Secrets and ConfigMaps of the forwarder's namespace. */
  private async values({ metadata: { namespace } }: Forwarder): Promise<ValueLookup> {
    type Holder = KubeObject & { readonly data?: Readonly<Record<string, string>> };
    const [secrets, maps] = await Promise.all([
      this.api.list<Holder>(`/api/v1/namespaces/${namespace}/secrets`),
      this.api.list<Holder>(`/api/v1/namespaces/${namespace}/configmaps`),
    ]);
    return (kind, name) => {
      if (kind === "configmap" && name === SERVICE_CA) return { "service-ca.crt": "published" };
      const found = (kind === "secret" ? secrets : maps).find(({ metadata }) => metadata.name === name);
      const trusted: Record<string, string> =
        kind === "configmap" && found?.metadata.labels?.[TRUSTED_CAS] === "true" ? { "ca-bundle.crt": "written" } : {};
      return found && { ...found.data, ...trusted };
    };
  }

  private async createCollectors({ apiVersion, kind, metadata: { name, namespace, uid }, spec }: Forwarder): Promise<void> {
    const labels = { "app.kubernetes.io/component": "collector", "app.kubernetes.io/instance": name };
    const ownerReferences = [{ apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true }];
    await this.api.apply(
      {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: `${name}-config`, namespace, labels, ownerReferences },
        data: { "vector.toml": collectorSinks(spec) },
      },
      MANAGER,
    );
    await this.api.apply(
      {
        apiVersion: "apps/v1",
        kind: "DaemonSet",
        metadata: { name, namespace, labels, ownerReferences },
        spec: {
          selector: { matchLabels: labels },
          template: {
            metadata: { labels },
            spec: {
              serviceAccountName: spec.serviceAccount.name,
              nodeSelector: { "kubernetes.io/os": "linux" },
              tolerations: [...TOLERATIONS, ...(spec.collector?.tolerations ?? [])],
              containers: [{ name: "collector", image: "example.com/simulated", resources: { requests: REQUESTS } }],
            },
          },
        },
      },
      MANAGER,
    );
  }

  private async removeCollectors({ metadata: { name, namespace } }: Forwarder): Promise<void> {
    const path = `/apis/apps/v1/namespaces/${namespace}/daemonsets/${name}`;
    if ((await this.api.get(path)) !== undefined) await this.api.send("DELETE", path);
  }

  /** Writes the conditions if one of them has changed. Unchanged conditions keep the time of their last change. */
  private async report({ metadata, status: before = {} }: Forwarder, found: Record<ConditionList, ForwarderCondition[]>): Promise<void> {
    const status = Object.fromEntries(
      Object.entries(found).map(([list, conditions]) => [
        list,
        conditions.map((each) => {
          const known = before[list as ConditionList]?.find(({ type }) => type === each.type);
          return known?.status === each.status ? { ...each, lastTransitionTime: known.lastTransitionTime } : each;
        }),
      ]),
    );
    if (JSON.stringify(status) === JSON.stringify(orderedAs(status, before))) return;
    await this.api.patchStatus(
      `/apis/observability.openshift.io/v1/namespaces/${metadata.namespace}/clusterlogforwarders/${metadata.name}`,
      status,
    );
  }
}

/** The earlier status, with lists and fields in the order of the new status, so that both can be compared: the API server sorts fields. */
function orderedAs(status: Readonly<Record<string, readonly ForwarderCondition[]>>, before: NonNullable<Forwarder["status"]>): object {
  return Object.fromEntries(
    Object.keys(status).map((list) => [
      list,
      (before[list as ConditionList] ?? []).map(({ type, status: value, reason, message, lastTransitionTime }) => ({
        type,
        status: value,
        reason,
        message,
        lastTransitionTime,
      })),
    ]),
  );
}
