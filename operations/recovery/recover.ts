import type { Account } from "./account";
import { identify } from "./identify";
import { adoptCreations, pendingCreations, type StackState } from "./state";

/** Runs one Pulumi command on the stack, with this standard input, and returns what it printed. */
export type RunPulumi = (args: readonly string[], input?: string) => Promise<string>;

export interface Recovery {
  /** Creations that the interrupted update had begun. */
  readonly begun: number;
  /** URNs of those which may have made something that can't be made twice; the state has taken in what exists. */
  readonly adopted: readonly string[];
}

/**
 * Brings a stack's state back in line with AWS after its update was killed: what the update had begun to create, and no
 * longer recorded, is found in AWS and taken into the state, so that the next update neither makes it twice nor stumbles
 * over it. Deletes and changes nothing in AWS, but for what the creation of a security group takes away itself, in a second call: the rule that AWS gives
 * every new group. It would stand in the way of the program's own.
 *
 * @throws Error when several things fit a creation; it says which.
 */
export async function recover(runPulumi: RunPulumi, account: Account): Promise<Recovery> {
  const state = JSON.parse(await runPulumi(["stack", "export"])) as StackState;
  const creations = pendingCreations(state);
  if (creations.length === 0) return { begun: 0, adopted: [] };
  const found = await Promise.all(creations.map(async (creation) => [creation.urn, await identify(creation, account)] as const));
  const ids = Object.fromEntries(found.flatMap(([urn, id]) => (id === undefined ? [] : [[urn, id]])));
  const adopted = Object.keys(ids);
  await runPulumi(["stack", "import"], JSON.stringify(adoptCreations(state, ids)));
  // Only now, when the import has shown that no other update has the stack.
  const groups = creations.flatMap(({ urn, type }) => (type === "aws:ec2/securityGroup:SecurityGroup" ? (ids[urn] ?? []) : []));
  for (const group of groups) await account.removeDefaultEgress(group);
  if (adopted.length > 0) {
    const refresh = ["refresh", "--yes", "--skip-preview", ...adopted.flatMap((urn) => ["--target", urn])];
    try {
      await runPulumi(refresh);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(
        `the state has taken in ${adopted.join(", ")}, but reading them from AWS failed: ${reason}\nRun "pulumi refresh" before the next update.`,
      );
    }
  }
  return { begun: creations.length, adopted };
}
