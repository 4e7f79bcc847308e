import { type Finding, removeCommand } from "../finding";

/** Each key of the AWS provider that chooses credentials, account or endpoint, and the setting that every AWS SDK reads instead (pulumi-aws, `aws` package configuration). */
const ELSEWHERE: Readonly<Record<string, string>> = {
  profile: "set AWS_PROFILE in the environment instead",
  accessKey: "set AWS_ACCESS_KEY_ID in the environment instead",
  secretKey: "set AWS_SECRET_ACCESS_KEY in the environment instead",
  token: "set AWS_SESSION_TOKEN in the environment instead",
  assumeRole: "set AWS_PROFILE to a profile with role_arn and source_profile instead",
  assumeRoles: "set AWS_PROFILE to a profile with role_arn and source_profile instead",
  assumeRoleWithWebIdentity: "set AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE in the environment instead",
  sharedConfigFiles: "set AWS_CONFIG_FILE in the environment instead",
  sharedCredentialsFile: "set AWS_SHARED_CREDENTIALS_FILE in the environment instead",
  sharedCredentialsFiles: "set AWS_SHARED_CREDENTIALS_FILE in the environment instead",
  endpoints: "set AWS_ENDPOINT_URL or AWS_ENDPOINT_URL_<SERVICE> in the environment instead",
};

/**
 * Findings for provider keys that the program's AWS clients, its commands and openshift-install do not read. With such a key the provider could create the
 * cluster in one account while the others work in another.
 * @param raw all configuration values by `namespace:key`
 */
export function providerCredentials(raw: Readonly<Record<string, unknown>>): Finding[] {
  return Object.entries(ELSEWHERE).flatMap(([name, instead]) => {
    const key = `aws:${name}`;
    const value = raw[key];
    if (value === undefined || value === "" || value === "[]" || value === "{}") return [];
    return [
      {
        key,
        wrong:
          "gives the AWS provider credentials or endpoints that the program's own AWS clients and openshift-install do not read: they could work in another account",
        allowed: "credentials and endpoints from the environment, which all of them read",
        fix: `${removeCommand(key)}, and ${instead}`,
      },
    ];
  });
}
