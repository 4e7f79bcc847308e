import type { PublicAccessBlockConfiguration } from "@aws-sdk/client-s3-control";
import * as aws from "@pulumi/aws";
import type { Configuration } from "../../config/configuration";
import type { ConfigurationProblem } from "../../config/configuration-error";
import { clientConfiguration } from "../../lib/aws/client";

/**
 * Problems with an account that blocks public buckets. In manual mode the cluster's token issuer is a bucket that everyone can read. The
 * account's settings apply regardless of the bucket's (Amazon S3 user guide, "Blocking public access to your Amazon S3 storage").
 */
export async function publicAccessBlockProblems({ credentialsMode, region }: Configuration): Promise<ConfigurationProblem[]> {
  const { accountId } = await aws.getCallerIdentity();
  const settings = await publicAccessBlock(accountId, region);
  const against = (["BlockPublicPolicy", "RestrictPublicBuckets"] as const).filter((name) => settings[name] === true);
  if (against.length === 0) return [];
  const rest = (["BlockPublicAcls", "IgnorePublicAcls"] as const).map((name) => `${name}=${settings[name] === true}`);
  const change = [...rest, "BlockPublicPolicy=false", "RestrictPublicBuckets=false"].join(",");
  return [
    {
      key: "credentialsMode",
      wrong: `${credentialsMode === undefined ? "is not set; with temporary credentials this means manual" : "is manual"}. Manual mode needs a public bucket for the cluster's token issuer, and the account blocks public buckets (${against.join(", ")})`,
      value: credentialsMode ?? "",
      allowed: `manual, in an account that does not block public buckets; mint or passthrough in account ${accountId}, with the access key of an IAM user`,
      fix: `aws s3control put-public-access-block --account-id ${accountId} --public-access-block-configuration ${change}, or use the access key of an IAM user and pulumi config set credentialsMode mint`,
    },
  ];
}

/** The account's settings; empty if the account has none or the credentials may not read them. */
async function publicAccessBlock(AccountId: string, region: string): Promise<PublicAccessBlockConfiguration> {
  // The library is imported only when needed: loading it takes a third of a second.
  const { GetPublicAccessBlockCommand, S3ControlClient } = await import("@aws-sdk/client-s3-control");
  const client = new S3ControlClient(clientConfiguration(region));
  try {
    const { PublicAccessBlockConfiguration: settings } = await client.send(new GetPublicAccessBlockCommand({ AccountId }));
    return settings ?? {};
  } catch (error) {
    if (error instanceof Error && (error.name === "NoSuchPublicAccessBlockConfiguration" || error.name === "AccessDenied")) return {};
    throw error;
  } finally {
    client.destroy();
  }
}
