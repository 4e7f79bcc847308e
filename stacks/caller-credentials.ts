import { existsSync } from "node:fs";
import type { Configuration } from "../config/configuration";
import type { Problem } from "../config/configuration-error";
import type { Warning } from "../config/warning";
import { clientConfiguration } from "../operations/aws-client";
import { profileFiles, profileOf } from "../operations/aws-profiles";
import { conflictingSources } from "../operations/credential-sources";

/** A session whose token the environment or a profile holds. No program can renew it. */
export interface FixedSession {
  /** When the session ends; undefined where neither environment nor profile says so. */
  readonly expiration?: Date | undefined;
}

/** The AWS credentials of whoever runs Pulumi. */
export interface CallerCredentials {
  /** Whether they have a session token, and so expire. */
  readonly hasToken: boolean;
  /** The session, if no program can renew it. */
  readonly fixed?: FixedSession;
  /** The AWS account that they belong to; undefined where they come from the environment, which the provider reads alike. */
  readonly account?: string | undefined;
}

/** The problem of an environment with two sources of credentials. */
export function sourceProblems(): Problem[] {
  const conflict = conflictingSources();
  if (conflict === undefined) return [];
  const { variable, wrong, fix } = conflict;
  return [{ key: variable, wrong, allowed: "one source of AWS credentials, the same for all", fix }];
}

/**
 * Finds the caller's credentials as the AWS SDK does: in the environment, else in a profile.
 *
 * @throws Error if there are profiles, and none of them, nor the machine, has credentials
 */
export async function callerCredentials(region: string): Promise<CallerCredentials> {
  const { AWS_PROFILE, AWS_ACCESS_KEY_ID, AWS_SESSION_TOKEN, AWS_CREDENTIAL_EXPIRATION } = process.env;
  if (!AWS_PROFILE && AWS_ACCESS_KEY_ID) {
    if (!AWS_SESSION_TOKEN) return { hasToken: false };
    return { hasToken: true, fixed: { expiration: AWS_CREDENTIAL_EXPIRATION ? new Date(AWS_CREDENTIAL_EXPIRATION) : undefined } };
  }
  return AWS_PROFILE || hasProfiles() ? profileCredentials(region) : { hasToken: false };
}

function hasProfiles(): boolean {
  return Object.values(profileFiles()).some((file) => existsSync(file));
}

async function profileCredentials(region: string): Promise<CallerCredentials> {
  // Loaded only for profiles: the library takes half a second.
  const { GetCallerIdentityCommand, STSClient } = await import("@aws-sdk/client-sts");
  const client = new STSClient(clientConfiguration(region));
  try {
    const { sessionToken } = await client.config.credentials();
    const { Account: account } = await client.send(new GetCallerIdentityCommand({}));
    return { hasToken: !!sessionToken, account, ...(sessionToken && holdsSession(process.env.AWS_PROFILE || "default") && { fixed: {} }) };
  } finally {
    client.destroy();
  }
}

/** Whether a profile, or the one that its role is assumed with, holds a session token: no program renews it, and the role's session only while it lives. */
function holdsSession(name: string, seen: readonly string[] = []): boolean {
  const { aws_session_token: token, source_profile: source } = profileOf(name) ?? {};
  if (token) return true;
  return source !== undefined && !seen.includes(source) && holdsSession(source, [...seen, name]);
}

/** The problem of own clients and a provider that find different credentials: the SDKs for JavaScript and Go look for them in different orders. */
export function accountProblems({ account }: CallerCredentials, providersAccount: string): Problem[] {
  if (account === undefined || account === providersAccount) return [];
  return [
    {
      key: "AWS_PROFILE",
      wrong: `gives the program's own AWS clients account ${account}, and Pulumi's AWS provider account ${providersAccount}`,
      value: process.env.AWS_PROFILE ?? "default",
      allowed: "credentials of one account",
      fix: "set AWS_PROFILE to a profile of the stack's account, and unset every other variable that gives credentials (AWS_WEB_IDENTITY_TOKEN_FILE, AWS_CONTAINER_CREDENTIALS_FULL_URI)",
    },
  ];
}

/** Warns where a session that no program can renew may end before the installation does: after bootstrapTimeout plus installTimeout. */
export function expiryWarnings({ fixed }: CallerCredentials, configuration: Configuration, now = Date.now()): Warning[] {
  if (fixed === undefined) return [];
  const minutes = configuration.bootstrapTimeout + configuration.installTimeout;
  const { expiration: end } = fixed;
  if (end !== undefined && end.getTime() - now >= minutes * 60_000) return [];
  const ends =
    end === undefined || Number.isNaN(end.getTime())
      ? "The AWS credentials are a session, and nothing says when it ends."
      : `The AWS credentials expire at ${end.toISOString()}.`;
  return [
    {
      key: "installTimeout",
      text: `${ends} The installation may take ${minutes} minutes (bootstrapTimeout plus installTimeout). If they expire before that, the update fails, and a state in S3 cannot be saved: Pulumi forgets what it created last, and its lock stays.`,
      fix: `use credentials that live at least ${minutes} minutes and set AWS_CREDENTIAL_EXPIRATION to their end, or use a profile that renews them (sso_session, or role_arn with a source that lasts)`,
    },
  ];
}
