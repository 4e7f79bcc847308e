import type { Figure } from "../figure";
import type { Stage } from "../stage";

const few = 50;
const more = 125;
const many = 250;

/** How much more than one of the first workers one of the last may take; measured to about a tenth. */
const limit = 1.3;

/** Previews the dev stack, which stands, with ever more workers: what one more takes of the program's time must not grow. */
export async function measureGrowth(stage: Stage, runs: number): Promise<readonly Figure[]> {
  // The least of several runs is the one that other work on the machine has disturbed least.
  const least = new Map([few, more, many].map((count) => [count, Infinity]));
  for (let run = 0; run < runs; run++) {
    for (const [count, before] of least) {
      const { cpuSeconds } = await stage.measure("preview", stage.withWorkers(count));
      least.set(count, Math.min(before, cpuSeconds));
    }
  }
  const seconds = (count: number) => least.get(count) ?? NaN;
  const perWorker = (from: number, to: number) => (seconds(to) - seconds(from)) / (to - from);
  const note = `processor time of the program; the least of ${runs}`;
  return [
    ...[few, more, many].map((count): Figure => ({ name: `preview with ${count} workers`, value: seconds(count), unit: "s", note })),
    {
      name: "a late worker / an early one",
      value: perWorker(more, many) / perWorker(few, more),
      unit: "×",
      limit,
      note: `${more} to ${many} against ${few} to ${more}: 1 is linear`,
    },
  ];
}
