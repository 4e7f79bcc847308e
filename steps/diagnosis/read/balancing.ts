import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { type ApiService, apiServices } from "../../../lib/openshift/api-services";
import type { Attempts } from "../attempts";
import type { BalancerEvidence, BalancingEvidence, Targets } from "../evidence";
import type { DiagnosisTarget } from "../target";
import { type DiagnosisClients, unlessMissing } from "./clients";

/** Reads the API's load balancers and target groups, by their names, which begin with the infraID. */
export async function readBalancing(
  { infraId, publish }: DiagnosisTarget,
  { balancing: client }: DiagnosisClients,
  attempts: Attempts,
): Promise<BalancingEvidence> {
  const balancer = async (key: ApiService["balancer"]): Promise<BalancerEvidence | null | undefined> => {
    if (key === "ext" && publish === "Internal") return null;
    const name = `${infraId}-${key}`;
    const found = await attempts.ask(
      "load balancer",
      `load balancer ${name}`,
      "elasticloadbalancing:DescribeLoadBalancers",
      async (abortSignal) => {
        const answer = await unlessMissing(client.send(new DescribeLoadBalancersCommand({ Names: [name] }), { abortSignal }));
        return answer?.LoadBalancers?.[0] ?? null;
      },
    );
    if (!found) return found;
    const listeners = await attempts.ask(
      "load balancer",
      `the listeners of ${name}`,
      "elasticloadbalancing:DescribeListeners",
      async (abortSignal) =>
        (await client.send(new DescribeListenersCommand({ LoadBalancerArn: found.LoadBalancerArn }), { abortSignal })).Listeners ?? [],
    );
    return { balancer: found, ...(listeners && { listeners }) };
  };
  const targets = async (key: ApiService["key"]): Promise<Targets | null | undefined> => {
    const name = `${infraId}-${key}`;
    const group = await attempts.ask(
      "load balancer",
      `target group ${name}`,
      "elasticloadbalancing:DescribeTargetGroups",
      async (abortSignal) => {
        const answer = await unlessMissing(client.send(new DescribeTargetGroupsCommand({ Names: [name] }), { abortSignal }));
        return answer?.TargetGroups?.[0] ?? null;
      },
    );
    if (!group) return group;
    const health = await attempts.ask(
      "load balancer",
      `the health of ${name}'s targets`,
      "elasticloadbalancing:DescribeTargetHealth",
      async (abortSignal) => {
        const question = new DescribeTargetHealthCommand({ TargetGroupArn: group.TargetGroupArn });
        return (await client.send(question, { abortSignal })).TargetHealthDescriptions ?? [];
      },
    );
    return { group, ...(health && { health }) };
  };
  const [int, ext, found] = await Promise.all([
    balancer("int"),
    balancer("ext"),
    Promise.all(apiServices.map(async ({ key }) => [key, await targets(key)] as const)),
  ]);
  return { balancers: { int, ext }, targets: Object.fromEntries(found) as BalancingEvidence["targets"] };
}
