import { awsErrorLines } from "./answer";
import type { Explanation, ErrorKind } from "./explanation";

/** The explanation of an error that every call to AWS fails with. */
function accessProblem(problem: string, fix: string): Explanation {
  return { problem, fix: `${fix} Then run the same command again.`, access: true };
}

/**
 * Errors of access to the AWS account: credentials, account, region, network. Every call of a run fails with the same error, so it is shown once for all resources.
 *
 * Sources of the texts: hashicorp/aws-sdk-go-base and aws/aws-sdk-go-v2 (in the provider), @aws-sdk/credential-providers and @smithy (in the AWS SDK for JavaScript), in the versions that this project pins.
 */
export const accessKinds: readonly ErrorKind[] = [
  {
    pattern: /requires multi-factor authentication, but no MFA code callback|AssumeRoleTokenProvider session option not set/,
    explain: () =>
      accessProblem(
        "the AWS profile in use asks for an MFA code, which a program cannot type in.",
        'Get a session with the code ("aws sts get-session-token --serial-number … --token-code …", or a tool such as aws-vault), and use that.',
      ),
  },
  {
    pattern: /failed to get shared config profile|Could not resolve credentials using profile/,
    explain: () =>
      accessProblem(
        "the AWS profile in use is not set up on this machine.",
        'Check AWS_PROFILE: "aws configure list-profiles" lists the profiles.',
      ),
  },
  {
    pattern:
      /No valid credential sources found|Could not load credentials from any providers|NoCredentialProviders|CredentialsProviderError/,
    explain: () =>
      accessProblem(
        "there are no AWS credentials.",
        'Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; "aws sts get-caller-identity" shows whether they work.',
      ),
  },
  {
    pattern: /AWS account ID not allowed: (\d+)/i,
    explain: ([, account = ""]) =>
      accessProblem(
        `the AWS credentials belong to account ${account}, which aws:allowedAccountIds or aws:forbiddenAccountIds of this stack excludes.`,
        "Use credentials of the stack's account (AWS_PROFILE), or correct these keys.",
      ),
  },
  {
    // A region that is not enabled rejects valid credentials with the same message as wrong ones:
    // https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html. Unverified on a real account.
    // EC2's AuthFailure and OptInRequired can also concern a single resource: resourceKinds in ./errors is searched first.
    pattern:
      /\b(?:InvalidClientTokenId|UnrecognizedClientException|InvalidAccessKeyId|RegionDisabledException)\b|\bAuthFailure: AWS was not able to validate|\bOptInRequired\b|security token included in the request is invalid/,
    explain: () =>
      accessProblem(
        "AWS does not accept the credentials in this region: they are wrong or deleted, or the region is not enabled in the account.",
        'Run "aws sts get-caller-identity --region us-east-1". If it fails, correct the credentials. If it works, enable the region ("aws account enable-region --region-name <region>") or choose another (aws:region).',
      ),
  },
  {
    pattern: /\bSignatureDoesNotMatch\b|\bInvalidSignatureException\b|\bRequestTimeTooSkewed\b/,
    explain: () =>
      accessProblem(
        "AWS rejects the signature of the calls: the secret access key or the clock of this machine is wrong.",
        "Check AWS_SECRET_ACCESS_KEY and the clock.",
      ),
  },
  {
    within: awsErrorLines,
    pattern: /proxyconnect tcp: /,
    explain: () =>
      accessProblem(
        "the proxy between this machine and AWS does not answer.",
        "Check HTTPS_PROXY and NO_PROXY, and that this machine can reach the proxy.",
      ),
  },
  {
    // This pattern is searched for only in lines that AWS or an AWS client wrote: a refused connection to another host, such as the cluster's
    // API, is a different problem.
    within: awsErrorLines,
    pattern:
      /connect: connection refused|no such host|network is unreachable|no route to host|server misbehaving|\b(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)\b/,
    explain: () =>
      accessProblem(
        "AWS cannot be reached from this machine.",
        "Check the network, DNS and, if there is a proxy, HTTPS_PROXY and NO_PROXY.",
      ),
  },
];
