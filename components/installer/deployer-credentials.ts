import { clientConfiguration } from "../../operations/aws-client";

/**
 * The AWS credentials of whoever runs Pulumi, as variables for a shell elsewhere; secret. The machine there has a profile of its own, with
 * which the installer can't install: it may next to nothing, and is temporary.
 *
 * @throws Error when the environment has none.
 */
export async function deployerCredentials(region: string): Promise<Record<string, string>> {
  // Loaded where it is wanted: the library costs half a second.
  const { STSClient } = await import("@aws-sdk/client-sts");
  const client = new STSClient(clientConfiguration(region));
  try {
    const { accessKeyId, secretAccessKey, sessionToken } = await client.config.credentials();
    return {
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      ...(sessionToken !== undefined && { AWS_SESSION_TOKEN: sessionToken }),
    };
  } finally {
    client.destroy();
  }
}
