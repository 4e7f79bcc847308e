import type { OutputMap } from "@pulumi/pulumi/automation";
import { describePlan } from "./describe-plan";
import { duration } from "./display";
import { plannedChanges } from "./progress";
import { Run, type RunOptions } from "./run";

export interface BringUpOptions extends RunOptions {
  /** Shows what would be done, and does nothing. */
  readonly previewOnly?: boolean;
  /** Asked after the preview, where there is something to do; without it nobody is. */
  readonly confirm?: () => Promise<boolean>;
}

/** How often an `up` is repeated at most: the bootstrap machine retires within one, and the next drops its declarations. */
const mostRuns = 3;

/**
 * Brings a stack up, until nothing is left to do; goes on from where a killed or failed run was.
 *
 * @returns the stack's outputs; undefined when nothing was done, since it was not wanted.
 * @throws Cancelled; Error in readable words, each failed resource once.
 */
export async function bringUp(options: BringUpOptions): Promise<OutputMap | undefined> {
  const run = await Run.open(options, true);
  return run.afterRecovery(async () => {
    // An update that failed and can be repeated is not counted.
    for (let runs = 0, most = mostRuns; ; runs++) {
      run.say("preview");
      const events = await run.preview();
      const planned = plannedChanges(events);
      const total = [...planned.values()].reduce((sum, count) => sum + count, 0);
      if (total === 0) {
        if (options.previewOnly !== true) await run.removeDuplicates();
        run.say(`nothing ${runs === 0 ? "" : "more "}to do after ${duration(run.elapsedMs)}`);
        return run.stack.outputs();
      }
      for (const line of describePlan(events)) run.say(line);
      if (options.previewOnly === true) return undefined;
      if (runs === most) throw new Error(`after ${most} runs there is still something to do; the preview above says what`);
      if (runs === 0 && options.confirm !== undefined && !(await options.confirm())) return undefined;
      // Again with the pack, which now sees what the preview couldn't know.
      const repeat = await run.underPolicy((pack) =>
        run.operate(planned, (engine) => run.stack.up({ ...engine, ...pack, suppressProgress: true, suppressOutputs: true })),
      );
      if (repeat) most += 1;
    }
  });
}
