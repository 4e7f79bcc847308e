/**
 * An error that ends the program, of which Pulumi prints only the message. The SDK passes every error to `util.inspect`, its own RunError, too.
 * In Node 20 that takes a minute and gigabytes of memory for stack frames in `node_modules/@scope`, so this error has no stack trace.
 */
export class ProgramError extends Error {
  /** By this field the SDK recognizes its RunError, even from another copy of the SDK (@pulumi/pulumi/errors). */
  readonly __pulumiRunError = true;

  constructor(message: string) {
    super(message);
    this.name = new.target.name;
    this.stack = `${this.name}: ${message}`;
  }
}
