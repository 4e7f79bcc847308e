import { accessKinds } from "./access-errors";
import { awsErrorLines, linesWithoutOtherServers } from "./answer";
import type { Explanation, ErrorKind } from "./explanation";
import { quotaOf, type Quota } from "./quotas";

/** The end of every fix: the Pulumi engine keeps the resources that an interrupted update created. */
const again = "Then run the same command again: it goes on from here.";

const notFound: Explanation = {
  problem: "AWS does not find a resource that this stack created: it may be too new to be visible everywhere, or somebody deleted it.",
  fix: 'Run the same command again: it goes on from here. If it fails the same way, run "pulumi refresh" first, which detects deleted resources.',
};

/**
 * Errors about one resource whose codes are also used for wrong credentials. EC2's codes:
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html. AWS's texts that the patterns expect were never checked on a real
 * account.
 */
const resourceKinds: readonly ErrorKind[] = [
  {
    pattern: /\bAuthFailure\.ServiceLinkedRoleCreationNotPermitted\b/,
    explain: () => ({
      problem: "the AWS credentials may not create a service-linked role that EC2 needs.",
      fix: `Allow iam:CreateServiceLinkedRole, or let an administrator create the role once ("aws iam create-service-linked-role"). ${again}`,
    }),
  },
  {
    pattern: /\bAuthFailure: (?!AWS was not able to validate)([^\n]{0,200})/,
    explain: ([, words = ""]) => ({
      problem: "the AWS account may not use a resource of the call: it belongs to another account, which does not share it with this one.",
      fix: `AWS names the resource: "${words.trim()}". Share this resource with the account of the stack, or configure another one. ${again}`,
    }),
  },
  {
    pattern: /\bOptInRequired: In order to use this AWS Marketplace product\b/,
    explain: () => ({
      problem: "the AWS account has no subscription to an AWS Marketplace product, which the image (AMI) of an instance needs.",
      fix: `Subscribe to it in the account of this stack, at the address in the message, or choose another image. ${again}`,
    }),
  },
  {
    // An instance profile has one role at most, and that quota cannot be raised (IAM API reference, AddRoleToInstanceProfile).
    pattern: /\bInstanceSessionsPerInstanceProfile\b/,
    explain: () => ({
      problem:
        "the instance profile has a role already: AWS added the stack's role and the answer was lost, or somebody added another role.",
      fix: "Run the same command again: it reads the profile and goes on from here. If it fails the same way, remove the other role from the profile.",
    }),
  },
  {
    pattern: /\bBucketAlreadyExists\b/,
    explain: (_, text) => ({
      problem: `the bucket ${takenBucket(text)}exists already, and this stack does not have it. Bucket names are unique among all AWS accounts.`,
      fix: `Run "make up": it adopts the bucket if it belongs to the account of this stack. If it belongs to another account, ask its owner to delete it. ${again}`,
    }),
  },
  {
    pattern: /\bVolumeInUse: [\w-]{1,30} is already attached\b/,
    explain: () => ({
      problem: "the volume is attached to an instance already: AWS attached it and the answer was lost, or another instance has it.",
      fix: "Run the same command again: it goes on from here. If it fails the same way, detach the volume from the other instance.",
    }),
  },
];

/**
 * The first row whose pattern matches explains a text. The row for throttling comes before the row for quotas, since both have codes that end with
 * LimitExceeded. The texts come from the provider ("api error VpcLimitExceeded: …"), the AWS SDK for JavaScript ("VpcLimitExceeded: …") and
 * openshift-install ("VpcLimitExceeded: …, status code: 400"); all of them contain AWS's error code.
 */
