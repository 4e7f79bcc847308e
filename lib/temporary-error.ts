import { reasonOf } from "./reason";

/**
 * Names of temporary errors: a server is overloaded or restarts, or the network fails for a moment. They are the names in the SDK
 * (smithy-lang/smithy-typescript, `service-error-classification/constants.ts`, main) without LimitExceededException, which in IAM and KMS means a quota.
 */
const NAMES =
  /Throttl|SlowDown|RequestLimitExceeded|TooManyRequests|BandwidthLimitExceeded|ProvisionedThroughputExceeded|PriorRequestNotComplete|TransactionInProgress|EC2ThrottledException|RequestTimeout|^TimeoutError$|InternalError|InternalFailure|InternalServerError|ServiceUnavailable|^Unavailable$/;

/** Error codes of Node.js (`os` and `dns`): a connection broke or could not be opened, or a name could not be resolved. */
const CODES =
  /^(ECONNRESET|ECONNREFUSED|ECONNABORTED|EPIPE|ETIMEDOUT|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENETDOWN|ENETRESET|ENOTFOUND|EAI_AGAIN)$/;

/** Errors without a code, such as those of the proxy agent (`https-proxy-agent`). */
const MESSAGES = /^Proxy connection (ended|timed out)|^no answer within |socket hang up/;

/** Fields of the known errors: those of the AWS SDK, of Node.js and of the cluster's API (`RefusedByApi`). */
interface KnownError extends Error {
  readonly code?: string;
  readonly status?: number;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $retryable?: object;
}

/**
 * Whether an error is temporary, so that another attempt may succeed. Missing permissions, expired or wrong credentials and missing objects are not
 * temporary.
 */
export function isTemporaryError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { name, code, message, status, $metadata, $retryable, cause } = error as KnownError;
  const answered = $metadata?.httpStatusCode ?? status ?? 0;
  if (answered >= 500 || answered === 429 || answered === 408) return true;
  if (NAMES.test(name) || $retryable !== undefined) return true;
  if (answered > 0) return false;
  if (code !== undefined && CODES.test(code)) return true;
  // None of a host's several addresses answers.
  if (error instanceof AggregateError) return error.errors.length > 0 && error.errors.every(isTemporaryError);
  return MESSAGES.test(message) || (cause !== undefined && isTemporaryError(cause));
}

/** Minutes of consecutive temporary errors after which a wait gives up: this project's choice, longer than most outages of a service. */
const MAX_MINUTES_OF_ERRORS = 15;

export interface TolerantReaderOptions {
  /** Name, for messages, of the object that is read, such as "the installer host's state in S3". */
  readonly of: string;
  /** Gets a line for every new error, and a line when a reading succeeds again. */
  readonly say: (line: string) => void;
  readonly now?: () => number;
}

/** The reader of a wait. It tolerates temporary errors, until they have lasted for 15 minutes without a successful reading. */
export class TolerantReader {
  private since: number | undefined;
  private reason: string | undefined;

  constructor(private readonly options: TolerantReaderOptions) {}

  /** The reason why the last reading failed, as a sentence to append to the message of a time-out; empty if it succeeded. */
  get lastFailure(): string {
    return this.reason === undefined ? "" : ` ${capitalize(this.options.of)} could not be read the last time: ${this.reason}.`;
  }

  /**
   * Reads once.
   *
   * @returns the answer; undefined after a temporary error.
   * @throws Error with the reason, if the error is not temporary or temporary errors have lasted for 15 minutes.
   */
  async read<Answer>(question: () => Promise<Answer>): Promise<{ readonly answer: Answer } | undefined> {
    const { of, say, now = Date.now } = this.options;
    try {
      const answer = await question();
      if (this.reason !== undefined) say(`${of} could be read again`);
      this.since = this.reason = undefined;
      return { answer };
    } catch (error) {
      const reason = reasonOf(error);
      if (!isTemporaryError(error)) throw new Error(`${of} could not be read: ${reason}`, { cause: error });
      if (reason !== this.reason) say(`${of} could not be read and will be tried again: ${reason}`);
      this.reason = reason;
      this.since ??= now();
      if (now() - this.since >= MAX_MINUTES_OF_ERRORS * 60_000)
        throw new Error(`${of} could not be read for ${MAX_MINUTES_OF_ERRORS} minutes: ${reason}`, { cause: error });
      return undefined;
    }
  }
}

function capitalize(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
