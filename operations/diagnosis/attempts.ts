import type { Finding, Layer } from "./finding";

/** Milliseconds that one question may take, with all its pages and retries. */
export const patience = 10_000;

/** Asks questions of which each may fail or hang without the others noticing. */
export class Attempts {
  /** One finding per question that got no answer. */
  readonly unanswered: Finding[] = [];

  /**
   * The answer, or undefined when there was none in time; then a finding says why.
   *
   * @param layer that the answer is about.
   * @param what is read: "the load balancers".
   * @param permission of IAM, or the way, that asking takes.
   */
  async ask<T>(layer: Layer, what: string, permission: string, question: (signal: AbortSignal) => Promise<T>): Promise<T | undefined> {
    try {
      return await bounded(question);
    } catch (error) {
      this.unanswered.push({
        layer,
        problem: `${what} could not be read: ${reasonOf(error)}`,
        remedy: `see that these credentials have ${permission}, and that AWS can be reached from here, then run the diagnosis again`,
      });
      return undefined;
    }
  }
}

/** Ends a question after {@link patience}, whether it heeds its signal or not. */
export async function bounded<T>(question: (signal: AbortSignal) => Promise<T>, milliseconds: number = patience): Promise<T> {
  const control = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error = new Error(`no answer within ${milliseconds / 1000} s`);
      control.abort(error);
      reject(error);
    }, milliseconds);
  });
  try {
    return await Promise.race([question(control.signal), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** An error's name and message in one line. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code, $metadata } = error as NodeJS.ErrnoException & { $metadata?: { httpStatusCode?: number } };
  // The SDK's words for an answer without an error in it, such as one to HEAD.
  if (error.message === "UnknownError") return `status ${$metadata?.httpStatusCode ?? "unknown"}`;
  // Several addresses of a host that all fail have no message of their own.
  const message = error.message === "" ? (code ?? error.name) : error.message;
  return error.name === "Error" ? message : `${error.name}: ${message}`;
}
