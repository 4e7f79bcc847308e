import type { OutputMap } from "@pulumi/pulumi/automation";
import { describePlan } from "./describe-plan";
import { durationText } from "./display";
import { plannedChangesByPhase } from "./progress";
import { DriverRun, type DriverOptions } from "./run";

export interface BringUpOptions extends DriverOptions {
  /** Shows the preview and changes nothing. */
  readonly previewOnly?: boolean;
  /** Asks the user whether to go on, after the first preview that has changes. Undefined if the user is not asked. */
  readonly confirm?: () => Promise<boolean>;
}

/** Maximum number of updates of one `up`: the first one ends with the bootstrap destroy, and the next removes the bootstrap instance's resources from the state. */
const maxRuns = 3;

/**
 * Brings a stack up until nothing is left to do. Continues a run that failed or was killed.
 *
 * @returns the stack's outputs; undefined if the user declined or wanted only a preview.
 * @throws Cancelled; Error whose message names each failed resource once.
 */
export async function bringUp(options: BringUpOptions): Promise<OutputMap | undefined> {
  const run = await DriverRun.open(options, true);
  return run.afterRecovery(async () => {
    // An update that failed and can be repeated does not count towards the limit.
    for (let runs = 0, limit = maxRuns; ; runs++) {
      run.say("preview");
      const events = await run.preview();
      const planned = plannedChangesByPhase(events);
      const total = [...planned.values()].reduce((sum, count) => sum + count, 0);
      if (total === 0) {
        if (options.previewOnly !== true) await run.removeDuplicates();
        run.say(`nothing ${runs === 0 ? "" : "more "}to do after ${durationText(run.elapsedMs)}`);
        return run.stack.outputs();
      }
      for (const line of describePlan(events)) run.say(line);
      if (options.previewOnly === true) return undefined;
      if (runs === limit) throw new Error(`after ${limit} updates there are still changes to make: see the preview above`);
      if (runs === 0 && options.confirm !== undefined && !(await options.confirm())) return undefined;
      // The policy pack runs again in the update, because the update knows values that the preview did not know.
      const repeat = await run.underPolicy((pack) =>
        run.operate(planned, (engine) => run.stack.up({ ...engine, ...pack, suppressProgress: true, suppressOutputs: true })),
      );
      if (repeat) limit += 1;
    }
  });
}
