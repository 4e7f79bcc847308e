import { EC2Client } from "@aws-sdk/client-ec2";
import { EFSClient } from "@aws-sdk/client-efs";
import { ElasticLoadBalancingClient } from "@aws-sdk/client-elastic-load-balancing";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { IAMClient } from "@aws-sdk/client-iam";
import { ResourceGroupsTaggingAPIClient } from "@aws-sdk/client-resource-groups-tagging-api";
import { Route53Client } from "@aws-sdk/client-route-53";
import { S3Client } from "@aws-sdk/client-s3";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { clientConfiguration } from "../../lib/aws/client";

/** Clients of the services in which a cluster creates resources, all in its region. */
export interface CleanupClients {
  readonly ec2: EC2Client;
  readonly classic: ElasticLoadBalancingClient;
  readonly balancing: ElasticLoadBalancingV2Client;
  readonly efs: EFSClient;
  readonly iam: IAMClient;
  readonly tagging: ResourceGroupsTaggingAPIClient;
  readonly s3: S3Client;
  /** Route 53 with the environment's credentials, or with a role of the account that owns a zone. */
  dns(roleArn: string | undefined): Promise<Route53Client>;
}

/** Clients with the environment's credentials. */
export function cleanupClients(region: string): CleanupClients {
  const configuration = clientConfiguration(region);
  const dns = new Map<string | undefined, Promise<Route53Client>>([[undefined, Promise.resolve(new Route53Client(configuration))]]);
  const assume = async (roleArn: string): Promise<Route53Client> => {
    const { Credentials } = await new STSClient(configuration).send(
      new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: "okd-aws-cleanup" }),
    );
    if (Credentials?.AccessKeyId === undefined || Credentials.SecretAccessKey === undefined) {
      throw new Error(`STS returned no credentials for the role ${roleArn}`);
    }
    const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken } = Credentials;
    return new Route53Client({ ...configuration, credentials: { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) } });
  };
  return {
    ec2: new EC2Client(configuration),
    classic: new ElasticLoadBalancingClient(configuration),
    balancing: new ElasticLoadBalancingV2Client(configuration),
    efs: new EFSClient(configuration),
    iam: new IAMClient(configuration),
    tagging: new ResourceGroupsTaggingAPIClient(configuration),
    s3: new S3Client({ ...configuration, followRegionRedirects: true }),
    dns(roleArn) {
      const known = dns.get(roleArn);
      if (known !== undefined || roleArn === undefined) return known as Promise<Route53Client>;
      const made = assume(roleArn);
      dns.set(roleArn, made);
      return made;
    },
  };
}
