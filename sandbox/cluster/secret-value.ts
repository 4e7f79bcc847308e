import { GetSecretValueCommand, ResourceNotFoundException, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { sandboxClientConfiguration } from "../aws/client";

/** The text of a secret; undefined if the secret has no value yet. */
export async function secretValue(region: string, arn: string): Promise<string | undefined> {
  const client = new SecretsManagerClient(sandboxClientConfiguration(region));
  try {
    return (await client.send(new GetSecretValueCommand({ SecretId: arn }))).SecretString;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  } finally {
    client.destroy();
  }
}
