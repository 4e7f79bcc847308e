/** What a running step needs to know about its surroundings. */
export interface Operation {
  /** Aborted when the engine cancels, when the engine is gone, or when the step's own time (`customTimeouts`) is over. */
  readonly signal: AbortSignal;
  /** Shows a line beside the resource while it is worked on; such lines are not part of the final output. */
  readonly status: (line: string) => void;
  /** Says something that stays in the output. */
  readonly log: (severity: Severity, message: string) => void;
}

/** The engine's levels that the plugin uses. */
export type Severity = "debug" | "info" | "warning" | "error";

/**
 * Everything that runs at the moment, so that one call can end all of it. Source: pulumi-go-provider, `middleware/cancel`: a cancelled plugin
 * also ends what starts later, and a step's time limit is in seconds, 0 for none.
 */
export class Cancellation {
  private readonly running = new Set<AbortController>();
  private cancelled = false;

  /** Runs a step under a signal of its own. */
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

  /** Ends all that runs, and all that will. */
  cancel(): void {
    this.cancelled = true;
    for (const controller of this.running) controller.abort();
  }
}
