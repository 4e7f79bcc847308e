import type { STSClientConfig } from "@aws-sdk/client-sts";
import { messageOf } from "./errors";
import { profileOf } from "./profiles";

/**
 * Account ID of the current AWS credentials.
 *
 * @throws the SDK's error if the credentials do not work; an Error that names the profile if the profile is not set up, because the SDK says
 *   only that no source has credentials
 */
export async function callerAccount(configuration: STSClientConfig, abortSignal?: AbortSignal): Promise<string | undefined> {
  const { GetCallerIdentityCommand, STSClient } = await import("@aws-sdk/client-sts");
  const client = new STSClient(configuration);
  try {
    return (await client.send(new GetCallerIdentityCommand({}), { ...(abortSignal && { abortSignal }) })).Account;
  } catch (error) {
    const profile = process.env.AWS_PROFILE;
    if (!profile || profileOf(profile) !== undefined) throw error;
    throw new Error(`Could not resolve credentials using profile ${profile}: ${messageOf(error)}`, { cause: error });
  } finally {
    client.destroy();
  }
}
