import { condition } from "../operators";
import type { RouterDeployment } from "./router-deployment";
import type { RouterPod } from "./router-listeners";
import { balancerHost, type RouterService } from "./router-service";

type Condition = ReturnType<typeof condition>;

/** Everything from which an IngressController's conditions follow. */
export interface RouterState {
  readonly deployment: RouterDeployment;
  readonly pods: readonly RouterPod[];
  /** Whether the router wants a load balancer. */
  readonly balanced: boolean;
  /** The router's Service; undefined if the router wants no load balancer, or the Service does not exist yet. */
  readonly service?: RouterService | undefined;
  /** The cloud controller's last event about a failure. */
  readonly failure?: string | undefined;
  /** Annotations of the Service whose values differ from the wanted values, but can only be changed by creating a new Service. */
  readonly changed: readonly string[];
  /**
   * Whether DNS `cluster` names zones, whether the operator writes the router's records, whether the records are written,
   * and why that failed.
   */
  readonly records: {
    readonly zones: boolean;
    readonly managed: boolean;
    readonly written: boolean;
    readonly problem?: string | undefined;
  };
}

/** By type of a condition: the seconds for which the condition may be unmet before its IngressController is degraded. */
const grace = {
  DeploymentAvailable: 30,
  DeploymentReplicasMinAvailable: 60,
  DeploymentReplicasAllAvailable: 3600,
  LoadBalancerReady: 90,
  DNSReady: 30,
};

/**
 * The conditions of an IngressController (openshift/cluster-ingress-operator, `pkg/operator/controller/ingress/status.go`, release-4.19). `CanaryChecksSucceeding`,
 * `Upgradeable` and `EvaluationConditionsDetected` are left out.
 */
export function routerConditions(state: RouterState, before: readonly Condition[], now = new Date()): Condition[] {
  const own = [
    condition(before, "Admitted", "True", "Valid", ""),
    ...deploymentConditions(state, before),
    ...balancerConditions(state, before),
    ...recordConditions(state, before),
  ];
  const wrong = (type: string, wanted: string, prerequisites: readonly string[] = []) =>
    own.filter(
      (one) =>
        one.type === type &&
        one.status !== wanted &&
        prerequisites.every((other) => own.some((each) => each.type === other && each.status === "True")),
    );
  const balancer = ["LoadBalancerManaged"];
  const record = ["LoadBalancerManaged", "LoadBalancerReady", "DNSManaged"];
  const unavailable = [
    ...wrong("DeploymentAvailable", "True"),
    ...wrong("DNSReady", "True", record),
    ...wrong("LoadBalancerReady", "True", balancer),
  ];
  const progressing = [...wrong("LoadBalancerProgressing", "False", balancer), ...wrong("DeploymentRollingOut", "False")];
  const old = ({ type, lastTransitionTime }: Condition) =>
    now.getTime() - new Date(lastTransitionTime).getTime() >= grace[type as keyof typeof grace] * 1000;
  const degraded = [
    ...wrong("DeploymentAvailable", "True"),
    ...wrong("DeploymentReplicasMinAvailable", "True"),
    ...wrong("DeploymentReplicasAllAvailable", "True"),
    ...wrong("LoadBalancerReady", "True", balancer),
    ...wrong("DNSReady", "True", record),
  ].filter(old);
  return [
    ...own,
    summary(
      before,
      "Available",
      "True",
      unavailable,
      "IngressControllerUnavailable",
      "One or more status conditions indicate unavailable: ",
    ),
    summary(
      before,
      "Progressing",
      "False",
      progressing,
      "IngressControllerProgressing",
      "One or more status conditions indicate progressing: ",
    ),
    summary(before, "Degraded", "False", degraded, "DegradedConditions", "One or more other status conditions indicate a degraded state: "),
  ];
}

function summary(
  before: readonly Condition[],
  type: string,
  good: "True" | "False",
  problems: readonly Condition[],
  reason: string,
  text: string,
): Condition {
  if (problems.length === 0) return condition(before, type, good, "", "");
  const list = problems.map((one) => `${one.type}=${one.status} (${one.reason}: ${one.message})`).join(", ");
  return condition(before, type, good === "True" ? "False" : "True", reason, text + list);
}

