import type { Finding, Layer } from "../steps/diagnosis/finding";

/** Milliseconds that one request may take, with all its pages and retries. */
export const patience = 10_000;

/** Makes requests independently of each other: one that fails or hangs does not affect the others. */
export class Attempts {
  /** One result per request without an answer. */
  readonly unanswered: Finding[] = [];

  /**
   * Returns the answer; undefined if there was none in time. Then `unanswered` has a result with the reason.
   *
   * @param layer that the answer is about.
   * @param what name of what is read: "the load balancers".
   * @param permission IAM action that the request needs.
   */
  async ask<T>(layer: Layer, what: string, permission: string, question: (signal: AbortSignal) => Promise<T>): Promise<T | undefined> {
    try {
      return await bounded(question);
    } catch (error) {
      this.unanswered.push({
        layer,
        problem: `${what} could not be read: ${reasonOf(error)}`,
        remedy: `check that these credentials allow ${permission} and that this machine can reach AWS, then run the diagnosis again`,
      });
      return undefined;
    }
  }
}

/** Ends a request after {@link patience}, even if it ignores its signal. */
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
  // The SDK's message for a failed response without an error text, such as the response to HEAD.
  if (error.message === "UnknownError") return `status ${$metadata?.httpStatusCode ?? "unknown"}`;
  // The error for a host of which all addresses failed has an empty message.
  const message = error.message === "" ? (code ?? error.name) : error.message;
  return error.name === "Error" ? message : `${error.name}: ${message}`;
}
