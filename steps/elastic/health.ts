/** The fields of a custom resource of the operator from which its health is read. */
export interface ElasticResource {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly generation?: number };
  readonly spec?: { readonly count?: number; readonly version?: string };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly health?: string;
    /** The lowest version of the pods. */
    readonly version?: string;
    /** Only Elasticsearch. */
    readonly phase?: string;
    readonly availableNodes?: number;
    /** Only Beat. */
    readonly expectedNodes?: number;
  };
}

/** The state of a resource. */
export interface ElasticState {
  readonly state: "ready" | "waiting" | "refused";
  readonly text: string;
}

/** The phase of a resource that the operator does not accept (elastic/cloud-on-k8s, `pkg/apis/elasticsearch/v1/status.go`, v3.5.0). */
const INVALID = "Invalid";

/**
 * The state of an Elasticsearch cluster, a Kibana or a Beat, from the status that the operator writes (elastic/cloud-on-k8s, v3.5.0:
 * `pkg/apis/elasticsearch/v1/status.go`, `pkg/controller/common/status.go`, `pkg/controller/beat/common/health.go`). A yellow Elasticsearch counts
 * as ready: it has all logs, and makes missing copies again by itself. The version is compared too, because Kibana and Beat keep their old version
 * and stay green while Elasticsearch is updated.
 */
export function healthOf({ kind, metadata: { name, generation = 0 }, status = {}, spec = {} }: ElasticResource): ElasticState {
  const { observedGeneration = 0, health = "unknown", phase, availableNodes = 0, expectedNodes, version } = status;
  const who = `${kind}/${name}`;
  if (observedGeneration < generation) return { state: "waiting", text: `${who}: the operator has not seen it yet` };
  // `version` is the lowest version of the pods, so it is the new version only when all pods have the new version.
  const isNew = version === spec.version;
  const ofVersion = isNew ? "" : `, version ${version ?? "unknown"} and not yet ${spec.version ?? "unknown"}`;
  if (kind === "Elasticsearch") {
    const text = `${who}: ${phase === undefined ? "no phase" : `phase ${phase}`}, health ${health}, ${availableNodes} nodes${ofVersion}`;
    if (phase === INVALID) return { state: "refused", text };
    return { state: isNew && phase === "Ready" && (health === "green" || health === "yellow") ? "ready" : "waiting", text };
  }
  const wanted = kind === "Beat" ? expectedNodes : spec.count;
  const text = `${who}: health ${health}, ${availableNodes} of ${wanted ?? "an unknown number of"} pods${ofVersion}`;
  return { state: isNew && health === "green" && availableNodes >= (wanted ?? 0) ? "ready" : "waiting", text };
}
