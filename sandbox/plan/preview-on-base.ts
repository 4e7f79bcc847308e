import { join } from "node:path";
import { readPreview } from "../../operations/plan/preview";
import { pulumi, pulumiOk } from "../pulumi";
import { Sandbox } from "../sandbox";
import type { PlanningOptions, SandboxPlan } from "./compare-programs";

/** Runs of `up` at most: a second one drops the declarations of the bootstrap machine, which retires within the first. */
const mostRuns = 3;

/** Brings the base up in a sandbox of its own, machines and all, and previews the head on it: the engine's own plan. */
export async function previewOnBase({ directory, stack, sides, say }: PlanningOptions): Promise<SandboxPlan> {
  const [base, head] = await sides;
  const sandbox = await Sandbox.open(join(directory, "sandbox"));
  try {
    say(`bringing ${base.label} up in the sandbox ...`);
    await pulumiOk(sandbox, ["stack", "init", stack], { cwd: base.directory });
    await bringUp(sandbox, base.directory, stack);
    say(`previewing ${head.label} on it ...`);
    const { stdout, stderr, code } = await pulumi(sandbox, ["preview", "--json", "--show-sames", "--stack", stack], {
      cwd: head.directory,
    });
    const plan = readPreview(stdout, `pulumi preview of ${head.label} (exit code ${code}): ${stderr.trim()}`);
    say("previewed");
    return {
      plan,
      note: `Previewed in the sandbox: ${head.label} on ${base.label}, which was brought up there; the real stack isn't known.`,
    };
  } finally {
    await sandbox.close();
  }
}

async function bringUp(sandbox: Sandbox, cwd: string, stack: string): Promise<void> {
  for (let run = 0; run < mostRuns; run++) {
    await pulumiOk(sandbox, ["up", "--stack", stack, "--yes", "--skip-preview", "--suppress-progress"], { cwd });
    const { stdout } = await pulumiOk(sandbox, ["stack", "output", "--json", "--stack", stack], { cwd });
    if ((JSON.parse(stdout) as { readonly bootstrapAddress?: string }).bootstrapAddress === undefined) return;
  }
  throw new Error(`the base still declares its bootstrap machine after ${mostRuns} updates`);
}
