import { type Condition, conditionOf } from "../../lib/kubernetes/conditions";

/** The part of a LokiStack that its operator reports. */
export interface LokiStackState {
  readonly status?: {
    readonly conditions?: readonly Condition[];
    /** Names of pods, by component and then by state. */
    readonly components?: Readonly<Partial<Record<string, Readonly<Partial<Record<string, readonly string[]>>>>>>;
  };
}

/** The part of a ClusterLogForwarder that its operator reports. */
export interface ForwarderState {
  readonly status?: {
    readonly conditions?: readonly Condition[];
    readonly inputConditions?: readonly Condition[];
    readonly outputConditions?: readonly Condition[];
    readonly pipelineConditions?: readonly Condition[];
  };
}

/** The part of the collectors' DaemonSet that says where they run. */
export interface CollectorsState {
  readonly metadata?: { readonly generation?: number };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly desiredNumberScheduled?: number;
    readonly updatedNumberScheduled?: number;
    readonly numberReady?: number;
  };
}

/** A pod of a collector. */
export interface CollectorPod {
  readonly metadata: { readonly name: string };
  readonly spec?: { readonly nodeName?: string };
  readonly status?: { readonly conditions?: readonly Condition[] };
}

/** The state of an object, as one check found it. */
export interface LoggingVerdict {
  readonly state: "ready" | "waiting" | "stuck";
  readonly text: string;
  /** Seconds for which a problem may last before the program gives up. */
  readonly patience?: number;
  /** Whether the logging operator checks the forwarder again only after somebody has changed the forwarder. */
  readonly asleep?: boolean;
}

/**
 * Seconds for which an operator may report a refusal before the program gives up: the operator may not have seen the latest objects yet. This
 * project's choice.
 */
const REFUSED = 30;
/** Seconds for which pods may fail, or a collector may be refused by the API. This project's choice. */
const FAILING = 300;

/** Prefix of the conditions of the forwarder (openshift/cluster-logging-operator, `api/observability/v1/conditions.go`, master). */
const FORWARDER_PREFIX = "observability.openshift.io/";

/**
 * The components of Loki that every LokiStack has, as its status names them. The ruler is not in the list, because it runs only if there are
 * alerting rules on logs.
 */
const LOKI_COMPONENTS = ["compactor", "distributor", "gateway", "indexGateway", "ingester", "querier", "queryFrontend"];

/**
 * Whether Loki runs (openshift/loki, `operator/internal/status/lokistack.go`, release-6.6: generateCondition). Exactly one of its conditions Ready,
 * Pending, Failed and Degraded is true. Ready only means that no pod has a problem, so it is also true if there are no pods.
 *
 * @param stack undefined if it does not exist
 */
export function lokiVerdict(stack: LokiStackState | undefined): LoggingVerdict {
  if (stack === undefined) return { state: "stuck", text: "the LokiStack does not exist any more: run pulumi refresh", patience: REFUSED };
  const { conditions, components = {} } = stack.status ?? {};
  const active = (type: string) => {
    const found = conditionOf(conditions, type);
    return found?.status === "True" ? found : undefined;
  };
  const degraded = active("Degraded");
  if (degraded) return { state: "stuck", text: `the Loki operator refuses the LokiStack: ${explain(degraded)}`, patience: REFUSED };
  const failed = active("Failed");
  if (failed) return { state: "stuck", text: `${explain(failed)}: ${podsIn(components, "Failed")}`, patience: FAILING };
  if (active("Ready")) {
    const missing = LOKI_COMPONENTS.filter((name) => (components[name]?.Ready ?? []).length === 0);
    return missing.length === 0
      ? { state: "ready", text: "Loki runs" }
      : { state: "waiting", text: `waits for pods of Loki's ${missing.join(", ")}` };
  }
  const pending = active("Pending");
  if (pending === undefined) return { state: "waiting", text: "waits until the Loki operator has seen the LokiStack" };
  const pods = podsIn(components, "Pending") || podsIn(components, "Running");
  return { state: "waiting", text: `waits for Loki's pods${pods === "" ? "" : `: ${pods}`}` };
}

function podsIn(components: NonNullable<NonNullable<LokiStackState["status"]>["components"]>, state: string): string {
  return Object.values(components)
    .flatMap((pods) => pods?.[state] ?? [])
    .join(", ");
}

/**
 * Whether the operator has declared the collectors. The operator does not check the collectors' pods (openshift/cluster-logging-operator,
 * `internal/controller/observability/clusterlogforwarder_controller.go`, release-6.0 to release-6.6).
 */
export function forwarderVerdict(forwarder: ForwarderState | undefined): LoggingVerdict {
  if (forwarder === undefined)
    return { state: "stuck", text: "the ClusterLogForwarder does not exist any more: run pulumi refresh", patience: REFUSED };
  const { conditions, inputConditions = [], outputConditions = [], pipelineConditions = [] } = forwarder.status ?? {};
  const authorized = conditionOf(conditions, `${FORWARDER_PREFIX}Authorized`);
  if (authorized?.status === "False")
    return {
      state: "stuck",
      text: `the collectors have no permission to collect the logs:  ${explain(authorized)}`,
      patience: REFUSED,
      asleep: true,
    };
  const invalid = [...inputConditions, ...outputConditions, ...pipelineConditions].filter(({ status }) => status === "False");
  if (invalid.length > 0)
    return {
      state: "stuck",
      text: `the logging operator refuses the forwarder: ${invalid.map((each) => `${each.type.replace(FORWARDER_PREFIX, "")}: ${each.message ?? ""}`).join("; ")}`,
      patience: REFUSED,
      asleep: true,
    };
  const ready = conditionOf(conditions, "Ready");
  if (ready?.status === "True") return { state: "ready", text: "the logging operator has declared the collectors" };
  if (ready?.status === "False")
    return {
      ...{ state: "stuck", text: `the collectors do not run: ${explain(ready)}`, patience: FAILING },
      ...(ready.reason === "InitializationFailed" && { asleep: true }),
    };
  return { state: "waiting", text: "waits until the logging operator has seen the ClusterLogForwarder" };
}

/**
 * Whether a collector runs on every node that should have one.
 *
 * @param set undefined if it does not exist
 * @param pods the pods of the collectors, to name those that are not ready
 */
export function collectorsVerdict(set: CollectorsState | undefined, pods: readonly CollectorPod[]): LoggingVerdict {
  const { observedGeneration, desiredNumberScheduled: wanted = 0, updatedNumberScheduled = 0, numberReady = 0 } = set?.status ?? {};
  if (observedGeneration === undefined || observedGeneration !== set?.metadata?.generation || wanted === 0)
    return { state: "waiting", text: "waits until the collectors are created" };
  const running = Math.min(updatedNumberScheduled, numberReady);
  if (running >= wanted) return { state: "ready", text: `the collectors run on ${wanted} ${wanted === 1 ? "node" : "nodes"}` };
  const unready = pods
    .filter(({ status }) => conditionOf(status?.conditions, "Ready")?.status !== "True")
    .map(({ metadata: { name }, spec }) => `${name} on ${spec?.nodeName ?? "no node"}`);
  return {
    state: "waiting",
    text: `waits for the collectors: ${running} of ${wanted} run${unready.length === 0 ? "" : `, but not ${unready.join(", ")}`}`,
  };
}

function explain({ reason, message }: Condition): string {
  return [message, reason === undefined ? undefined : `(${reason})`].filter((part) => part !== undefined && part !== "").join(" ");
}
