import { explainAwsError, explanationsOf, messageOf } from "../../operations/aws-errors";

/** Texts as the provider, the AWS SDK for JavaScript and openshift-install write them. */
const denial =
  "User: arn:aws:iam::123456789012:user/ci is not authorized to perform: ec2:CreateVpc on resource: arn:aws:ec2:us-east-1:123456789012:vpc/* with an explicit deny in a service control policy";
const provider = (code: string, message: string): string =>
  `1 error occurred:\n\t* creating EC2 VPC: operation error EC2: CreateVpc, https response error StatusCode: 400, RequestID: 4f2c, api error ${code}: ${message}`;

describe("an error of AWS", () => {
  test.each([
    [
      "a denial by an SCP, as the provider tells it",
      provider("UnauthorizedOperation", `You are not authorized to perform this operation. ${denial}`),
    ],
    ["a denial by an SCP, as the SDK tells it", `AccessDenied: ${denial}`],
    ["a denial by an SCP, as openshift-install tells it", `UnauthorizedOperation: ${denial}\n\tstatus code: 403, request id: 4f2c`],
    [
      "what no SCP allows",
      `AccessDenied: ${denial.replace(/with an explicit.*/, "because no service control policy allows the ec2:CreateVpc action")}`,
    ],
  ])("is explained: %s", (_, text) => {
    const explanation = explainAwsError(text);
    expect(explanation?.problem).toMatch(/service control policy \(SCP\) of your AWS organization denies ec2:CreateVpc/);
    expect(explanation?.fix).toMatch(/administrators of the organization to allow ec2:CreateVpc.*same command again/);
  });

  test.each([
    ["RequestExpired: Request has expired."],
    ["ExpiredToken: The security token included in the request is expired"],
    ["api error ExpiredTokenException: The security token included in the request is expired"],
    ["ExpiredToken: The provided token has expired."],
  ])("means expired credentials: %s", (text) => {
    expect(explainAwsError(text)).toMatchObject({ problem: "the AWS credentials have expired." });
  });

  test.each([
    ["VpcLimitExceeded", "The maximum number of VPCs has been reached.", '"VPCs per Region"', "vpc/quotas/L-F678F1CE"],
    ["AddressLimitExceeded", "The maximum number of addresses has been reached.", '"EC2-VPC Elastic IPs"', "ec2/quotas/L-0263D0A3"],
    ["VcpuLimitExceeded", "You have requested more vCPU capacity", "Running On-Demand Standard", "ec2/quotas/L-1216C47A"],
    ["LimitExceeded", "Cannot exceed quota for RolesPerAccount: 1000", '"Roles per account"', "iam/quotas/L-FE177D64"],
    ["LimitExceeded", "Cannot exceed quota for UsersPerAccount: 5000", '"UsersPerAccount"', "services/iam/quotas"],
    ["TooManyLoadBalancers", "The maximum number of load balancers has been reached", "Network Load Balancers per Region", "L-69A177A2"],
    ["TooManyBuckets", "You have attempted to create more buckets than allowed", '"Buckets"', "s3/quotas/L-DC2B2D3D"],
    ["TooManyHostedZones", "Limits Exceeded: MAX_HOSTED_ZONES_BY_OWNER", '"Hosted zones"', "route53/quotas/L-4EA4796A"],
    ["LimitExceededException", "You can't create more secrets in Secrets Manager.", '"Secrets per Region"', "secretsmanager/quotas"],
    ["SomethingLimitExceeded", "no known code", "(SomethingLimitExceeded)", "console.aws.amazon.com/servicequotas"],
  ])("names the quota of %s (%s)", (code, message, name, link) => {
    const explanation = explainAwsError(provider(code, message));
    expect(explanation?.problem).toContain(name);
    expect(explanation?.fix).toContain(link);
  });

  test.each([
    ["InsufficientInstanceCapacity: We currently do not have sufficient m6i.xlarge capacity", /no machines of this type/],
    ["InsufficientAddressCapacity: Not enough available addresses", /no public addresses/],
    ["InsufficientFreeAddressesInSubnet: The subnet has none", /no free IP address/],
    ["api error RequestLimitExceeded: Request limit exceeded.", /throttles/],
    ["Throttling: Rate exceeded\n\tstatus code: 400", /throttles/],
    ["SlowDown: Please reduce your request rate.", /throttles/],
    ["https response error StatusCode: 503, RequestID: x, api error ServiceUnavailable: no text", /internal error/],
    ["read tcp 10.0.0.1:4242->3.5.7.9:443: read: connection reset by peer", /connection broke/],
    ["TimeoutError: the request socket timed out after 60000 ms of inactivity", /connection broke/],
    [
      "creating EC2 Instance: operation error EC2: RunInstances, request canceled, context deadline exceeded",
      /did not finish within the time/,
    ],
    ["api error InvalidVpcID.NotFound: The vpc ID 'vpc-1' does not exist", /does not find/],
    ["NoSuchEntity: The role with name x cannot be found.", /does not find/],
    [
      "AccessDenied: User: arn:aws:iam::123456789012:user/ci is not authorized to perform: iam:CreateRole on resource: role x because no identity-based policy allows the iam:CreateRole action",
      /may not do iam:CreateRole: no policy allows it/,
    ],
    [
      "AccessDenied: User: arn:aws:iam::123456789012:user/ci is not authorized to perform: iam:CreateRole on resource: role x with an explicit deny in a permissions boundary",
      /may not do iam:CreateRole: a policy denies it \(permissions boundary\)/,
    ],
  ])("is explained: %s", (text, problem) => {
    expect(explainAwsError(text)?.problem).toMatch(problem);
  });

  test.each([
    ["the configuration has 2 problems:\n  zones: names us-east-1z, which this account doesn't have"],
    ["the installer host i-1 was not healthy within 600 seconds. It says: the registry doesn't answer"],
    ["refused by the policy exposure: tcp 22 from 0.0.0.0/0"],
  ])("is not taken for one: %s", (text) => {
    expect(explainAwsError(text)).toBeUndefined();
  });

  test("is explained once, however many resources have met it, and not where its text has the explanation", () => {
    const lines = explanationsOf([
      provider("VpcLimitExceeded", "one"),
      provider("VpcLimitExceeded", "two"),
      "SlowDown: x",
      "the disk is full",
    ]);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/^Problem: the AWS quota "VPCs per Region" is used up\.\nFix: /);
    expect(explanationsOf([`SlowDown: x\n${explanationsOf(["SlowDown: x"])[0]}`])).toEqual([]);
  });

  test("of the SDK is told with its code, which the message leaves out", () => {
    const error = Object.assign(new Error("Request has expired."), { name: "RequestExpired", $metadata: {} });
    expect(messageOf(error)).toBe("RequestExpired: Request has expired.");
    expect(messageOf(new Error("the disk is full"))).toBe("the disk is full");
    expect(messageOf("text")).toBe("text");
  });

  test("is recognized in linear time", () => {
    const began = performance.now();
    for (const long of ["a".repeat(200_000), "explicit deny in a ".repeat(10_000), "TooMany ".repeat(20_000), "User: ".repeat(30_000)])
      explainAwsError(long);
    expect(performance.now() - began).toBeLessThan(2000);
  });
});
