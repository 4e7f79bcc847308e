import { type KeyProblem, removeCommand } from "./problem";

/**
 * Keys of the AWS provider that select credentials, account or endpoint, each with the setting that every AWS SDK reads instead
 * (pulumi-aws, `aws` package configuration).
 */
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

/** Keys of the AWS provider for the connection to AWS, each with the setting that every AWS SDK reads instead. */
const NETWORK: Readonly<Record<string, string>> = {
  httpProxy: "set HTTP_PROXY in the environment instead",
  httpsProxy: "set HTTPS_PROXY in the environment instead",
  noProxy: "set NO_PROXY in the environment instead",
  customCaBundle: "set AWS_CA_BUNDLE in the environment instead",
  ec2MetadataServiceEndpoint: "set AWS_EC2_METADATA_SERVICE_ENDPOINT in the environment instead",
  ec2MetadataServiceEndpointMode: "set AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE in the environment instead",
  insecure: "set AWS_CA_BUNDLE in the environment to the CA of the proxy",
  stsRegion: "the program uses the STS endpoint of the cluster's region",
  s3UsePathStyle: "the program uses virtual-hosted bucket addresses",
  s3UsEast1RegionalEndpoint: "the program uses the regional S3 endpoint",
  useFipsEndpoint: "set AWS_USE_FIPS_ENDPOINT in the environment instead",
  useDualstackEndpoint: "set AWS_USE_DUALSTACK_ENDPOINT in the environment instead",
};

const FLAGS = ["insecure", "s3UsePathStyle", "useFipsEndpoint", "useDualstackEndpoint"];

/**
 * Problems of provider keys that the program's AWS clients, its commands and openshift-install do not read. With such a key the provider
 * could create the cluster in one account while the AWS clients and openshift-install use a different account.
 * @param raw all configuration values by `namespace:key`
 */
export function providerCredentials(raw: Readonly<Record<string, unknown>>): KeyProblem[] {
  return [
    ...refusedKeyProblems(
      raw,
      ELSEWHERE,
      "sets credentials or endpoints only for the AWS provider: the program's own AWS clients and openshift-install do not read it, and could use another account",
      "credentials and endpoints in the environment, which the provider, the AWS clients and openshift-install read",
    ),
    ...refusedKeyProblems(
      raw,
      NETWORK,
      "sets the connection to AWS only for the AWS provider: the program's own AWS clients and openshift-install do not read it, and could fail where the provider works",
      "connection settings in the environment, which the provider, the AWS clients and openshift-install read",
    ),
  ];
}

function refusedKeyProblems(
  raw: Readonly<Record<string, unknown>>,
  instead: Readonly<Record<string, string>>,
  wrong: string,
  allowed: string,
): KeyProblem[] {
  return Object.entries(instead).flatMap(([name, fix]) => {
    const key = `aws:${name}`;
    const value = raw[key];
    const isUnset = value === undefined || value === "" || value === "[]" || value === "{}";
    if (isUnset || (FLAGS.includes(name) && value === "false")) return [];
    return [{ key, wrong, allowed, fix: `${removeCommand(key)}, and ${fix}` }];
  });
}
