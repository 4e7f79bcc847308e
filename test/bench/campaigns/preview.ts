import { type Figure, median } from "../figure";
import { devStack, floor, type Run, type Stage, type Subject, wholeStack } from "../stage";

/** Maximum time of a preview without changes, as a multiple of the floor. */
const MAX_RATIO = 2.0;

/** The same for the installed cluster with its configuration. */
const MAX_WHOLE_RATIO = 2.6;

/** Maximum peak memory of the program's Node process, in MB. */
const MAX_PEAK = 300;

const unchanged = ["--expect-no-changes"];

/** Previews the existing dev stack without changes, alternating with the floor. */
export async function measurePreview(stage: Stage, runs: number): Promise<readonly Figure[]> {
  const { floors, previews } = await alternate(stage, devStack, runs);
  const [floorSeconds, seconds] = [medianSeconds(floors), medianSeconds(previews)];
  const cpu = (of: readonly Run[]): number => median(of.map(({ cpuSeconds }) => cpuSeconds));
  const resources = Number(/(\d+) unchanged/.exec(previews[0].stdout)?.[1]);
  const note = `median of ${runs}, alternating`;
  return [
    { name: "resources", value: resources, unit: "", note: "of the dev stack" },
    { name: "floor", value: floorSeconds, unit: "s", note: `a program that only calls \`aws.getRegion()\`; ${note}` },
    { name: "preview without changes", value: seconds, unit: "s", note },
    { name: "preview / floor", value: seconds / floorSeconds, unit: "×", limit: MAX_RATIO },
    { name: "program in the floor", value: cpu(floors), unit: "s", note: "processor time of its Node process" },
    { name: "program in the preview", value: cpu(previews), unit: "s", note: "processor time of its Node process" },
    { name: "program's peak memory", value: peakOf(previews), unit: "MB", limit: MAX_PEAK, note: "maximum of all runs" },
  ];
}

/** The same for the installed cluster with its configuration. */
export async function measureWholePreview(stage: Stage, runs: number): Promise<readonly Figure[]> {
  const { floors, previews } = await alternate(stage, wholeStack, runs);
  const [floorSeconds, seconds] = [medianSeconds(floors), medianSeconds(previews)];
  const note = `median of ${runs}, alternating with the floor; the installed cluster with its configuration`;
  return [
    { name: "preview of the whole stack", value: seconds, unit: "s", note },
    { name: "preview of the whole stack / floor", value: seconds / floorSeconds, unit: "×", limit: MAX_WHOLE_RATIO },
    { name: "program's peak memory, whole stack", value: peakOf(previews), unit: "MB", limit: MAX_PEAK, note: "maximum of all runs" },
  ];
}

async function alternate(stage: Stage, subject: Subject, runs: number): Promise<{ floors: Run[]; previews: Run[] }> {
  await stage.measure("up", floor);
  // The first run of each reads files that the later ones find in memory.
  await stage.measure("preview", floor, unchanged);
  await stage.measure("preview", subject, unchanged);
  const floors: Run[] = [];
  const previews: Run[] = [];
  for (let run = 0; run < runs; run++) {
    floors.push(await stage.measure("preview", floor, unchanged));
    previews.push(await stage.measure("preview", subject, unchanged));
  }
  return { floors, previews };
}

function medianSeconds(runs: readonly Run[]): number {
  return median(runs.map(({ seconds }) => seconds));
}

function peakOf(runs: readonly Run[]): number {
  return Math.max(...runs.map(({ peakMegabytes }) => peakMegabytes));
}
