import { resourceName } from "../../../lib/pulumi/urn";
import type { Measurement } from "../measurement";
import type { Span } from "../event-log";
import { machineLaunch } from "../machine-launch";
import { BenchSandbox, installedStack } from "../bench-sandbox";
import { alternatingPreviews, installedPreviewMeasurements, type PreviewTimes } from "./preview";

/**
 * Maximum seconds from running control plane instances to an installed cluster, on two cores. 43 s of that are waits for AWS. The workers are
 * launched when the bootstrap is complete. openshift-install then waits until no cluster operator has changed for 30 s
 * (`coStabilityThreshold`, openshift/installer, `cmd/openshift-install/command/waitfor.go`, release-4.19).
 */
const installedLimit = 80;

/** Maximum sum of the installation's other steps, in seconds. */
const overheadLimit = 20;

/** Maximum seconds from an installed cluster to one with the dev stack's configuration. */
const platformLimit = 30;

/** The steps that wait for the cluster. */
const waits = ["bootstrap-complete", "install-complete"];

/** The installation's other steps: the installer's steps, the results of the waits, the bootstrap destroy, the approver's account, the milestone. */
const steps =
  /^(installation-(stream|manifests|ignition|age)|(bootstrap|install)-complete-result|bootstrap-destroy|certificate-approver-(token|account-version)|installed)$/;

/** Installs the dev stack with simulated instances in a separate sandbox, and previews it. Returns the previews' times, too. */
export async function measureInstallation(
  runs: number,
): Promise<{ readonly measurements: readonly Measurement[]; readonly previews: PreviewTimes }> {
  const bench = await BenchSandbox.open({ machines: true });
  try {
    const { seconds, spans } = await bench.measure("up", installedStack);
    // The second update of `make up` removes the bootstrap instance's resources from the state.
    await bench.measure("up", installedStack);
    const previews = await alternatingPreviews(bench, installedStack, runs);
    return { measurements: [...measurementsOf(seconds, spans), ...installedPreviewMeasurements(previews)], previews };
  } finally {
    await bench.close();
  }
}

/** The measurements of one `up` that installed a cluster. */
export function measurementsOf(seconds: number, spans: readonly Span[]): readonly Measurement[] {
  const { first, joining } = machineLaunch(spans);
  const own = spans.filter(({ urn }) => steps.test(resourceName(urn)));
  const complete = spans.find(({ urn }) => resourceName(urn) === "install-complete");
  if (first.length === 0 || complete === undefined || own.length === 0) throw new Error("no cluster was installed");
  const afterwards = spans.filter(({ start }) => start >= complete.end);
  const running = Math.max(...first.map(({ end }) => end));
  const inOrder = [...own].sort((one, other) => other.end - other.start - (one.end - one.start));
  return [
    { name: "installation", value: seconds, unit: "s", note: "`pulumi up` of the empty dev stack, with its machines" },
    {
      name: "from running machines to installed",
      value: complete.end - running,
      unit: "s",
      limit: installedLimit,
      note: `${first.length + joining.length} simulated machines, ${joining.length} of them launched when the bootstrap is complete`,
    },
    {
      name: "from installed to configured",
      value: Math.max(...afterwards.map(({ end }) => end)) - complete.end,
      unit: "s",
      limit: platformLimit,
      note: `${afterwards.filter(({ type }) => type.startsWith("kubernetes:")).length} objects of the cluster among ${afterwards.length} resources`,
    },
    ...waits.flatMap((name): Measurement[] => {
      const wait = spans.find(({ urn }) => resourceName(urn) === name);
      return wait === undefined ? [] : [{ name: `waiting for ${name}`, value: wait.end - wait.start, unit: "s" }];
    }),
    {
      name: "the installation's own steps",
      value: own.reduce((sum, { start, end }) => sum + end - start, 0),
      unit: "s",
      limit: overheadLimit,
      note: inOrder
        .slice(0, 4)
        .map(({ urn, start, end }) => `${resourceName(urn)} ${(end - start).toFixed(1)} s`)
        .join(", "),
    },
  ];
}
