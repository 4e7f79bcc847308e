import { profileOf } from "./profiles";

/** An environment variable that gives this program's own AWS clients other credentials than Pulumi's AWS provider and openshift-install. */
export interface SourceConflict {
  readonly variable: string;
  /** The problem, as the rest of a sentence that begins with the variable's name. */
  readonly wrong: string;
  readonly fix: string;
}

/** Settings that make a profile a source of credentials. */
const CREDENTIAL_SETTINGS = ["aws_access_key_id", "credential_process", "role_arn", "sso_session", "sso_account_id", "login_session"];

const CONSEQUENCE = "the program and its tools could work in two different accounts";

/**
 * Finds a variable that makes the SDK for Go (in Pulumi's AWS provider and openshift-install) and the SDK for JavaScript (in this program)
 * use different credentials; undefined if both use the same ones.
 *
 * The SDK for Go looks for an access key, then a web identity token, then a profile, which AWS_DEFAULT_PROFILE may name. It also knows two older
 * names of the access key's variables. The SDK for JavaScript looks for the profile in AWS_PROFILE, an access key, the profile `default`, then a web
 * identity token (aws/aws-sdk-go-v2, `config/resolve_credentials.go` and `env_config.go`; aws/aws-sdk-js-v3, `packages/credential-provider-node`). A
 * profile together with an access key or a web identity token was tried with both SDKs.
 */
export function conflictingSources(): SourceConflict | undefined {
  const { AWS_PROFILE, AWS_DEFAULT_PROFILE, AWS_ACCESS_KEY_ID, AWS_WEB_IDENTITY_TOKEN_FILE } = process.env;
  const older = [
    ["AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID"],
    ["AWS_SECRET_KEY", "AWS_SECRET_ACCESS_KEY"],
  ].find(([old, name]) => process.env[old] && !process.env[name]);
  if (older) return onlyByGo(older[0], `set ${older[1]} instead, and unset ${older[0]}`);
  const strongest = AWS_ACCESS_KEY_ID ? "AWS_ACCESS_KEY_ID" : AWS_WEB_IDENTITY_TOKEN_FILE ? "AWS_WEB_IDENTITY_TOKEN_FILE" : undefined;
  if (AWS_PROFILE && strongest) return profileBeside(strongest);
  if (AWS_PROFILE || AWS_ACCESS_KEY_ID) return undefined;
  if (AWS_WEB_IDENTITY_TOKEN_FILE) return hasDefaultProfile() ? defaultProfileBesideToken() : undefined;
  return AWS_DEFAULT_PROFILE && AWS_DEFAULT_PROFILE !== "default"
    ? onlyByGo("AWS_DEFAULT_PROFILE", `set AWS_PROFILE=${AWS_DEFAULT_PROFILE} instead, and unset AWS_DEFAULT_PROFILE`)
    : undefined;
}

/**
 * Checks that there are no {@link conflictingSources}.
 *
 * @throws Error that names the variable and says which one to unset
 */
export function refuseConflictingSources(): void {
  const conflict = conflictingSources();
  if (conflict) throw new Error(`Problem: ${conflict.variable} ${conflict.wrong}.\nFix: ${conflict.fix}. Then run the same command again.`);
}

function onlyByGo(variable: string, fix: string): SourceConflict {
  const wrong = `is read by Pulumi's AWS provider and openshift-install, but not by this program's own AWS clients: ${CONSEQUENCE}`;
  return { variable, wrong, fix };
}

function profileBeside(other: string): SourceConflict {
  const names = other === "AWS_ACCESS_KEY_ID" ? "AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN" : other;
  const users = `Pulumi's AWS provider and openshift-install would use ${other}, and this program's own AWS clients the profile`;
  return {
    variable: "AWS_PROFILE",
    wrong: `is set together with ${other}. ${users}: ${CONSEQUENCE}`,
    fix: `unset AWS_PROFILE, or unset ${names}`,
  };
}

function defaultProfileBesideToken(): SourceConflict {
  const variable = "AWS_WEB_IDENTITY_TOKEN_FILE";
  const users = `Pulumi's AWS provider and openshift-install would use ${variable}, and this program's own AWS clients the profile`;
  return {
    variable,
    wrong: `is set, and there is a profile named default with credentials. ${users}: ${CONSEQUENCE}`,
    fix: `unset ${variable}, or set AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE to /dev/null`,
  };
}

function hasDefaultProfile(): boolean {
  const profile = profileOf("default");
  return profile !== undefined && CREDENTIAL_SETTINGS.some((name) => name in profile);
}
