import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Resource } from "../../../../lib/pulumi/resource";
import type { Preview } from "../../../../lib/pulumi/change";
import { configurationChanges } from "../../../../tools/plan/configuration-changes";
import { costOf } from "../../../../tools/plan/cost";
import type { TextFormat } from "../../../../tools/cost/show";
import { showSummary } from "../../../../tools/plan/show";
import { summarizePlan } from "../../../../tools/plan/summary";
import { prices } from "../cost/fixture";

const directory = join(__dirname, "..", "..", "..", "fixtures", "plans");

/** A change as it was recorded (`test/campaign/plans.test.ts`): the preview, and the stack file's keys before and after. */
export interface Fixture {
  readonly preview: Preview;
  readonly keys: { readonly before: Readonly<Record<string, unknown>>; readonly after: Readonly<Record<string, unknown>> };
}

export const fixtureFile = (name: string): string => join(directory, `${name}.json`);
export const goldenFile = (name: string): string => join(directory, `${name}.md`);

export function readFixture(name: string): Fixture {
  return JSON.parse(readFileSync(fixtureFile(name), "utf8")) as Fixture;
}

/** The resources that cost something, of the stack on which the changes were previewed. */
export function standing(): Resource[] {
  return JSON.parse(readFileSync(fixtureFile("standing"), "utf8")) as Resource[];
}

/** The summary as a pull request shows it; prices are the tests' own, so that a refreshed table changes no golden text. */
export function summaryOf({ preview, keys }: Fixture, state: readonly Resource[], form: TextFormat = "markdown"): string {
  const configuration = configurationChanges(keys.before, keys.after);
  return showSummary(summarizePlan(preview, { configuration, cost: costOf(preview, { form, state, prices }) }), form);
}
