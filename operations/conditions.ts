/** A condition in the status of an object of the API. */
export interface Condition {
  readonly type: string;
  /** "True", "False" or "Unknown". */
  readonly status?: string;
  readonly reason?: string;
  readonly message?: string;
  /** When the status was another one for the last time, RFC 3339. */
  readonly lastTransitionTime?: string;
}

/** The condition of a type; undefined where the object has none of it. */
export function conditionOf<Found extends Condition>(conditions: readonly Found[] | undefined, wanted: string): Found | undefined {
  return conditions?.find(({ type }) => type === wanted);
}

/** "True", "False" or "Unknown"; undefined where the object has no condition of the type. */
export function statusOf(conditions: readonly Condition[] | undefined, wanted: string): string | undefined {
  return conditionOf(conditions, wanted)?.status;
}
