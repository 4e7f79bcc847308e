/**
 * What is wrong with an environment that names two sources of AWS credentials; undefined if it names one.
 *
 * With an access key or a web identity token, Go's SDK (in Pulumi's AWS provider and openshift-install) ignores AWS_PROFILE; the SDK for JavaScript goes by
 * the profile (aws/aws-sdk-go-v2, `config/resolve_credentials.go`; aws/aws-sdk-js-v3, `packages/credential-provider-node`; tried with both).
 */
export function conflictingSources(
  environment: NodeJS.ProcessEnv = process.env,
): { readonly wrong: string; readonly fix: string } | undefined {
  const other = ["AWS_ACCESS_KEY_ID", "AWS_WEB_IDENTITY_TOKEN_FILE"].find((name) => environment[name]);
  if (!environment.AWS_PROFILE || other === undefined) return undefined;
  const names = other === "AWS_ACCESS_KEY_ID" ? "AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN" : other;
  return {
    wrong: `is set together with ${other}. Pulumi's AWS provider and openshift-install would use ${other}, and this program's own AWS clients the profile: they could work in two accounts`,
    fix: `unset AWS_PROFILE, or unset ${names}`,
  };
}
