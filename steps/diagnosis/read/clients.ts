import { EC2Client } from "@aws-sdk/client-ec2";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { IAMClient } from "@aws-sdk/client-iam";
import { Route53Client } from "@aws-sdk/client-route-53";
import { S3Client } from "@aws-sdk/client-s3";
import { STSClient } from "@aws-sdk/client-sts";
import { clientConfiguration } from "../../../lib/aws/client";

/** AWS clients with the environment's credentials, proxy and trust bundle. */
export class DiagnosisClients {
  readonly ec2: EC2Client;
  readonly balancing: ElasticLoadBalancingV2Client;
  readonly dns: Route53Client;
  readonly iam: IAMClient;
  readonly storage: S3Client;
  readonly identity: STSClient;

  constructor(readonly region: string) {
    const configuration = clientConfiguration(region);
    this.ec2 = new EC2Client(configuration);
    this.balancing = new ElasticLoadBalancingV2Client(configuration);
    this.dns = new Route53Client(configuration);
    this.iam = new IAMClient(configuration);
    this.storage = new S3Client(configuration);
    this.identity = new STSClient(configuration);
  }

  /** Closes the connections: open connections would keep the program running. */
  destroy(): void {
    for (const client of [this.ec2, this.balancing, this.dns, this.iam, this.storage, this.identity]) client.destroy();
  }
}

/** The answer; null if AWS reports that the resource does not exist. */
export async function unlessMissing<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Error && /NotFound|NoSuch/.test(error.name)) return null;
    throw error;
  }
}