const kinds: readonly ErrorKind[] = [
  {
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
    pattern: /explicit deny in a service control policy|no service control policy allows/,
    explain: (_, text) => ({
      problem: `a service control policy (SCP) of your AWS organization denies ${deniedAction(text)}.`,
      fix: `Ask the administrators of the organization to allow ${deniedAction(text)} for this account and region. ${again}`,
    }),
  },
  {
    // Codes of EC2, of STS and the query services, and of the JSON services. Most of these services also use the sentence "The security token
    // included in the request is expired".
    pattern:
      /\b(?:ExpiredToken(?:Exception)?|RequestExpired|TokenRefreshRequired)\b|security token included in the request is expired|SSO session (?:associated with this profile )?has expired|To refresh this SSO session|refresh cached SSO token failed|failed to read cached SSO token file/,
    explain: () => ({
      problem: "the AWS credentials have expired, or nobody has signed in yet.",
      fix: `Get new credentials from the same source, for instance with "aws sso login". ${again}`,
      access: true,
    }),
  },
  ...resourceKinds,
  ...accessKinds,
  {
    within: awsErrorLines,
    pattern:
      /\b(?:RequestLimitExceeded|Throttling(?:Exception)?|Throttled(?:Exception)?|SlowDown|TooManyRequestsException|PriorRequestNotComplete)\b/,
    explain: () => ({
      problem: "AWS throttles this account: there are more calls than it allows, and several attempts were refused.",
      fix: `Wait until other programs that use the account have ended. ${again}`,
    }),
  },
  {
    within: awsErrorLines,
    pattern: /\b(\w{0,60}(?:LimitExceeded|LimitsExceeded|QuotaExceeded)(?:Exception)?|TooMany(?!Requests)\w{1,60})\b/,
    explain: ([, code = ""], text) => quotaExplanation(code, text),
  },
  {
    pattern: /\bInsufficient(?:InstanceCapacity|HostCapacity|VolumeCapacity|AddressCapacity|FreeAddressesInSubnet)\b/,
    explain: ([code]) => shortage(code),
  },
  {
    // openshift/installer#1790. The preflight checks this; the error can still occur if a zone stops offering a type.
    pattern:
      /\bUnsupported: Your requested instance type \(([\w.-]{1,30})\) is not supported in your requested Availability Zone \(([\w-]{1,40})\)/,
    explain: ([, type = "", zone = ""]) => ({
      problem: `AWS does not offer instances of type ${type} in ${zone}.`,
      fix: `Choose another type or other zones. "aws ec2 describe-instance-type-offerings --location-type availability-zone --filters Name=location,Values=${zone}" lists the zone's types. ${again}`,
    }),
  },
  {
    within: awsErrorLines,
    // S3's response to a HEAD request has no body: the error is "Forbidden" (provider) or 403 without a message (SDK).
    pattern:
      /\b(?:UnauthorizedOperation|AccessDenied(?:Exception)?)\b|is not authorized to perform: |api error Forbidden\b|StatusCode: 403\b/,
    explain: (_, text) => ({
      problem: `the AWS credentials may not do ${deniedAction(text)}${denialReason(text)}.`,
      fix: `Allow it to ${/User: (\S+)/.exec(text)?.[1] ?? "them"}, or use other credentials. ${again}`,
    }),
  },
  {
    within: awsErrorLines,
    pattern:
      /\b(?:InternalError|InternalFailure|InternalServerError|InternalService(?:Error|Exception)|ServiceFailure|ServiceUnavailable|KMSInternalException)\b|StatusCode: 5\d\d/,
    explain: () => ({
      problem: "AWS had an internal error, even after several attempts.",
      fix: "Run the same command again: it goes on from here. If it fails the same way, see https://health.aws.amazon.com.",
    }),
  },
  {
    within: linesWithoutOtherServers,
    pattern: /connection reset by peer|\bECONNRESET\b|socket hang up|i\/o timeout|TLS handshake timeout|\bTimeoutError\b|\bETIMEDOUT\b/,
    explain: (_, text) => ({
      problem: "a network connection broke or got no answer, even after several attempts.",
      fix: `Check the network and the proxy${awsErrorLines(text) === "" ? "" : " between this machine and AWS"}. ${again}`,
    }),
  },
  {
    within: awsErrorLines,
    pattern: /context deadline exceeded|timeout while waiting for (?:state|resource)/,
    explain: () => ({
      problem: "AWS did not finish within the time that the provider allows.",
      fix: `Look at the resource in the AWS console: it may show the reason for the delay. ${again}`,
    }),
  },
  {
    within: awsErrorLines,
    // Eventual consistency, e.g. https://docs.aws.amazon.com/ec2/latest/devguide/eventual-consistency.html
    pattern:
      /\bInvalid\w{1,60}\.NotFound\b|\bNoSuchEntity\b|\bNoSuchBucket\b|\bNoSuchHostedZone\b|Invalid IAM Instance Profile|Invalid principal in policy|\b\w{1,60}NotFound(?:Exception)?\b/,
    explain: () => notFound,
  },
  {
    // The provider's own words, without AWS's code (hashicorp/terraform-plugin-sdk, `helper/retry/error.go`, NotFoundError;
    // hashicorp/terraform-provider-aws, `internal/tfresource`, EmptyResultError).
    pattern: /: (?:couldn't find resource(?: \(\d{1,9} retries\))?|empty result)$/m,
    explain: () => notFound,
  },
  {
    // hashicorp/terraform-plugin-sdk, `helper/retry/error.go`, UnexpectedStateError
    pattern: /: unexpected state '([^'\n]{0,60})', wanted target '([^'\n]{0,60})'/,
    explain: ([, state = "", wanted = ""]) => ({
      problem: `AWS reports the state ${state} instead of ${wanted} for a resource that the stack creates or changes.`,
      fix: `Read AWS's reason in the message above, or at the resource in the AWS console, and correct the cause. ${again}`,
    }),
  },
];

/** Explains the text of an error of AWS; undefined for any other error. */
export function explainAwsError(text: string): Explanation | undefined {
  for (const { pattern, within, explain } of kinds) {
    const part = within?.(text) ?? text;
    const found = pattern.exec(part);
    if (found !== null) return explain(found, part);
  }
  return undefined;
}

/** The explanations of several errors as text, each once. An error whose text already contains its explanation is left out. */
export function explanationsOf(texts: readonly string[]): string[] {
  const lines = texts.flatMap((text) => {
    const explanation = explainAwsError(text);
    if (explanation === undefined || text.includes(explanation.problem)) return [];
    return [`Problem: ${explanation.problem}\nFix: ${explanation.fix}`];
  });
  return [...new Set(lines)];
}

/** A text, followed by a blank line and its explanation if there is one. */
export function withExplanations(text: string): string {
  return [text, ...explanationsOf([text])].join("\n\n");
}

/** `code: message` for an error of the AWS SDK, since AWS documents the code; the message alone for any other error. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const isAws = "$metadata" in error && error.name !== "Error" && !error.message.startsWith(error.name);
  return isAws ? `${error.name}: ${error.message}` : error.message;
}

/** The bucket's name and a space; empty if the text does not name the bucket. */
function takenBucket(text: string): string {
  const name = /creating S3 Bucket \(([\w.-]{1,63})\)/.exec(text)?.[1];
  return name === undefined ? "" : `${name} `;
}

/** The denied action as IAM writes it: `ec2:CreateVpc`. */
function deniedAction(text: string): string {
  return /not authorized to perform: ([\w-]+:\w+)/.exec(text)?.[1] ?? operationIn(text) ?? "this call";
}

/** The provider names service and operation: "operation error EC2: CreateVpc". */
function operationIn(text: string): string | undefined {
  const found = /operation error ([\w ]{1,60}: \w{1,60})/.exec(text);
  return found?.[1];
}

function denialReason(text: string): string {
  const policy = /explicit deny in an? ([\w -]{1,60}?)(?: policy)?(?=[:.,;]|$)/.exec(text)?.[1];
  if (policy !== undefined) return `: a policy denies it (${policy})`;
  return /no [\w-]+(?: [\w-]+)? policy allows/.test(text) ? ": no policy allows it" : "";
}

function quotaExplanation(code: string, text: string): Explanation {
  const quota: Quota | undefined = quotaOf(code, text);
  const name = quota === undefined ? `an AWS quota (${code})` : `the AWS quota "${quota.name}"`;
  const link = quota?.url ?? "https://console.aws.amazon.com/servicequotas/home";
  return {
    problem: `${name} is used up.`,
    fix: `Delete resources that are not needed, or request an increase in the account and region of the cluster: ${link}. ${again}`,
  };
}

function shortage(code: string): Explanation {
  if (code === "InsufficientFreeAddressesInSubnet")
    return {
      problem: "a subnet has no free IP address left.",
      fix: `Release IP addresses in the subnet, or choose a larger subnet. ${again}`,
    };
  const what = { InsufficientVolumeCapacity: "volumes", InsufficientAddressCapacity: "public addresses" }[code];
  if (what !== undefined)
    return { problem: `AWS has no ${what} left at the moment.`, fix: "Run the same command again later: it goes on from here." };
  return {
    problem: "AWS has no capacity for this instance type in this availability zone at the moment.",
    fix: `Run the same command again later: it goes on from here. Or choose another type (masterInstanceType, workerInstanceType, infraInstanceType, bootstrapInstanceType, installerHostInstanceType) or other zones (zones).`,
  };
}
