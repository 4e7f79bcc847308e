import { ElasticLoadBalancingClient } from "@aws-sdk/client-elastic-load-balancing";
import { EC2Client } from "@aws-sdk/client-ec2";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { IAMClient } from "@aws-sdk/client-iam";
import { Route53Client } from "@aws-sdk/client-route-53";
import { S3Client } from "@aws-sdk/client-s3";
import { sandboxClientConfiguration } from "../../aws/client";

export interface Clients {
  readonly ec2: EC2Client;
  readonly balancing: ElasticLoadBalancingV2Client;
  readonly classicBalancing: ElasticLoadBalancingClient;
  readonly iam: IAMClient;
  readonly route53: Route53Client;
  readonly s3: S3Client;
}

const made = new Map<string, Clients>();

/** A region's clients. They are created once, because AWS is read again and again over the same connections. */
export function clientsOf(region: string): Clients {
  const existing = made.get(region);
  if (existing !== undefined) return existing;
  const configuration = sandboxClientConfiguration(region);
  const clients = {
    ec2: new EC2Client(configuration),
    balancing: new ElasticLoadBalancingV2Client(configuration),
    classicBalancing: new ElasticLoadBalancingClient(configuration),
    iam: new IAMClient(configuration),
    route53: new Route53Client(configuration),
    s3: new S3Client(configuration),
  };
  made.set(region, clients);
  return clients;
}
