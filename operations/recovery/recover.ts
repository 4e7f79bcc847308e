import { nameOf } from "../urn";
import type { Account } from "./account";
import { identify } from "./identify";
import { withFailedCreations } from "./lost-answer";
import { adoptCreations, halfMade, pendingCreations, type StackState, type StateResource } from "./state";

/** Runs one Pulumi command on the stack, with this standard input, and returns what it printed. */
export type RunPulumi = (args: readonly string[], input?: string) => Promise<string>;

export interface Recovery {
  /** Creations that the interrupted update had begun. */
  readonly begun: number;
  /** URNs of those which may have made something that can't be made twice; the state has taken in what exists. */
  readonly adopted: readonly string[];
  /** URNs of what a failed update left half-made; the state has it as it is in AWS. */
  readonly reread: readonly string[];
}

/**
 * Brings a stack's state back in line with AWS after its update was killed or has failed. What the update had begun to create, and no longer recorded, is
 * found in AWS and taken into the state, so that the next update neither makes it twice nor stumbles over it. What it left half-made is read from AWS, so
 * that the next update sees what is missing. Deletes and changes nothing in AWS, but for what the creation of a security group takes away itself, in a second
 * call: the rule that AWS gives every new group. It would stand in the way of the program's own.
 *
 * @param failed creations that AWS refused because the resource exists already (`lost-answer.ts`); those of the cluster are adopted
 * @throws Error when several things fit a creation; it says which.
 */
export async function recover(runPulumi: RunPulumi, account: Account, failed: readonly StateResource[] = []): Promise<Recovery> {
  const state = withFailedCreations(JSON.parse(await runPulumi(["stack", "export"])) as StackState, failed);
  const creations = pendingCreations(state);
  const unfinished = halfMade(state);
  if (creations.length === 0 && unfinished.length === 0) return { begun: 0, adopted: [], reread: [] };
  const found = await Promise.all(creations.map(async (creation) => [creation.urn, await identify(creation, account)] as const));
  const ids = Object.fromEntries(found.flatMap(([urn, id]) => (id === undefined ? [] : [[urn, id]])));
  await runPulumi(["stack", "import"], JSON.stringify(adoptCreations(state, ids)));
  // Only now, when the import has shown that no other update has the stack.
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
      `the last update was interrupted, and ${urns.map(nameOf).join(", ")} could not be read from AWS, which has to come first: ${reason}`,
    );
  }
}
