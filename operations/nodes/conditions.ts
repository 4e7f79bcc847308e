/** What an object of the API says of itself. */
export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly message?: string;
}

/** "True", "False" or "Unknown"; undefined where nothing is said of it. */
export function statusOf(conditions: readonly Condition[] | undefined, wanted: string): string | undefined {
  return conditions?.find(({ type }) => type === wanted)?.status;
}
