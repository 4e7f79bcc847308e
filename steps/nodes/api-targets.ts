import { clientConfiguration } from "../../lib/aws/client";

/** Whether the internal load balancer has a healthy target for the API. */
export async function apiIsServed(region: string, infraId: string): Promise<boolean> {
  // The library is loaded here because it is rarely needed.
  const { DescribeTargetGroupsCommand, DescribeTargetHealthCommand, ElasticLoadBalancingV2Client } =
    await import("@aws-sdk/client-elastic-load-balancing-v2");
  const client = new ElasticLoadBalancingV2Client(clientConfiguration(region));
  try {
    const { TargetGroups = [] } = await client.send(new DescribeTargetGroupsCommand({ Names: [`${infraId}-aint`] }));
    const TargetGroupArn = TargetGroups[0]?.TargetGroupArn;
    const { TargetHealthDescriptions = [] } = await client.send(new DescribeTargetHealthCommand({ TargetGroupArn }));
    return TargetHealthDescriptions.some(({ TargetHealth }) => TargetHealth?.State === "healthy");
  } finally {
    client.destroy();
  }
}
