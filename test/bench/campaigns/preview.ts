import { type Figure, median } from "../figure";
import { devStack, floor, type Run, type Stage } from "../stage";

/** How much longer than the floor a preview without changes may take. */
const ratioLimit = 2.3;

/** What the program's Node process may take at its peak. */
const peakLimit = 350;

const unchanged = ["--expect-no-changes"];

/** Previews the dev stack, which stands, without changes, in turn with the floor. */
export async function measurePreview(stage: Stage, runs: number): Promise<readonly Figure[]> {
  await stage.measure("up", floor);
  await stage.measure("preview", floor, unchanged);
  await stage.measure("preview", devStack, unchanged);
  const floors: Run[] = [];
  const previews: Run[] = [];
  for (let run = 0; run < runs; run++) {
    floors.push(await stage.measure("preview", floor, unchanged));
    previews.push(await stage.measure("preview", devStack, unchanged));
  }
  const [floorSeconds, seconds] = [floors, previews].map((each) => median(each.map((run) => run.seconds))) as [number, number];
  const [floorCpu, cpu] = [floors, previews].map((each) => median(each.map(({ cpuSeconds }) => cpuSeconds))) as [number, number];
  const resources = Number(/(\d+) unchanged/.exec(previews[0].stdout)?.[1]);
  const note = `median of ${runs}, in turn`;
  return [
    { name: "resources", value: resources, unit: "", note: "of the dev stack" },
    { name: "floor", value: floorSeconds, unit: "s", note: `a program that only calls \`aws.getRegion()\`; ${note}` },
    { name: "preview without changes", value: seconds, unit: "s", note },
    { name: "preview / floor", value: seconds / floorSeconds, unit: "×", limit: ratioLimit },
    { name: "program in the floor", value: floorCpu, unit: "s", note: "processor time of its Node process" },
    { name: "program in the preview", value: cpu, unit: "s", note: "processor time of its Node process" },
    {
      name: "program's peak memory",
      value: Math.max(...previews.map(({ peakMegabytes }) => peakMegabytes)),
      unit: "MB",
      limit: peakLimit,
      note: "the greatest of all runs",
    },
  ];
}
