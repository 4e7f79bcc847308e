/** Content of the cluster that this program needs cannot be read or merged. Pulumi prints this error without a stack trace. */
export class ClusterContentError extends Error {
  /** The SDK recognizes its RunError by this field (@pulumi/pulumi/errors). */
  readonly __pulumiRunError = true;

  constructor(message: string) {
    super(message);
    this.name = "ClusterContentError";
    // The SDK formats the stack in any case, which for a bundled program takes 3 GB.
    this.stack = `${this.name}: ${message}`;
  }
}
