import { clientConfiguration } from "../aws-client";

/** Whether the internal load balancer passes requests for the API to any machine. */
export async function apiIsServed(region: string, infraId: string): Promise<boolean> {
  // Loaded where it is wanted, which is next to never.
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
