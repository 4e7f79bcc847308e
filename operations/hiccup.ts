import { reasonOf } from "./diagnosis/attempts";

/**
 * Errors that pass by themselves, whatever is asked: a server that is overloaded or restarts, or a network that fails for a moment. The names are those of the SDK (smithy-lang/smithy-typescript,
 * `service-error-classification/constants.ts`, main) without LimitExceededException, which in IAM and KMS is a quota.
 */
const NAMES =
  /Throttl|SlowDown|RequestLimitExceeded|TooManyRequests|BandwidthLimitExceeded|ProvisionedThroughputExceeded|PriorRequestNotComplete|TransactionInProgress|EC2ThrottledException|RequestTimeout|^TimeoutError$|InternalError|InternalFailure|InternalServerError|ServiceUnavailable|^Unavailable$/;

/** Node.js, `os` and `dns`: connections that end or do not come about, and names that are not resolved. */
const CODES =
  /^(ECONNRESET|ECONNREFUSED|ECONNABORTED|EPIPE|ETIMEDOUT|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENETDOWN|ENETRESET|ENOTFOUND|EAI_AGAIN)$/;

/** Of the proxy agent (`https-proxy-agent`), which gives them no code. */
const MESSAGES = /^Proxy connection (ended|timed out)|^no answer within |socket hang up/;

/** What these errors have: those of AWS's SDK, of Node.js, and refusals of the cluster's API (`RefusedByApi`). */
interface Known extends Error {
  readonly code?: string;
  readonly status?: number;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $retryable?: object;
}

/**
 * Whether an error may be gone at the next attempt. Refusals are not: missing permissions, expired or wrong credentials, or things that do not exist.
 */
export function isHiccup(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { name, code, message, status, $metadata, $retryable, cause } = error as Known;
  const answered = $metadata?.httpStatusCode ?? status ?? 0;
  if (answered >= 500 || answered === 429 || answered === 408) return true;
  if (NAMES.test(name) || $retryable !== undefined) return true;
  if (answered > 0) return false;
  if (code !== undefined && CODES.test(code)) return true;
  // Several addresses of a host, of which none answers.
  if (error instanceof AggregateError) return error.errors.length > 0 && error.errors.every(isHiccup);
  return MESSAGES.test(message) || (cause !== undefined && isHiccup(cause));
}

/** Minutes of hiccups in a row after which a wait gives up: this project's choice, longer than most disturbances of a service. */
const MOST_MINUTES = 15;

export interface HiccupOptions {
  /** What is asked: "the installer host's state in S3". */
  readonly of: string;
  /** Told of every new reason, and of the end. */
  readonly say: (line: string) => void;
  readonly now?: () => number;
}

/** Bears hiccups of a question that is asked again and again. */
export class Hiccups {
  private since: number | undefined;
  private reason: string | undefined;

  constructor(private readonly options: HiccupOptions) {}

  /** Why the last question got no answer, as a sentence to append to the message of a time-out; empty if it did. */
  get last(): string {
    return this.reason === undefined ? "" : ` ${capitalized(this.options.of)} could not be read at last: ${this.reason}.`;
  }

  /**
   * Asks once.
   *
   * @returns the answer, or undefined after a hiccup.
   * @throws Error with the reason, if it is no hiccup, or after 15 minutes of hiccups.
   */
  async ask<Answer>(question: () => Promise<Answer>): Promise<{ readonly answer: Answer } | undefined> {
    const { of, say, now = Date.now } = this.options;
    try {
      const answer = await question();
      if (this.reason !== undefined) say(`${of} could be read again`);
      this.since = this.reason = undefined;
      return { answer };
    } catch (error) {
      const reason = reasonOf(error);
      if (!isHiccup(error)) throw new Error(`${of} could not be read: ${reason}`, { cause: error });
      if (reason !== this.reason) say(`${of} could not be read, it is tried again: ${reason}`);
      this.reason = reason;
      this.since ??= now();
      if (now() - this.since >= MOST_MINUTES * 60_000)
        throw new Error(`${of} could not be read for ${MOST_MINUTES} minutes: ${reason}`, { cause: error });
      return undefined;
    }
  }
}

function capitalized(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
