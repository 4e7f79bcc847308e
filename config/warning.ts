/** Something that a user should know about a configuration that works. */
export interface Warning {
  /** The key that the warning is about. */
  readonly key: string;
  /** Complete sentences that say what will happen and why. */
  readonly text: string;
  /** What to do about it, best a command to copy. */
  readonly fix: string;
}
