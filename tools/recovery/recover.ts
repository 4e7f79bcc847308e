import type { RunPulumi } from "../../lib/pulumi/cli";
import { resourceName } from "../../lib/pulumi/urn";
import type { RecoveryAccount } from "./account";
import { identify } from "./identify";
import { withFailedCreations } from "./lost-answer";
import { adoptCreations, incompleteResources, pendingCreations, type StackState, type StateResource } from "./state";

export interface Recovery {
  /** Number of creations that the interrupted update had begun. */
  readonly begun: number;
  /** URNs of the interrupted creations whose resource can't be created twice. If such a resource exists in AWS, it is in the state now. */
  readonly adopted: readonly string[];
  /** URNs of resources that a failed update left incomplete; the state has them now as they are in AWS. */
  readonly reread: readonly string[];
}

/**
 * Repairs a stack's state after an update was killed or failed. Resources whose creation had begun, but was not recorded, are found in AWS
 * and adopted, so that the next update neither creates them twice nor fails because they exist. Incomplete resources are read from AWS, so
 * that the next update completes them. Changes nothing in AWS with one exception: deletes the default egress rule of a new security group,
 * if the interrupted creation has not done so yet. This rule would conflict with the program's own rule.
 *
 * @param failed creations that AWS refused because the resource exists already (`lost-answer.ts`); the recovery adopts the resources that
 * belong to the cluster
 * @throws Error that names the resources, if several resources match one creation.
 */
export async function recover(runPulumi: RunPulumi, account: RecoveryAccount, failed: readonly StateResource[] = []): Promise<Recovery> {
  const state = withFailedCreations(JSON.parse(await runPulumi(["stack", "export"])) as StackState, failed);
  const creations = pendingCreations(state);
  const unfinished = incompleteResources(state);
  if (creations.length === 0 && unfinished.length === 0) return { begun: 0, adopted: [], reread: [] };
  const found = await Promise.all(creations.map(async (creation) => [creation.urn, await identify(creation, account)] as const));
  const ids = Object.fromEntries(found.flatMap(([urn, id]) => (id === undefined ? [] : [[urn, id]])));
  await runPulumi(["stack", "import"], JSON.stringify(adoptCreations(state, ids)));
  // AWS is changed only after the import: the import fails if another update has locked the stack.
  const groups = [...creations.map(({ urn, type }) => ({ type, id: ids[urn] })), ...unfinished];
  const rules = (state.deployment.resources ?? []).flatMap(({ type, id = "" }) => (type.endsWith(":SecurityGroupEgressRule") ? [id] : []));
  for (const { type, id } of groups)
    if (type === "aws:ec2/securityGroup:SecurityGroup" && id !== undefined) await account.removeDefaultEgress(id, rules);
  const [adopted, reread] = [Object.keys(ids), unfinished.map(({ urn }) => urn)];
  await refresh([...adopted, ...reread], runPulumi);
  return { begun: creations.length, adopted, reread };
}

async function refresh(urns: readonly string[], runPulumi: RunPulumi): Promise<void> {
  if (urns.length === 0) return;
  try {
    await runPulumi(["refresh", "--yes", "--skip-preview", ...urns.flatMap((urn) => ["--target", urn])]);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `the last update was interrupted, and ${urns.map(resourceName).join(", ")} could not be read from AWS: ${reason}. Correct the cause, then run the same command again: nothing else can be done before these resources are read.`,
    );
  }
}
