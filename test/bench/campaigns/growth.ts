import type { Figure } from "../figure";
import type { Stage } from "../stage";

const few = 50;
const more = 125;
const many = 250;

/** Maximum cost of one of the last workers, as a multiple of one of the first. The figure is exact to about a tenth. */
const MAX_RATIO = 1.3;

/** Previews the existing dev stack with more and more workers: the program's time for one more worker must not grow. */
export async function measureGrowth(stage: Stage, runs: number): Promise<readonly Figure[]> {
  // The minimum of several runs is the one that other work on the machine has slowed least.
  const least = new Map([few, more, many].map((count) => [count, Infinity]));
  for (let run = 0; run < runs; run++) {
    for (const [count, before] of least) {
      const { cpuSeconds } = await stage.measure("preview", stage.withWorkers(count));
      least.set(count, Math.min(before, cpuSeconds));
    }
  }
  const seconds = (count: number) => least.get(count) ?? NaN;
  const perWorker = (from: number, to: number) => (seconds(to) - seconds(from)) / (to - from);
  const note = `processor time of the program; minimum of ${runs}`;
  return [
    ...[few, more, many].map((count): Figure => ({ name: `preview with ${count} workers`, value: seconds(count), unit: "s", note })),
    {
      name: "a late worker / an early one",
      value: perWorker(more, many) / perWorker(few, more),
      unit: "×",
      limit: MAX_RATIO,
      note: `${more} to ${many} against ${few} to ${more}: 1 is linear`,
    },
  ];
}
