import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { planBetween } from "../../tools/plan/diff-commits";
import type { Preview } from "../../lib/pulumi/change";
import { hasErrors, resultOf } from "../../tools/plan/preview";
import { pulumi, pulumiOk } from "../pulumi";
import { Sandbox } from "../sandbox";
import type { Side } from "./side";

export interface PlanningOptions {
  /** An empty directory for this plan alone. */
  readonly directory: string;
  readonly stack: string;
  /** Base and head. Their checkout may still be running. */
  readonly sides: Promise<readonly [Side, Side]>;
  readonly say: (text: string) => void;
}

export interface SandboxPlan {
  readonly plan: Preview;
  /** Says that the plan is not a preview of the real stack, and explains the consequences. */
  readonly note: string;
}

/**
 * Compares the resources that two programs declare. Each program is previewed on an empty stack. The previews run in parallel: on two cores they
 * take less than twice the time of one preview. Nothing is created, and no instance is simulated.
 */
export async function comparePrograms({ directory, stack, sides, say }: PlanningOptions): Promise<SandboxPlan> {
  const opening = Sandbox.open(join(directory, "sandbox"), { machines: false, previewsOnly: true });
  opening.catch(() => undefined); // If a commit does not exist, only that error is reported.
  try {
    const [base, head] = await sides;
    const sandbox = await opening;
    say(`previewing ${base.label} and ${head.label}, each on an empty stack ...`);
    const [before, after] = await Promise.all(
      [base, head].map((side, index) => previewOnEmptyStack(sandbox, side, stack, join(directory, `state-${index}`))),
    );
    say("previewed");
    const broken = [before, after].find(hasErrors);
    const { plan, installationOnly } = planBetween(before, after);
    return { plan: broken ?? plan, note: noteOf(base, head, broken === undefined ? installationOnly.length : 0) };
  } finally {
    await opening.then(
      (sandbox) => sandbox.close(),
      () => undefined, // The sandbox was never opened.
    );
  }
}

async function previewOnEmptyStack(sandbox: Sandbox, { directory: cwd, label }: Side, stack: string, state: string): Promise<Preview> {
  mkdirSync(state, { mode: 0o700 });
  const options = { cwd, environment: { PULUMI_BACKEND_URL: `file://${state}?metadata=skip` } };
  await pulumiOk(sandbox, ["stack", "init", stack], options);
  return resultOf(await pulumi(sandbox, ["preview", "--json", "--stack", stack], options), `pulumi preview of ${label}`);
}

function noteOf(base: Side, head: Side, installationOnly: number): string {
  const further =
    installationOnly === 0 ? "" : ` Left out: ${installationOnly} steps of the installation, which matter only to a new cluster.`;
  return `Compared in the sandbox: the resources that ${base.label} and ${head.label} declare, not the resources in AWS; the policy pack is not run.${further}`;
}