function deploymentConditions({ deployment: { spec, status }, pods }: RouterState, before: readonly Condition[]): Condition[] {
  const { replicas } = spec;
  const { availableReplicas: available = 0, updatedReplicas: updated = 0, replicas: present = 0 } = status ?? {};
  const found = status?.conditions?.find(({ type }) => type === "Available");
  const text = "The deployment has Available status condition set to";
  const because = `(reason: ${found?.reason ?? ""}) with message: ${found?.message ?? ""}`;
  const isAvailable =
    found === undefined
      ? condition(
          before,
          "DeploymentAvailable",
          "Unknown",
          "DeploymentAvailabilityUnknown",
          "The deployment has no Available status condition set",
        )
      : found.status === "True"
        ? condition(before, "DeploymentAvailable", "True", "DeploymentAvailable", `${text} True`)
        : condition(before, "DeploymentAvailable", "False", "DeploymentUnavailable", `${text} False ${because}`);
  const most = Math.floor((replicas * Number.parseInt(spec.strategy.rollingUpdate.maxUnavailable)) / 100);
  const surge = spec.strategy.rollingUpdate.maxSurge === 0 ? 0 : 1;
  const tolerated = most === 0 && surge === 0 ? 1 : most;
  const enough = available >= replicas - tolerated;
  const few = `${available}/${replicas} of replicas are available`;
  const rolling = updated < replicas || present > updated || available < updated;
  return [
    isAvailable,
    enough
      ? condition(before, "DeploymentReplicasMinAvailable", "True", "DeploymentMinimumReplicasMet", "Minimum replicas requirement is met")
      : condition(
          before,
          "DeploymentReplicasMinAvailable",
          "False",
          "DeploymentMinimumReplicasNotMet",
          `${few}, max unavailable is ${tolerated}${unscheduled(pods)}`,
        ),
    available < replicas
      ? condition(before, "DeploymentReplicasAllAvailable", "False", "DeploymentReplicasNotAvailable", few)
      : condition(before, "DeploymentReplicasAllAvailable", "True", "DeploymentReplicasAvailable", "All replicas are available"),
    rolling
      ? condition(before, "DeploymentRollingOut", "True", "DeploymentRollingOut", "Waiting for router deployment rollout to finish")
      : condition(before, "DeploymentRollingOut", "False", "DeploymentNotRollingOut", "Deployment is not actively rolling out"),
  ];
}

/** The scheduler's reasons for the pods that it has not placed. */
function unscheduled(pods: readonly RouterPod[]): string {
  const texts = pods.flatMap(({ metadata, status }) =>
    (status?.conditions ?? [])
      .filter(({ type, status: is }) => type === "PodScheduled" && is !== "True")
      .map(({ message = "" }) => `Pod "${metadata.name ?? ""}" cannot be scheduled: ${message}`),
  );
  if (texts.length === 0) return "";
  return `: Some pods are not scheduled: ${texts.sort().join(" ")} Make sure you have sufficient worker nodes.`;
}

function balancerConditions({ balanced, service, failure, changed }: RouterState, before: readonly Condition[]): Condition[] {
  if (!balanced) {
    const text = "The configured endpoint publishing strategy does not include a managed load balancer";
    return [
      condition(before, "LoadBalancerManaged", "False", "EndpointPublishingStrategyExcludesManagedLoadBalancer", text),
      condition(before, "LoadBalancerProgressing", "False", "LoadBalancerNotProgressing", "LoadBalancer is not progressing"),
    ];
  }
  const failed = `The service-controller component is reporting SyncLoadBalancerFailed events like: ${failure ?? ""}\nThe cloud-controller-manager logs may contain more details.`;
  const ready =
    service === undefined
      ? condition(before, "LoadBalancerReady", "False", "ServiceNotFound", "The LoadBalancer service resource is missing")
      : balancerHost(service) !== undefined
        ? condition(before, "LoadBalancerReady", "True", "LoadBalancerProvisioned", "The LoadBalancer service is provisioned")
        : failure === undefined
          ? condition(before, "LoadBalancerReady", "False", "LoadBalancerPending", "The LoadBalancer service is pending")
          : condition(before, "LoadBalancerReady", "False", "SyncLoadBalancerFailed", failed);
  const outdated = `One or more managed resources are progressing: the Service must be deleted to change ${changed.join(", ")}`;
  return [
    condition(
      before,
      "LoadBalancerManaged",
      "True",
      "WantedByEndpointPublishingStrategy",
      "The endpoint publishing strategy supports a managed load balancer",
    ),
    ready,
    changed.length === 0
      ? condition(before, "LoadBalancerProgressing", "False", "LoadBalancerNotProgressing", "LoadBalancer is not progressing")
      : condition(before, "LoadBalancerProgressing", "True", "OperandsProgressing", outdated),
  ];
}

function recordConditions({ balanced, records }: RouterState, before: readonly Condition[]): Condition[] {
  const { zones, managed, written, problem } = records;
  if (!zones) return [condition(before, "DNSManaged", "False", "NoDNSZones", "No DNS zones are defined in the cluster dns config.")];
  if (!balanced) {
    const text = "The endpoint publishing strategy doesn't support DNS management.";
    return [condition(before, "DNSManaged", "False", "UnsupportedEndpointPublishingStrategy", text)];
  }
  if (!managed) {
    const text = "The DNS management policy is set to Unmanaged.";
    return [
      condition(before, "DNSManaged", "False", "UnmanagedLoadBalancerDNS", text),
      condition(before, "DNSReady", "Unknown", "UnmanagedDNS", text),
    ];
  }
  const text = "DNS management is supported and zones are specified in the cluster DNS config.";
  const failed = `The record failed to provision in some zones: ${problem ?? ""}`;
  return [
    condition(before, "DNSManaged", "True", "Normal", text),
    written
      ? condition(before, "DNSReady", "True", "NoFailedZones", "The record is provisioned in all reported zones.")
      : problem === undefined
        ? condition(before, "DNSReady", "False", "RecordNotFound", "The wildcard record resource was not found.")
        : condition(before, "DNSReady", "False", "FailedZones", failed),
  ];
}
