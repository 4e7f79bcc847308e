/** A condition in the status of a Kubernetes object. */
export interface Condition {
  readonly type: string;
  /** "True", "False" or "Unknown". */
  readonly status?: string;
  readonly reason?: string;
  readonly message?: string;
  /** Time of the last change of the status, RFC 3339. */
  readonly lastTransitionTime?: string;
}

/** The condition of this type; undefined if the object does not have it. */
export function conditionOf<Found extends Condition>(conditions: readonly Found[] | undefined, wanted: string): Found | undefined {
  return conditions?.find(({ type }) => type === wanted);
}

/** Status of the condition of this type: "True", "False" or "Unknown"; undefined if the object does not have it. */
export function statusOf(conditions: readonly Condition[] | undefined, wanted: string): string | undefined {
  return conditionOf(conditions, wanted)?.status;
}
