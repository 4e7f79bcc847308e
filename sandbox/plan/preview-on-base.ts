import { join } from "node:path";
import type { Preview } from "../../operations/plan/change";
import { policyArguments } from "../../operations/plan/preview";
import { previewWithRefusals } from "../../operations/plan/refusals";
import { configurationValues } from "../../operations/stack-configuration";
import { withPack } from "../../operations/policy/pack";
import { pulumi, pulumiOk } from "../pulumi";
import { Sandbox } from "../sandbox";
import type { PlanningOptions, SandboxPlan } from "./compare-programs";
import type { Side } from "./side";

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
    const plan = await previewUnderPolicy(sandbox, head, stack);
    say("previewed");
    return {
      plan,
      note: `Previewed in the sandbox: ${head.label} on ${base.label}, which was brought up there; the real stack isn't known.`,
    };
  } finally {
    await sandbox.close();
  }
}

/** With the head's own pack: what it would refuse is an error of the plan. */
async function previewUnderPolicy(sandbox: Sandbox, { directory: cwd, label }: Side, stack: string): Promise<Preview> {
  const { stdout } = await pulumiOk(sandbox, ["config", "--json", "--show-secrets", "--stack", stack], { cwd });
  return withPack(cwd, configurationValues(stdout), async (pack) => {
    const args = ["preview", "--json", "--show-sames", "--stack", stack, ...policyArguments(pack)];
    return previewWithRefusals(
      (more, environment) => pulumi(sandbox, [...args, ...more], { cwd, environment }),
      `pulumi preview of ${label}`,
    );
  });
}

async function bringUp(sandbox: Sandbox, cwd: string, stack: string): Promise<void> {
  for (let run = 0; run < mostRuns; run++) {
    await pulumiOk(sandbox, ["up", "--stack", stack, "--yes", "--skip-preview", "--suppress-progress"], { cwd });
    const { stdout } = await pulumiOk(sandbox, ["stack", "output", "--json", "--stack", stack], { cwd });
    if ((JSON.parse(stdout) as { readonly bootstrapAddress?: string }).bootstrapAddress === undefined) return;
  }
  throw new Error(`the base still declares its bootstrap machine after ${mostRuns} updates`);
}
