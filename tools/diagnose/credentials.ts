import { callerAccount } from "../../lib/aws/caller-account";
import { clientConfiguration } from "../../lib/aws/client";
import { explainAwsError, messageOf } from "../../lib/aws/errors";
import { type ExportedState, refuseDifferentAccount } from "../driver/stack-account";
import { withTimeLimit } from "../../lib/time-limit";

/** Maximum number of attempts of the request to STS. A diagnosis must not wait as long as an update. This project's choice. */
const maxAttempts = 3;

/**
 * Checks the AWS credentials before any layer is read. Without usable credentials every layer would look broken, and in another account every layer would
 * look missing. A failure of STS itself is ignored.
 *
 * @throws Error if the credentials do not work, belong to another account than the stack's resources, or AWS cannot be reached
 */
export async function refuseUnusableCredentials(state: ExportedState, region: string): Promise<void> {
  const configuration = { ...clientConfiguration(region), maxAttempts };
  let account: string | undefined;
  try {
    account = await withTimeLimit((abortSignal) => callerAccount(configuration, abortSignal));
  } catch (error) {
    if (explainAwsError(messageOf(error))?.access !== true) return;
    throw error;
  }
  refuseDifferentAccount(state, account);
}
