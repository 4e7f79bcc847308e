import { clientConfiguration } from "../../operations/aws-client";
import type { AwsAccess } from "./executor";

/** Seconds that a session lives: a step ends after 15 minutes, and one hour is what an account's root user may have at most (AWS STS, GetSessionToken). */
const sessionSeconds = 3600;

/**
 * The AWS credentials of whoever runs Pulumi, as variables for a shell elsewhere; secret. The machine there has a profile, but one that may do next to
 * nothing, and whose credentials are temporary.
 *
 * They become part of a step's input, which the engine keeps in the state, encrypted. So with `session` an access key that lasts is not handed on, but a
 * session of an hour. Such a session may not call IAM, which no step does in credentials mode manual (IAM user guide, "Compare AWS STS credentials").
 *
 * @throws Error when the environment has no credentials, or STS gives no session
 */
export async function deployerCredentials(region: string, access: AwsAccess): Promise<Record<string, string>> {
  // Loaded where it is wanted: the library costs half a second.
  const { GetSessionTokenCommand, STSClient } = await import("@aws-sdk/client-sts");
  const client = new STSClient(clientConfiguration(region));
  try {
    const own = await client.config.credentials();
    if (access === "lasting" || own.sessionToken !== undefined) return variables(own);
    const { Credentials: session } = await client.send(new GetSessionTokenCommand({ DurationSeconds: sessionSeconds }));
    const { AccessKeyId = "", SecretAccessKey = "", SessionToken } = session ?? {};
    return variables({ accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken });
  } catch (error) {
    if ((error as Error).name !== "AccessDenied") throw error;
    throw new Error(
      "STS gives no session for the installer host: sts:GetSessionToken is denied. Your access key is not sent there, since it would stay in the stack's " +
        "state. Allow the action (a policy or service control policy denies it), or run this with temporary credentials, such as a role's.",
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
