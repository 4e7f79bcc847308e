/** Keys of the AWS provider's credentials are refused, because the program's AWS clients and openshift-install do not read these keys. */
import { problemKeys, problemsOf, withKeys } from "./fixture";

test.each([
  ["aws:profile", "prod", "AWS_PROFILE"],
  ["aws:assumeRoles", [{ roleArn: "arn:aws:iam::123456789012:role/deploy" }], "role_arn"],
  ["aws:assumeRoleWithWebIdentity", { roleArn: "arn:aws:iam::123456789012:role/ci" }, "AWS_WEB_IDENTITY_TOKEN_FILE"],
  ["aws:accessKey", "AKIAEXAMPLE", "AWS_ACCESS_KEY_ID"],
  ["aws:secretKey", "hunter2", "AWS_SECRET_ACCESS_KEY"],
  ["aws:token", "hunter2", "AWS_SESSION_TOKEN"],
  ["aws:sharedConfigFiles", ["/etc/aws/config"], "AWS_CONFIG_FILE"],
  ["aws:sharedCredentialsFiles", ["/etc/aws/credentials"], "AWS_SHARED_CREDENTIALS_FILE"],
  ["aws:endpoints", [{ ec2: "https://ec2.example.com" }], "AWS_ENDPOINT_URL"],
  ["aws:httpProxy", "http://proxy.example.com:3128", "HTTP_PROXY"],
  ["aws:httpsProxy", "http://proxy.example.com:3128", "HTTPS_PROXY"],
  ["aws:noProxy", "example.com", "NO_PROXY"],
  ["aws:customCaBundle", "/etc/pki/company.pem", "AWS_CA_BUNDLE"],
  ["aws:ec2MetadataServiceEndpoint", "http://localhost:1338", "AWS_EC2_METADATA_SERVICE_ENDPOINT"],
  ["aws:useFipsEndpoint", true, "AWS_USE_FIPS_ENDPOINT"],
  ["aws:insecure", true, "AWS_CA_BUNDLE"],
  ["aws:stsRegion", "us-east-1", "STS"],
  ["aws:s3UsePathStyle", true, "bucket"],
  ["aws:s3UsEast1RegionalEndpoint", "legacy", "S3"],
])("%s is refused, and the fix names the setting that all programs read", (key, value, instead) => {
  const problems = problemsOf(withKeys({ [key]: value }));
  expect(problems.map((problem) => problem.key)).toEqual([key]);
  expect(problems[0].wrong).toContain("the AWS provider");
  expect(problems[0].fix).toContain(`pulumi config rm ${key}`);
  expect(problems[0].fix).toContain(instead);
  expect(JSON.stringify(problems)).not.toContain("hunter2");
});

test("keys of the AWS provider are reported together with the problems of other keys", () => {
  expect(problemKeys({ "aws:profile": "prod", "aws:token": "x", masterCount: 2 }).sort()).toEqual([
    "aws:profile",
    "aws:token",
    "masterCount",
  ]);
});

test('aws:profile "false" is refused, because only a Boolean key is unset with false', () => {
  expect(problemKeys({ "aws:profile": "false" })).toEqual(["aws:profile"]);
});

test("keys of the AWS provider that are empty or do not change its credentials are accepted", () => {
  expect(
    problemKeys({
      "aws:maxRetries": 10,
      "aws:allowedAccountIds": ["123456789012"],
      "aws:profile": "",
      "aws:endpoints": [],
      "aws:useFipsEndpoint": false,
    }),
  ).toEqual([]);
});
