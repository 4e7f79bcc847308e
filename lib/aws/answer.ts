import { isQuotaCode } from "./quotas";

/**
 * Texts by which a line is recognized as an error of AWS: aws-sdk-go-v2 ("operation error EC2: CreateVpc, https response error StatusCode: 400, …, api error …"), aws-sdk-go
 * ("status code: 400, request id: …"), the AWS CLI ("An error occurred (…)"), and the waits of the provider (hashicorp/terraform-plugin-sdk, `helper/retry`).
 */
const SIGNS =
  /\boperation error [\w ]{1,60}: \w|\bhttps response error\b|\bapi error [A-Z]\w|\bstatus code: \d{3}, request id\b|\bAn error occurred \(|\btimeout while waiting for (?:state|resource)\b/;

const HOST = /(?<![\w.-])[\w.-]{1,253}\.amazonaws\.com\b/g;

/** Hosts below amazonaws.com that belong to customers: load balancers (the cluster's API), instances, image registries, file systems. */
const CUSTOMERS = /\.(?:elb|compute|compute-1|ecr|efs)\./;

/** The beginning of an error of the AWS SDK for JavaScript: the error code and a colon, at the start of a line or after another program's text. */
const CODE_FIRST = /(?:^|[:*"] |\t)([A-Z]\w{1,60}(?:\.\w{1,60})?): /gm;

/** AWS's error codes that do not name a service. Kubernetes writes the same codes in parentheses: "Error from server (InternalError): …". */
const CODES =
  /^(?:RequestLimitExceeded|Throttl(?:ing|ed)(?:Exception)?|SlowDown|TooManyRequestsException|PriorRequestNotComplete|LimitExceeded|\w{0,60}LimitExceededException|UnauthorizedOperation|AccessDenied(?:Exception)?|Internal(?:Error|Failure|ServerError|Service(?:Error|Exception))|ServiceFailure|ServiceUnavailable|KMSInternalException|Invalid\w{1,60}\.NotFound|NoSuch(?:Entity|Bucket|HostedZone)|(?:LoadBalancer|TargetGroup|Listener|Rule|Parameter|FileSystem|MountTarget|AccessPoint)NotFound|\w{0,60}NotFoundException)$/;

/**
 * The lines of an error that AWS or an AWS client wrote. The cluster's API, image registries and etcd report time-outs, overload and missing objects in the
 * same words.
 */
export function awsErrorLines(text: string): string {
  return text
    .replace(/\n[\t ]{1,8}(?=status code: \d{3}, request id)/g, ", ")
    .split("\n")
    .filter(isOfAws)
    .join("\n");
}

/** The lines of a text without those that name another server than AWS's, such as the cluster's API. Lines that name no server stay. */
export function linesWithoutOtherServers(text: string): string {
  return text
    .split("\n")
    .filter((line) => isOfAws(line) || !/https?:\/\/|:(?:6443|22623)\b|\.svc\b|\bError from server\b|\bwebhook\b|\betcd/.test(line))
    .join("\n");
}

function isOfAws(line: string): boolean {
  return (
    SIGNS.test(line) ||
    [...line.matchAll(HOST)].some(([host]) => !CUSTOMERS.test(host)) ||
    [...line.matchAll(CODE_FIRST)].some(([, code = ""]) => CODES.test(code) || isQuotaCode(code))
  );
}
