import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { planBetween } from "../../operations/plan/between";
import type { Preview } from "../../operations/plan/change";
import { failed, resultOf } from "../../operations/plan/preview";
import { pulumi, pulumiOk } from "../pulumi";
import { Sandbox } from "../sandbox";
import type { Side } from "./side";

export interface PlanningOptions {
  /** An empty directory of its own. */
  readonly directory: string;
  readonly stack: string;
  /** Base and head, while they are still being checked out. */
  readonly sides: Promise<readonly [Side, Side]>;
  readonly say: (text: string) => void;
}

export interface SandboxPlan {
  readonly plan: Preview;
  /** Says that it is no preview of the real stack, and what that means. */
  readonly note: string;
}

/**
 * Compares what two programs want: each is previewed on a stack that has nothing, both at the same time, which two cores do in less than twice one's time.
 * Nothing is brought up, and no machine is simulated.
 */
export async function comparePrograms({ directory, stack, sides, say }: PlanningOptions): Promise<SandboxPlan> {
  const opening = Sandbox.open(join(directory, "sandbox"), { machines: false, previewsOnly: true });
  opening.catch(() => undefined); // when there is no such commit, that is what is said
  try {
    const [base, head] = await sides;
    const sandbox = await opening;
    say(`previewing ${base.label} and ${head.label} on an empty stack each ...`);
    const [before, after] = await Promise.all(
      [base, head].map((side, index) => previewOfNothing(sandbox, side, stack, join(directory, `state-${index}`))),
    );
    say("previewed");
    const broken = [before, after].find(failed);
    const { plan, installationOnly } = planBetween(before, after);
    return { plan: broken ?? plan, note: noteOf(base, head, broken === undefined ? installationOnly.length : 0) };
  } finally {
    await opening.then(
      (sandbox) => sandbox.close(),
      () => undefined, // never opened
    );
  }
}

async function previewOfNothing(sandbox: Sandbox, { directory: cwd, label }: Side, stack: string, state: string): Promise<Preview> {
  mkdirSync(state, { mode: 0o700 });
  const options = { cwd, environment: { PULUMI_BACKEND_URL: `file://${state}?metadata=skip` } };
  await pulumiOk(sandbox, ["stack", "init", stack], options);
  return resultOf(await pulumi(sandbox, ["preview", "--json", "--stack", stack], options), `pulumi preview of ${label}`);
}

function noteOf(base: Side, head: Side, installationOnly: number): string {
  const further =
    installationOnly === 0 ? "" : ` Left out: ${installationOnly} steps of the installation, which only a new cluster would notice.`;
  return `Compared in the sandbox: what the programs of ${base.label} and ${head.label} declare, not what stands in AWS; the policy pack isn't asked.${further}`;
}
