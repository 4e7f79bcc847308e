import { arnProblem } from "../../../config/arn";
import { parseArn } from "../../../lib/aws/arn";

const KEY = "arn:aws:kms:us-east-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef";
const CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef";

describe("the check of an ARN", () => {
  test.each([
    ["key", KEY],
    ["key", KEY.replace("key/", "key/mrk-")],
    ["key", KEY.replace("arn:aws:", "arn:aws-us-gov:")],
    ["certificate", CERTIFICATE],
    ["policy", "arn:aws:iam::aws:policy/PowerUserAccess"],
    ["role", "arn:aws-cn:iam::123456789012:role/path/name+=,.@-_"],
  ] as const)("accepts the %s %s", (kind, arn) => {
    expect(arnProblem(kind)(arn)).toBeUndefined();
  });

  test.each([
    ["key", "", "is not an ARN"],
    ["key", "key/01234567-89ab-cdef-0123-456789abcdef", "is not an ARN"],
    ["key", ` ${KEY}`, "is not an ARN"],
    ["key", "arn:aws:kms:us-east-1:123456789012", "is not an ARN"],
    ["key", KEY.replace(":aws:", "::"), "is not an ARN"],
    ["key", KEY.replace(":aws:", ":AWS:"), "is not an ARN"],
    ["key", KEY.replace("us-east-1", "us-east-1\n"), "is not an ARN"],
    ["key", KEY.replace("us-east-1", "${region}"), "is not an ARN"],
    ["key", KEY.replace(":kms:", ":KMS:"), "is not the ARN of a KMS key"],
    ["key", `${KEY}:more`, "is not the ARN of a KMS key"],
    ["key", `${KEY}\n`, "is not the ARN of a KMS key"],
    ["key", KEY.replace("key/", "alias/"), "is the ARN of an alias, but the ARN of the key is needed"],
    ["key", CERTIFICATE, "is not the ARN of a KMS key"],
    ["certificate", KEY, "is not the ARN of an ACM certificate"],
    ["certificate", CERTIFICATE.replace("us-east-1", ""), "names no region"],
    ["key", KEY.replace("123456789012", "12345678901"), "has no twelve-digit account ID"],
    ["role", "arn:aws:iam::aws:role/name", "has no twelve-digit account ID"],
    ["role", "arn:aws:iam:us-east-1:123456789012:role/name", "names a region, but IAM has none"],
    ["role", "arn:aws:iam::123456789012:role/", "is not the ARN of an IAM role"],
  ] as const)("refuses as a %s: %j, because it %s", (kind, arn, wrong) => {
    expect(arnProblem(kind)(arn)).toEqual({ wrong });
  });
});

test("parseArn keeps a resource with colons in one part", () => {
  expect(parseArn("arn:aws:logs:us-east-1:123456789012:log-group:a:*")?.resource).toBe("log-group:a:*");
});
