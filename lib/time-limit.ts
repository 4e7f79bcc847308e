/** Milliseconds that one request may take, with all its pages and retries. */
const requestTimeoutMs = 10_000;

/** Ends a request after {@link requestTimeoutMs}, even if it ignores its signal. */
export async function withTimeLimit<T>(question: (signal: AbortSignal) => Promise<T>, milliseconds: number = requestTimeoutMs): Promise<T> {
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
