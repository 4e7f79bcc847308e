import { clientConfiguration } from "../../lib/aws/client";
import type { AwsAccess } from "./executor";

/**
 * Lifetime of a session in seconds: a step ends after 15 minutes, and a session of an account's root user may last one hour (AWS STS,
 * GetSessionToken).
 */
const sessionSeconds = 3600;

/**
 * The AWS credentials of whoever runs Pulumi, as environment variables for a shell on the installer host; secret. The host has its own role, but
 * that role has few permissions, and its credentials are temporary.
 *
 * The variables become part of a step's input, which the Pulumi engine keeps in the state, encrypted. So with `temporary` a permanent access key
 * is replaced by the credentials of a session of one hour. Such a session may not call IAM (IAM user guide, "Compare AWS STS credentials"); no
 * step calls IAM in credentials mode manual.
 *
 * @throws Error if the environment has no credentials, or STS does not grant a session
 */
export async function deployerCredentials(region: string, access: AwsAccess): Promise<Record<string, string>> {
  // The library is imported only when needed: loading it takes half a second.
  const { GetSessionTokenCommand, STSClient } = await import("@aws-sdk/client-sts");
  const client = new STSClient(clientConfiguration(region));
  try {
    const own = await client.config.credentials();
    if (access === "permanent" || own.sessionToken !== undefined) return variables(own);
    const { Credentials: session } = await client.send(new GetSessionTokenCommand({ DurationSeconds: sessionSeconds }));
    const { AccessKeyId = "", SecretAccessKey = "", SessionToken } = session ?? {};
    return variables({ accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken });
  } catch (error) {
    if ((error as Error).name !== "AccessDenied") throw error;
    throw new Error(
      "STS grants no session for the installer host: sts:GetSessionToken is denied. Your access key itself is not sent there, because it would stay in the stack's " +
        "state. Allow the action (a policy or service control policy denies it), or use temporary credentials, such as a role's.",
      { cause: error },
    );
  } finally {
    client.destroy();
  }
}

interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

function variables({ accessKeyId, secretAccessKey, sessionToken }: Credentials): Record<string, string> {
  return {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    ...(sessionToken !== undefined && { AWS_SESSION_TOKEN: sessionToken }),
  };
}
