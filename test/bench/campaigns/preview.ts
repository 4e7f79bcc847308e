import { type Measurement, median } from "../measurement";
import { infrastructureStack, baseline, type Run, type BenchSandbox, type MeasuredProgram } from "../bench-sandbox";

/** Maximum time of a preview without changes, as a multiple of the baseline. */
const MAX_RATIO = 2.3;

/** Maximum time of a preview of the installed cluster with its configuration, without changes, as a multiple of the baseline. */
const MAX_INSTALLED_RATIO = 3.4;

/** Maximum peak memory of the program's Node process, in MB. */
const MAX_PEAK = 300;

/** Maximum peak memory of the program's Node process for the installed cluster with its configuration, in MB. */
const MAX_INSTALLED_PEAK = 330;

const unchanged = ["--expect-no-changes"];

/** Previews the existing dev stack without changes, alternating with the baseline. */
export async function measurePreview(bench: BenchSandbox, runs: number): Promise<readonly Measurement[]> {
  const { baselines, previews } = await previewAlternately(bench, infrastructureStack, runs);
  const [baselineSeconds, seconds] = [medianSeconds(baselines), medianSeconds(previews)];
  const cpu = (of: readonly Run[]): number => median(of.map(({ cpuSeconds }) => cpuSeconds));
  const note = `median of ${runs}, alternating`;
  return [
    { name: "resources", value: unchangedResources(previews[0]), unit: "", note: "of the dev stack" },
    { name: "baseline", value: baselineSeconds, unit: "s", note: `a program that only calls \`aws.getRegion()\`; ${note}` },
    { name: "preview without changes", value: seconds, unit: "s", note },
    { name: "preview / baseline", value: seconds / baselineSeconds, unit: "×", limit: MAX_RATIO },
    { name: "program in the baseline", value: cpu(baselines), unit: "s", note: "processor time of its Node process" },
    { name: "program in the preview", value: cpu(previews), unit: "s", note: "processor time of its Node process" },
    { name: "program's peak memory", value: peakMegabytesOf(previews), unit: "MB", limit: MAX_PEAK, note: "maximum of all runs" },
  ];
}

/** Measurements of previews of the installed dev stack with its configuration, without changes. */
export function installedPreviewMeasurements({ baselineSeconds, seconds, peakMegabytes, runs }: PreviewTimes): readonly Measurement[] {
  const note = `median of ${runs}, alternating with the baseline; the stack includes the installation and the objects that configure the cluster`;
  return [
    { name: "preview of the installed stack", value: seconds, unit: "s", note },
    { name: "preview of the installed stack / baseline", value: seconds / baselineSeconds, unit: "×", limit: MAX_INSTALLED_RATIO },
    {
      name: "program's peak memory, installed stack",
      value: peakMegabytes,
      unit: "MB",
      limit: MAX_INSTALLED_PEAK,
      note: "maximum of all runs",
    },
  ];
}

/** Medians of previews without changes that alternated with the baseline. */
export interface PreviewTimes {
  readonly seconds: number;
  readonly baselineSeconds: number;
  /** The stack's resources, all unchanged. */
  readonly resources: number;
  /** Peak memory of the program's Node process, maximum of all runs. */
  readonly peakMegabytes: number;
  readonly runs: number;
}

/** Previews an installed stack without changes, alternating with the baseline. */
export async function alternatingPreviews(bench: BenchSandbox, program: MeasuredProgram, runs: number): Promise<PreviewTimes> {
  const { baselines, previews } = await previewAlternately(bench, program, runs);
  return {
    seconds: medianSeconds(previews),
    baselineSeconds: medianSeconds(baselines),
    resources: unchangedResources(previews[0]),
    peakMegabytes: peakMegabytesOf(previews),
    runs,
  };
}

/** Previews the baseline and a program in turn, `runs` times each. */
async function previewAlternately(
  bench: BenchSandbox,
  program: MeasuredProgram,
  runs: number,
): Promise<{ baselines: Run[]; previews: Run[] }> {
  await bench.measure("up", baseline);
  // The first run of each program reads files that are in memory for the later runs.
  await bench.measure("preview", baseline, unchanged);
  await bench.measure("preview", program, unchanged);
  const baselines: Run[] = [];
  const previews: Run[] = [];
  for (let run = 0; run < runs; run++) {
    baselines.push(await bench.measure("preview", baseline, unchanged));
    previews.push(await bench.measure("preview", program, unchanged));
  }
  return { baselines, previews };
}

function unchangedResources({ stdout }: Run): number {
  return Number(/(\d+) unchanged/.exec(stdout)?.[1]);
}

function medianSeconds(runs: readonly Run[]): number {
  return median(runs.map(({ seconds }) => seconds));
}

function peakMegabytesOf(runs: readonly Run[]): number {
  return Math.max(...runs.map(({ peakMegabytes }) => peakMegabytes));
}
