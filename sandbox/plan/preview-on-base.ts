import { join } from "node:path";
import type { Preview } from "../../lib/pulumi/change";
import { policyArguments } from "../../tools/plan/preview";
import { previewWithRefusals } from "../../tools/plan/refusals";
import { configurationValues } from "../../tools/stack-configuration";
import { withPack } from "../../tools/policy/pack";
import { pulumi, pulumiOk } from "../pulumi";
import { Sandbox } from "../sandbox";
import type { PlanningOptions, SandboxPlan } from "./compare-programs";
import type { Side } from "./side";

/** Maximum number of updates. The first update destroys the bootstrap instance; the second update removes the instance's resources from the state. */
const maxUpdates = 3;

/** Brings the base up in a new sandbox, with simulated instances, and lets the Pulumi engine preview the head on it. */
export async function previewOnBase({ directory, stack, sides, say }: PlanningOptions): Promise<SandboxPlan> {
  const [base, head] = await sides;
  const sandbox = await Sandbox.open(join(directory, "sandbox"));
  try {
    say(`bringing ${base.label} up in the sandbox ...`);
    await pulumiOk(sandbox, ["stack", "init", stack], { cwd: base.directory });
    await bringUp(sandbox, base.directory, stack);
    say(`previewing ${head.label} on ${base.label} ...`);
    const plan = await previewUnderPolicy(sandbox, head, stack);
    say("previewed");
    return {
      plan,
      note: `Previewed in the sandbox: ${head.label} on ${base.label}, which was brought up there; the real stack was not read.`,
    };
  } finally {
    await sandbox.close();
  }
}

/** Uses the head's own policy pack: a resource that the pack would refuse becomes an error of the plan. */
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
  for (let run = 0; run < maxUpdates; run++) {
    await pulumiOk(sandbox, ["up", "--stack", stack, "--yes", "--skip-preview", "--suppress-progress"], { cwd });
    const { stdout } = await pulumiOk(sandbox, ["stack", "output", "--json", "--stack", stack], { cwd });
    if ((JSON.parse(stdout) as { readonly bootstrapAddress?: string }).bootstrapAddress === undefined) return;
  }
  throw new Error(`the base still declares its bootstrap instance after ${maxUpdates} updates`);
}
