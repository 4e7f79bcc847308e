/** The context of a running step: its cancellation and its output. */
export interface CommandContext {
  /** Aborted when the Pulumi engine cancels or ends, or when the step's time limit (`customTimeouts`) is over. */
  readonly signal: AbortSignal;
  /** Shows a line next to the resource while it is worked on. Such lines are not part of the final output. */
  readonly status: (line: string) => void;
  /** Writes a message that stays in the output. */
  readonly log: (severity: Severity, message: string) => void;
}

/** The Pulumi engine's log levels that the plugin uses. */
export type Severity = "debug" | "info" | "warning" | "error";

/**
 * All steps that are running, so that one call can abort them. Source: pulumi-go-provider, `middleware/cancel`: a cancelled plugin
 * also aborts steps that start later, and a step's time limit is in seconds, 0 for none.
 */
export class Cancellation {
  private readonly running = new Set<AbortController>();
  private cancelled = false;

  /** Runs a step with its own signal. */
  async run<T>(seconds: number, step: (signal: AbortSignal, end: () => void) => Promise<T>): Promise<T> {
    const controller = new AbortController();
    const end = (): void => {
      controller.abort();
    };
    const timer = seconds > 0 ? setTimeout(end, seconds * 1000) : undefined;
    this.running.add(controller);
    if (this.cancelled) end();
    try {
      return await step(controller.signal, end);
    } finally {
      clearTimeout(timer);
      this.running.delete(controller);
    }
  }

  /** Aborts all running steps, and all steps that start later. */
  cancel(): void {
    this.cancelled = true;
    for (const controller of this.running) controller.abort();
  }
}
