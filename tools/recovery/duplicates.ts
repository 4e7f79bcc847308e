import { messageOf } from "../../lib/aws/errors";
import type { RecoveryAccount, Inputs, TaggedResource, DeletableIfUnused } from "./account";
import { infraIdOf, type StackState } from "./state";

/**
 * EC2's types whose creation has neither a client token nor a unique name. When AWS creates such a resource and the answer is lost, the
 * provider's SDK sends the request again, and AWS creates a second resource (EC2 developer guide, "Ensuring idempotency in Amazon EC2 API
 * requests"). Subnets are not in the list, because AWS refuses a second subnet with the same CIDR block (`lost-answer.ts`). The other types
 * of this project have client tokens, which the SDK sets, or the provider for a VPC endpoint (hashicorp/terraform-provider-aws,
 * `internal/service/ec2/vpc_endpoint.go`, main).
 */
const duplicable: ReadonlyMap<string, DeletableIfUnused> = new Map([
  ["aws:ec2/vpc:Vpc", "vpc"],
  ["aws:ec2/eip:Eip", "elastic-ip"],
  ["aws:ec2/internetGateway:InternetGateway", "internet-gateway"],
]);

/**
 * The resources in AWS that are not in the state, but have the same name as a resource in the state. Only names that contain the cluster's
 * random identity are considered.
 */
async function findDuplicates(state: StackState, account: RecoveryAccount): Promise<TaggedResource[]> {
  const infraId = infraIdOf(state);
  if (infraId === undefined) return [];
  const candidates = (state.deployment.resources ?? []).filter(({ type }) => duplicable.has(type));
  const names = candidates
    .flatMap(({ inputs }) => (inputs?.tags as Inputs | undefined)?.Name ?? [])
    .filter((name) => name.includes(infraId));
  if (names.length === 0) return [];
  const found = await account.findNamed([...duplicable.values()], [...new Set(names)]);
  const recorded = new Set(candidates.map(({ id }) => id));
  return found.filter(({ id }) => !recorded.has(id));
}

/**
 * Deletes the resources that AWS created twice because an answer was lost. AWS refuses to delete a resource in use. Such a resource is left to the user:
 * the state may be older than the account.
 *
 * @returns one line for each duplicate that there was
 */
export async function removeDuplicates(state: StackState, account: RecoveryAccount): Promise<string[]> {
  const lines: string[] = [];
  for (const duplicate of await findDuplicates(state, account)) {
    const { type, id, name } = duplicate;
    try {
      if (await account.remove(duplicate))
        lines.push(`AWS had created ${name} twice because an answer was lost: the second one (${id}) is deleted`);
    } catch (error) {
      lines.push(
        `AWS has another ${type} named ${name}: ${id} is not in the stack's state and was not deleted (${messageOf(error)}). Delete it if nothing uses it.`,
      );
    }
  }
  return lines;
}
