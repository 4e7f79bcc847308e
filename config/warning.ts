/** Something that a user should know about a valid configuration. */
export interface Warning {
  /** The key that the warning is about. */
  readonly key: string;
  /** Complete sentences that name the effect of the configuration and its reason. */
  readonly text: string;
  /** The action that solves the problem, if possible as a command to copy. */
  readonly fix: string;
}
