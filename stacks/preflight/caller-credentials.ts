import { existsSync } from "node:fs";
import type { Configuration } from "../../config/configuration";
import type { ConfigurationProblem } from "../../config/configuration-error";
import type { Warning } from "../../config/warning";
import { clientConfiguration } from "../../lib/aws/client";
import { profileFiles, profileOf } from "../../lib/aws/profiles";
import { conflictingSources } from "../../lib/aws/credential-sources";

/** A session whose token is in the environment or a profile. No program can renew it. */
export interface FixedSession {
  /** When the session ends; undefined if neither the environment nor the profile says so. */
  readonly expiration?: Date | undefined;
}

/** The AWS credentials of the user or CI job that runs Pulumi. */
export interface CallerCredentials {
  /** Whether the credentials have a session token and therefore expire. */
  readonly hasToken: boolean;
  /** The session, if no program can renew it. */
  readonly fixed?: FixedSession;
  /**
   * Account of the credentials, if they come from a profile. Credentials from the environment need no comparison of accounts, because the
   * AWS provider reads the same variables.
   */
  readonly account?: string | undefined;
}

/** Problem of an environment with two sources of credentials. */
export function credentialSourceProblems(): ConfigurationProblem[] {
  const conflict = conflictingSources();
  if (conflict === undefined) return [];
  const { variable, wrong, fix } = conflict;
  return [{ key: variable, wrong, allowed: "one source of AWS credentials, which all programs use", fix }];
}

/**
 * Finds the caller's credentials as the AWS SDK does: in the environment, else in a profile.
 *
 * @throws Error if there are profiles, but neither they nor the machine have credentials
 */
export async function callerCredentials(region: string): Promise<CallerCredentials> {
  const { AWS_PROFILE, AWS_ACCESS_KEY_ID, AWS_SESSION_TOKEN, AWS_CREDENTIAL_EXPIRATION } = process.env;
  if (!AWS_PROFILE && AWS_ACCESS_KEY_ID) {
    if (!AWS_SESSION_TOKEN) return { hasToken: false };
    return { hasToken: true, fixed: { expiration: AWS_CREDENTIAL_EXPIRATION ? new Date(AWS_CREDENTIAL_EXPIRATION) : undefined } };
  }
  return AWS_PROFILE || profileFileExists() ? profileCredentials(region) : { hasToken: false };
}

function profileFileExists(): boolean {
  return Object.values(profileFiles()).some((file) => existsSync(file));
}

async function profileCredentials(region: string): Promise<CallerCredentials> {
  // The library is imported only for profiles: loading it takes half a second.
  const { GetCallerIdentityCommand, STSClient } = await import("@aws-sdk/client-sts");
  const client = new STSClient(clientConfiguration(region));
  try {
    const { sessionToken } = await client.config.credentials();
    const { Account: account } = await client.send(new GetCallerIdentityCommand({}));
    return {
      hasToken: !!sessionToken,
      account,
      ...(sessionToken && hasSessionToken(process.env.AWS_PROFILE || "default") && { fixed: {} }),
    };
  } finally {
    client.destroy();
  }
}

/**
 * Whether a profile or its `source_profile` holds a session token. No program renews that token, and the session of the assumed role
 * depends on it.
 */
function hasSessionToken(name: string, seen: readonly string[] = []): boolean {
  const { aws_session_token: token, source_profile: source } = profileOf(name) ?? {};
  if (token) return true;
  return source !== undefined && !seen.includes(source) && hasSessionToken(source, [...seen, name]);
}

/**
 * Problem of credentials that differ between this program's AWS clients and the AWS provider: the SDKs for JavaScript and Go search in
 * different orders.
 */
export function accountProblems({ account }: CallerCredentials, providersAccount: string): ConfigurationProblem[] {
  if (account === undefined || account === providersAccount) return [];
  return [
    {
      key: "AWS_PROFILE",
      wrong: `gives account ${account} to this program's AWS clients, but account ${providersAccount} to Pulumi's AWS provider`,
      value: process.env.AWS_PROFILE ?? "default",
      allowed: "credentials of one account",
      fix: "set AWS_PROFILE to a profile of the stack's account, and unset every other variable that gives credentials (AWS_WEB_IDENTITY_TOKEN_FILE, AWS_CONTAINER_CREDENTIALS_FULL_URI)",
    },
  ];
}

/** Warns if a session that no program can renew may end before the installation does: bootstrapTimeout plus installTimeout from now. */
export function expiryWarnings({ fixed }: CallerCredentials, configuration: Configuration, now = Date.now()): Warning[] {
  if (fixed === undefined) return [];
  const minutes = configuration.bootstrapTimeout + configuration.installTimeout;
  const { expiration: end } = fixed;
  if (end !== undefined && end.getTime() - now >= minutes * 60_000) return [];
  const ends =
    end === undefined || Number.isNaN(end.getTime())
      ? "The AWS credentials are a session whose end is unknown."
      : `The AWS credentials expire at ${end.toISOString()}.`;
  return [
    {
      key: "installTimeout",
      text: `${ends} The installation may take ${minutes} minutes (bootstrapTimeout plus installTimeout). If they expire before that, the update fails, and a state in S3 cannot be saved: Pulumi forgets the resources that it created last, and the state's lock remains.`,
      fix: `use credentials that live at least ${minutes} minutes and set AWS_CREDENTIAL_EXPIRATION to the time at which they expire, or use a profile that renews them (sso_session, or role_arn with a source_profile whose credentials do not expire)`,
    },
  ];
}
