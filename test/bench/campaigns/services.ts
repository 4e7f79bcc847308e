import type { Measurement } from "../measurement";
import { BenchSandbox, installedStack, installedServicesStack } from "../bench-sandbox";
import { alternatingPreviews, type PreviewTimes } from "./preview";

/**
 * Installs the services stack in a separate sandbox and previews it without changes. Compares each resource that this stack has more than the
 * installed dev stack with the dev stack's average.
 *
 * @param dev the previews of the installed dev stack
 */
export async function measureServices(dev: PreviewTimes, runs: number): Promise<readonly Measurement[]> {
  const bench = await BenchSandbox.open({ machines: true });
  try {
    await bench.create(installedServicesStack);
    await bench.measure("up", installedServicesStack);
    // The second update of `make up` removes the bootstrap instance's resources from the state.
    await bench.measure("up", installedServicesStack);
    return servicesMeasurements(dev, await alternatingPreviews(bench, installedServicesStack, runs));
  } finally {
    await bench.close();
  }
}

/** The times of both stacks as multiples of their baselines, so that other work on the machine during one of the two does not count. */
export function servicesMeasurements(dev: PreviewTimes, services: PreviewTimes): readonly Measurement[] {
  const devSeconds = (dev.seconds / dev.baselineSeconds) * services.baselineSeconds;
  const more = services.resources - dev.resources;
  const note = `${services.resources} resources; median of ${services.runs}, alternating with the baseline`;
  return [
    { name: "preview of the services stack", value: services.seconds, unit: "s", note },
    { name: "preview of the services stack / baseline", value: services.seconds / services.baselineSeconds, unit: "×" },
    {
      name: "preview time per further resource",
      value: (1000 * (services.seconds - devSeconds)) / more,
      unit: "ms",
      limit: (1000 * devSeconds) / dev.resources,
      note: `${more} resources more than ${installedStack.stack}; the limit is the average of the installed ${installedStack.stack} stack`,
    },
    { name: "program's peak memory, services stack", value: services.peakMegabytes, unit: "MB", note: "maximum of all runs" },
  ];
}
