import { join } from "node:path";
import { projectDirectory } from "@okd-aws/sandbox";
import { describeWithTools } from "../engine/requirements";
import { Report } from "./bad-day/report";
import { type Campaign, undisturbed, withPassingFaults, withPermanentFaults } from "./bad-day/runner";
import { type Phase, randomFaults, transientFaults } from "./bad-day/units";

/** Minutes for all runs together. Random combinations of faults use the time that remains after the other runs. */
const minutes = Number(process.env.BAD_DAY_MINUTES ?? 120);
/**
 * The form of BAD_DAY. It restricts the test to the run of this name, and optionally to one phase: `throttling`, `permanent faults in update`,
 * `random 42 in destroy`. A failed run prints its name. Permanent faults may be restricted to some API actions of the phase, counted from 1,
 * because all of them take hours: `permanent faults in up 61-122`.
 */
const form = /^(?<run>.+?)(?: in (?<phase>up|update|destroy)(?: (?<first>\d+)-(?<last>\d+))?)?$/;
const {
  run: only,
  phase,
  first = "1",
  last = "Infinity",
} = (form.exec(process.env.BAD_DAY ?? "")?.groups ?? {}) as {
  readonly run?: string;
  readonly phase?: Phase;
  readonly first?: string;
  readonly last?: string;
};
const HOUR_MS = 3_600_000;

/** Creates, updates and destroys the dev stack while AWS has faults. docs/reliability.md has the figures. */
describeWithTools("an installation on a bad day of AWS", () => {
  const deadline = Date.now() + minutes * 60_000;
  const report = new Report(join(projectDirectory, ".sandbox", "results"));
  let campaign: Campaign;
  const wanted = (run: string): boolean => only === undefined || only === run;

  beforeAll(async () => {
    campaign = { reference: await undisturbed(report), report, only: phase, units: [Number(first), Number(last)] };
  });

  afterAll(() => {
    console.log(report.markdown());
  });

  for (const run of Object.keys(transientFaults).filter(wanted)) {
    test(
      `${run}: each phase succeeds, or names the fix, when the first call of every API action meets the fault`,
      async () => {
        await withPassingFaults(run, () => transientFaults[run], campaign);
      },
      HOUR_MS,
    );
  }

  const permanent = wanted("permanent faults") ? test : test.skip;
  permanent(
    "permanent faults: at each API action the command fails until the fault is removed, and then continues",
    async () => {
      await withPermanentFaults(campaign);
    },
    3 * HOUR_MS,
  );

  const random = only === undefined || only.startsWith("random ") ? test : test.skip;
  random(
    "random combinations of faults: each phase succeeds or names the fix",
    async () => {
      const failures: string[] = [];
      const [asked] = /\d+$/.exec(only ?? "") ?? [];
      const seeds = (): number => (asked === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(asked));
      do {
        const seed = seeds();
        console.log(`random ${seed}`);
        const faultsOf = (phase: Phase) => randomFaults(seed, campaign.reference.actions.get(phase) ?? []);
        await withPassingFaults(`random ${seed}`, faultsOf, campaign).catch((error: unknown) => failures.push(String(error)));
      } while (asked === undefined && Date.now() + 1.5 * campaign.reference.seconds * 1000 < deadline);
      expect(failures).toEqual([]);
    },
    3 * HOUR_MS,
  );
});
