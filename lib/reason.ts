/** An error's name and message in one line. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code, $metadata } = error as NodeJS.ErrnoException & { $metadata?: { httpStatusCode?: number } };
  // "UnknownError" is the AWS SDK's message for a failed response without an error text, such as the response to HEAD.
  if (error.message === "UnknownError") return `status ${$metadata?.httpStatusCode ?? "unknown"}`;
  // If all addresses of a host failed, Node.js throws an error with an empty message.
  const message = error.message === "" ? (code ?? error.name) : error.message;
  return error.name === "Error" ? message : `${error.name}: ${message}`;
}

/** An error with its stack trace, for a log of faults of the program itself. */
export function traceOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
