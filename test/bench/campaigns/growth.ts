import type { Measurement } from "../measurement";
import type { BenchSandbox } from "../bench-sandbox";

/** Workers of the three previewed stacks. */
const SMALL = 50;
const MEDIUM = 125;
const LARGE = 250;

/** Maximum processor time of a preview per additional worker at 250 workers, as a multiple of the time per worker in a small cluster. Accurate to about 10 %. */
const MAX_RATIO = 1.3;

/** Previews the existing dev stack with three numbers of workers. The program's time per additional worker must not grow. */
export async function measureGrowth(bench: BenchSandbox, runs: number): Promise<readonly Measurement[]> {
  // The minimum of several runs is used, because other work on the machine only makes a run longer.
  const fastest = new Map([SMALL, MEDIUM, LARGE].map((count) => [count, Infinity]));
  for (let run = 0; run < runs; run++) {
    for (const [count, before] of fastest) {
      const { cpuSeconds } = await bench.measure("preview", bench.withWorkers(count));
      fastest.set(count, Math.min(before, cpuSeconds));
    }
  }
  const seconds = (count: number) => fastest.get(count) ?? NaN;
  const perWorker = (from: number, to: number) => (seconds(to) - seconds(from)) / (to - from);
  const note = `processor time of the program; minimum of ${runs}`;
  return [
    ...[SMALL, MEDIUM, LARGE].map((count): Measurement => ({
      name: `preview with ${count} workers`,
      value: seconds(count),
      unit: "s",
      note,
    })),
    {
      name: "a late worker / an early one",
      value: perWorker(MEDIUM, LARGE) / perWorker(SMALL, MEDIUM),
      unit: "×",
      limit: MAX_RATIO,
      note: `${MEDIUM} to ${LARGE} against ${SMALL} to ${MEDIUM}: 1 is linear`,
    },
  ];
}
