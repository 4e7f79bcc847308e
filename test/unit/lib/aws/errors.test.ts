import { explainAwsError, explanationsOf, messageOf } from "../../../../lib/aws/errors";

/** Texts as the provider, the AWS SDK for JavaScript and openshift-install write them. */
const denial =
  "User: arn:aws:iam::123456789012:user/ci is not authorized to perform: ec2:CreateVpc on resource: arn:aws:ec2:us-east-1:123456789012:vpc/* with an explicit deny in a service control policy";
const provider = (code: string, message: string): string =>
  `1 error occurred:\n\t* creating EC2 VPC: operation error EC2: CreateVpc, https response error StatusCode: 400, RequestID: 4f2c, api error ${code}: ${message}`;

describe("an AWS error", () => {
  test.each([
    [
      "a denial by an SCP, in the provider's words",
      provider("UnauthorizedOperation", `You are not authorized to perform this operation. ${denial}`),
    ],
    ["a denial by an SCP, in the SDK's words", `AccessDenied: ${denial}`],
    ["a denial by an SCP, in openshift-install's words", `UnauthorizedOperation: ${denial}\n\tstatus code: 403, request id: 4f2c`],
    [
      "a request that no SCP allows",
      `AccessDenied: ${denial.replace(/with an explicit.*/, "because no service control policy allows the ec2:CreateVpc action")}`,
    ],
  ])("is explained: %s", (_, text) => {
    const explanation = explainAwsError(text);
    expect(explanation?.problem).toMatch(/service control policy \(SCP\) of your AWS organization denies ec2:CreateVpc/);
    expect(explanation?.fix).toMatch(/administrators of the organization to allow ec2:CreateVpc.*same command again/);
  });

  test.each([
    "creating S3 Bucket (dev-2nnq6-etcd-backup): BucketAlreadyExists",
    "creating S3 Bucket (dev-2nnq6-etcd-backup): operation error S3: CreateBucket, https response error StatusCode: 409, BucketAlreadyExists: ",
  ])("for a bucket name that is taken is explained with the bucket and a fix: %s", (text) => {
    expect(explainAwsError(text)).toEqual({
      problem: expect.stringMatching(/^the bucket dev-2nnq6-etcd-backup exists already/) as unknown,
      fix: expect.stringMatching(/^Run "make up": it adopts the bucket if .* another account, ask its owner/) as unknown,
    });
  });

  test.each([
    [
      provider("LimitExceeded", "Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1"),
      /^the instance profile has a role already: .*answer was lost/,
    ],
    [
      provider("VolumeInUse", "vol-0a1 is already attached to an instance"),
      /^the volume is attached to an instance already: .*answer was lost/,
    ],
  ])("may mean that AWS did the work and its answer was lost: %s", (text, problem) => {
    expect(explainAwsError(text)?.problem).toMatch(problem);
    expect(explainAwsError(text)?.fix).toMatch(/^Run the same command again: .* If it fails the same way, /);
  });

  test.each([
    ["RequestExpired: Request has expired."],
    ["ExpiredToken: The security token included in the request is expired"],
    ["api error ExpiredTokenException: The security token included in the request is expired"],
    ["ExpiredToken: The provided token has expired."],
  ])("is explained as expired credentials: %s", (text) => {
    expect(explainAwsError(text)).toMatchObject({ problem: "the AWS credentials have expired, or nobody has signed in yet." });
  });

  test.each([
    ["VpcLimitExceeded", "The maximum number of VPCs has been reached.", '"VPCs per Region"', "vpc/quotas/L-F678F1CE"],
    ["AddressLimitExceeded", "The maximum number of addresses has been reached.", '"EC2-VPC Elastic IPs"', "ec2/quotas/L-0263D0A3"],
    [
      "VolumeLimitExceeded",
      "You have exceeded your maximum io2 storage limit of 20 TiB in this region.",
      "(io2) volumes",
      "ebs/quotas/L-09BD8365",
    ],
    [
      "VolumeLimitExceeded",
      "You have exceeded your maximum gp3 storage limit of 50 TiB in this region.",
      "(gp3) volumes",
      "ebs/quotas/L-7A658B76",
    ],
    ["VolumeLimitExceeded", "The maximum is reached.", "of the volume's type", "services/ebs/quotas. Then"],
    ["LimitExceeded", "Cannot exceed quota for RolesPerAccount: 1000", '"Roles per account"', "iam/quotas/L-FE177D64"],
    ["LimitExceeded", "Cannot exceed quota for UsersPerAccount: 5000", '"UsersPerAccount"', "services/iam/quotas"],
    ["TooManyLoadBalancers", "The maximum number of load balancers has been reached", "Network Load Balancers per Region", "L-69A177A2"],
    ["TooManyBuckets", "You have attempted to create more buckets than allowed", '"Buckets"', "s3/quotas/L-DC2B2D3D"],
    ["TooManyHostedZones", "Limits Exceeded: MAX_HOSTED_ZONES_BY_OWNER", '"Hosted zones"', "route53/quotas/L-4EA4796A"],
    ["LimitExceededException", "You can't create more secrets in Secrets Manager.", '"Secrets per Region"', "secretsmanager/quotas"],
    ["SomethingLimitExceeded", "no known code", "(SomethingLimitExceeded)", "console.aws.amazon.com/servicequotas"],
  ])("is explained with the quota of %s (%s)", (code, message, name, link) => {
    const explanation = explainAwsError(provider(code, message));
    expect(explanation?.problem).toContain(name);
    expect(explanation?.fix).toContain(link);
  });

  test.each([
    ["m6i.xlarge", "Standard (A, C, D, H, I, M, R, T, Z)", "L-1216C47A"],
    ["c7gn.16xlarge", "Standard (A, C, D, H, I, M, R, T, Z)", "L-1216C47A"],
    ["im4gn.large", "Standard (A, C, D, H, I, M, R, T, Z)", "L-1216C47A"],
    ["t3.micro", "Standard (A, C, D, H, I, M, R, T, Z)", "L-1216C47A"],
    ["g4dn.metal", "G and VT", "L-DB2E81BA"],
    ["gr6.4xlarge", "G and VT", "L-DB2E81BA"],
    ["vt1.3xlarge", "G and VT", "L-DB2E81BA"],
    ["p4d.24xlarge", "P", "L-417A185B"],
    ["p6-b200.48xlarge", "P", "L-417A185B"],
    ["x2iedn.xlarge", "X", "L-7295265B"],
    ["inf2.xlarge", "Inf", "L-1945791B"],
    ["trn1n.32xlarge", "Trn", "L-2C3B7624"],
    ["f2.6xlarge", "F", "L-74FC7D96"],
    ["dl2q.24xlarge", "DL", "L-6E869C2A"],
    ["u-6tb1.56xlarge", "High Memory", "L-43DA4232"],
    ["u7i-12tb.224xlarge", "High Memory", "L-43DA4232"],
    ["hpc7a.96xlarge", "HPC", "L-F7808C92"],
  ])("names the quota of vCPUs that the instance type %s counts for", (type, instances, code) => {
    const explanation = explainAwsError(`creating EC2 Instance (${type}): VcpuLimitExceeded: You have requested more vCPU capacity`);
    expect(explanation?.problem).toContain(`the AWS quota "Running On-Demand ${instances} instances"`);
    expect(explanation?.fix).toContain(`/services/ec2/quotas/${code}.`);
  });

  test.each([
    ["without an instance type", "You have requested more vCPU capacity than your current vCPU limit of 32 allows"],
    ["with types of two families", "masters m6i.xlarge, workers g4dn.xlarge"],
    ["with a type that the program does not know yet", "type q9.xlarge"],
    ["with a host name that looks like a type", "host ip-10-0-0-1.m5.example.com"],
  ])("about vCPUs is explained with all quotas of vCPUs for a message %s", (_, message) => {
    const explanation = explainAwsError(provider("VcpuLimitExceeded", message));
    expect(explanation?.problem).toContain("of the instance type's family");
    expect(explanation?.fix).toMatch(/\/services\/ec2\/quotas\. Then/);
  });

  test.each([
    [
      "api error Unsupported: Your requested instance type (m6i.xlarge) is not supported in your requested Availability Zone (us-east-1e). Please retry",
      /does not offer instances of type m6i.xlarge in us-east-1e/,
    ],
    ["InsufficientInstanceCapacity: We currently do not have sufficient m6i.xlarge capacity", /no capacity for this instance type/],
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
    ["1 error occurred:\n\t* reading inline policies for IAM role x, error: couldn't find resource", /does not find/],
    ["1 error occurred:\n\t* waiting for EC2 Subnet (subnet-1) create: couldn't find resource (21 retries)\n", /does not find/],
    ["1 error occurred:\n\t* reading S3 Bucket (x): empty result\n", /does not find/],
    [
      "1 error occurred:\n\t* waiting for EC2 NAT Gateway (nat-1) create: unexpected state 'failed', wanted target 'available'. last error: Resource.AlreadyAssociated: Elastic IP address is already associated",
      /reports the state failed instead of available/,
    ],
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
  ])("is not seen in this program's own message: %s", (text) => {
    expect(explainAwsError(text)).toBeUndefined();
  });

  test.each([
    [
      "a webhook",
      'failed calling webhook "validate.x": failed to call webhook: Post "https://x.svc:443/v?timeout=10s": context deadline exceeded',
    ],
    ["the API's handshake", 'Get "https://api.dev.example.com:6443/version": net/http: TLS handshake timeout'],
    ["the API's load balancer", 'Get "https://okd-api-int.elb.us-east-1.amazonaws.com:6443/readyz": net/http: TLS handshake timeout'],
    [
      "the API behind a proxy",
      'Get "https://api.dev.example.com:6443/version": proxyconnect tcp: dial tcp 10.0.0.9:3128: connect: connection refused',
    ],
    [
      "an image's registry",
      'pinging container registry quay.io: Get "https://quay.io/v2/": proxyconnect tcp: dial tcp 10.0.0.9:3128: i/o timeout',
    ],
    [
      "an image's registry, refused",
      'Get "https://quay.io/v2/": dial tcp: lookup quay.io: no such host\nThe bucket is files.s3.us-east-1.amazonaws.com',
    ],
    ["an overloaded API of the cluster", "Error from server (ServiceUnavailable): the server is currently unable to handle the request"],
    ["a broken API of the cluster", "Error from server (InternalError): Internal error occurred: failed calling webhook"],
    ["the API, without a host", "Internal error occurred: InternalError"],
    ["a denial by the cluster's API", 'pods is forbidden: User "system:anonymous" cannot list resource "pods" (AccessDenied)'],
    ["etcd", "etcdserver: request timed out, context deadline exceeded"],
    ["a job", "Job installer failed: BackoffLimitExceeded: Job has reached the specified backoff limit"],
    ["a pool", "MachineConfigPoolNotFound: worker"],
    ["a pod", 'pods "x" NotFound, PodNotFound'],
    ["a router", "TooManyIngressControllers: x"],
    ["a client of the API", "Throttling request took 1.2s, request: GET:https://api.dev.example.com:6443/api/v1/pods"],
    ["a wait of this program", "timeout while waiting for the bootstrap machine"],
  ])("is not assumed for an error of the cluster or another server: %s", (_, text) => {
    expect(explainAwsError(text)).toBeUndefined();
  });

  test.each([
    ["of the AWS CLI", "An error occurred (Throttling) when calling the DescribeStacks operation: Rate exceeded", /throttles/],
    ["of the SDK, in a sentence", "the bucket could not be read: ServiceUnavailable: Please try again.", /internal error/],
    [
      "in the words of the cluster",
      "CredentialsRequest x: api error AccessDenied: User: arn:aws:iam::1:user/a is not authorized to perform: iam:GetUser",
      /may not do iam:GetUser/,
    ],
    ["of a wait", "waiting for EC2 NAT Gateway (nat-1) create: timeout while waiting for state to become 'available'", /did not finish/],
    ["to AWS's host", 'Post "https://ec2.us-east-1.amazonaws.com/": net/http: TLS handshake timeout', /connection broke/],
    ["to AWS's host in China", 'Post "https://ec2.cn-north-1.amazonaws.com.cn/": net/http: TLS handshake timeout', /connection broke/],
    [
      "next to an error of the cluster",
      'Get "https://api.dev.example.com:6443/version": EOF\nVpcLimitExceeded: The maximum number of VPCs has been reached.',
      /VPCs per Region/,
    ],
  ])("is explained in any wording: %s", (_, text, problem) => {
    expect(explainAwsError(text)?.problem).toMatch(problem);
  });

  test("is not seen in a broken connection to an unknown server", () => {
    expect(explainAwsError("dial tcp 10.0.0.9:22: i/o timeout")?.fix).not.toMatch(/AWS/);
  });

  test.each([
    ["api error AuthFailure: Not authorized for images: [ami-0123]", /resource .*another account/, /ami-0123/],
    ["AuthFailure: The address '203.0.113.9' does not belong to you.", /resource .*another account/, /203\.0\.113\.9/],
    ["api error AuthFailure: Insufficient permissions to launch it", /resource .*another account/, /Insufficient permissions/],
    [
      "api error AuthFailure.ServiceLinkedRoleCreationNotPermitted: The provided credentials do not have permission to create the service-linked role for EC2 Spot Instances.",
      /service-linked role/,
      /iam:CreateServiceLinkedRole/,
    ],
    [
      "api error OptInRequired: In order to use this AWS Marketplace product you need to accept terms and subscribe. To do so please visit https://aws.amazon.com/marketplace/pp?sku=x",
      /Marketplace/,
      /subscribe/i,
    ],
  ])("about a resource is not explained as wrong credentials: %s", (text, problem, fix) => {
    const explanation = explainAwsError(text);
    expect(explanation?.problem).toMatch(problem);
    expect(explanation?.fix).toMatch(fix);
    expect(explanation?.access).toBeUndefined();
  });

  test("is explained once for many resources, and not again if the text has the explanation", () => {
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

  test("of the SDK is shown with its code, which the SDK's message lacks", () => {
    const error = Object.assign(new Error("Request has expired."), { name: "RequestExpired", $metadata: {} });
    expect(messageOf(error)).toBe("RequestExpired: Request has expired.");
    expect(messageOf(new Error("the disk is full"))).toBe("the disk is full");
    expect(messageOf("text")).toBe("text");
  });

  test("is recognized in linear time", () => {
    const before = process.cpuUsage();
    for (const long of ["a".repeat(200_000), "explicit deny in a ".repeat(10_000), "TooMany ".repeat(20_000), "User: ".repeat(30_000)])
      explainAwsError(long);
    // Processor time, because other work on the machine does not change it. It takes 0.1 s; `a+b` alone would take half a minute.
    expect(process.cpuUsage(before).user).toBeLessThan(5_000_000);
  });
});
