import { resourceName } from "../../../lib/pulumi/urn";
import { format, type Measurement } from "../measurement";
import { machineLaunch } from "../machine-launch";
import { infrastructureStack, type Run, BenchSandbox } from "../bench-sandbox";
import { type ChainLink, longestChain, secondsOf, type ChainResource, waitsByType } from "../wait-chain";

/** Maximum of the time of a creation, as a multiple of its longest chain of waits. */
const MAX_RATIO = 1.15;

/**
 * Creates the dev stack and compares the time with the longest chain of provider waits.
 *
 * @param sequential a creation of one resource at a time, from which the waits are taken; default: the measured creation
 */
export async function measureCreation(bench: BenchSandbox, sequential?: Run): Promise<readonly Measurement[]> {
  const emulatorBefore = bench.emulatorSeconds();
  const creation = await bench.measure("up", infrastructureStack);
  const emulatorSeconds = bench.emulatorSeconds() - emulatorBefore;
  const { deployment } = JSON.parse(await bench.output(infrastructureStack, ["stack", "export"])) as {
    deployment: { resources: readonly ChainResource[] };
  };
  const chain = longestChain(deployment.resources, waitsByType((sequential ?? creation).spans));
  const waits = secondsOf(chain);
  const { joining, joiningSeconds } = machineLaunch(creation.spans);
  return [
    { name: "creation", value: creation.seconds, unit: "s", note: "`pulumi up` of the empty dev stack" },
    { name: "longest chain of waits", value: waits, unit: "s", note: describe(chain) },
    { name: "before the chain", value: times(chain.at(0), creation).start, unit: "s", note: "plugins, preflight, identity" },
    { name: "after the chain", value: creation.seconds - times(chain.at(-1), creation).end, unit: "s" },
    { name: "launch of workers and infra nodes", value: joiningSeconds, unit: "s" },
    {
      name: "creation / chain",
      value: (creation.seconds - joiningSeconds) / waits,
      unit: "×",
      limit: MAX_RATIO,
      note: `without the launch of the ${joining.length} workers and infra nodes`,
    },
    { name: "program in the creation", value: creation.cpuSeconds, unit: "s", note: "processor time of its Node process" },
    { name: "emulated AWS in the creation", value: emulatorSeconds, unit: "s", note: "processor time" },
    { name: "state", value: bench.stateBytes() / 1000, unit: "kB", note: "written again after every step" },
  ];
}

/** Creates the dev stack one resource at a time, in a separate sandbox, so that no creation makes another creation slower. */
export async function createSequentially(): Promise<Run> {
  const bench = await BenchSandbox.open();
  try {
    return await bench.measure("up", infrastructureStack, ["--parallel", "1"]);
  } finally {
    await bench.close();
  }
}

/** Start and end of a link's creation, in seconds. */
function times(link: ChainLink | undefined, { spans }: Run): { readonly start: number; readonly end: number } {
  return spans.find(({ urn }) => urn === link?.urn) ?? { start: NaN, end: NaN };
}

function describe(chain: readonly ChainLink[]): string {
  return chain.map(({ urn, seconds }) => `${resourceName(urn)} ${format(seconds, "s")}`).join(" → ");
}
