import { readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { projectDirectory } from "@okd-aws/sandbox";
import { createSequentially, measureCreation } from "./campaigns/creation";
import { measureGrowth } from "./campaigns/growth";
import { measureInstallation } from "./campaigns/installation";
import { measurePreview } from "./campaigns/preview";
import { measureServices } from "./campaigns/services";
import { type Measurement, isWithinLimit, table } from "./measurement";
import { BenchSandbox } from "./bench-sandbox";

const usage = `Measures the time and memory of the dev and services stacks, with the real Pulumi engine and plugins against an emulated AWS, and compares them with limits.

  npx tsx test/bench/run.ts [--quick] [--json] [--write]

  --quick  fewer runs, and the waits of the creation itself: about 9 minutes instead of 18, and less exact
  --json   measurements as JSON on standard output; progress goes to standard error
  --write  write the table into docs/performance.md
  --help   this text

The bench uses its own sandbox (.sandbox/bench) and closes it at the end. Run nothing else on the machine meanwhile.
Exit code 0: all measurements are within their limits; 1: one is not, or a run failed; 2: wrong arguments.
`;

const document = join(projectDirectory, "docs", "performance.md");
const [begin, end] = ["<!-- measurements: written by make bench -->", "<!-- end of measurements -->"];
const started = Date.now();

async function measureAll(quick: boolean): Promise<readonly Measurement[]> {
  say(`${cpus().length} cores, load average ${loadavg()[0]?.toFixed(1)}`);
  if (!quick) say("creating the dev stack one resource at a time, to measure the provider's waits");
  const sequential = quick ? undefined : await createSequentially();
  say("installing the dev stack with its machines");
  const installation = await measureInstallation(quick ? 3 : 7);
  say("installing the services stack with its machines");
  const services = await measureServices(installation.previews, quick ? 3 : 7);
  const bench = await BenchSandbox.open();
  process.once("SIGINT", () => void bench.close().then(() => process.exit(130)));
  try {
    say("creating the dev stack");
    const creation = await measureCreation(bench, sequential);
    say("previewing it without changes, alternating with the baseline");
    const preview = await measurePreview(bench, quick ? 3 : 7);
    say("previewing it with more and more workers");
    const growth = await measureGrowth(bench, quick ? 1 : 3);
    return [...preview, ...creation, ...installation.measurements, ...services, ...growth];
  } finally {
    await bench.close();
  }
}

function writeDocument(measurements: readonly Measurement[]): void {
  const [before, after] = [begin, end].map((mark) => readFileSync(document, "utf8").indexOf(mark)) as [number, number];
  if (before < 0 || after < before)
    throw new Error(`${document} lacks the lines "${begin}" and "${end}", between which the measurements go`);
  const text = readFileSync(document, "utf8");
  const caption = `Measured on ${new Date().toISOString().slice(0, 10)}, on ${cpus().length} cores, load average ${loadavg()[2]?.toFixed(1)}.`;
  writeFileSync(document, `${text.slice(0, before)}${begin}\n\n${caption}\n\n${table(measurements)}\n\n${text.slice(after)}`);
}

function say(text: string): void {
  process.stderr.write(`[${Math.round((Date.now() - started) / 1000)} s] ${text}\n`);
}

async function main(): Promise<number> {
  const flag = { type: "boolean", default: false } as const;
  let options;
  try {
    options = parseArgs({ options: { quick: flag, json: flag, write: flag, help: flag } }).values;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    return 2;
  }
  if (options.help) {
    process.stdout.write(usage);
    return 0;
  }
  const measurements = await measureAll(options.quick);
  process.stdout.write(options.json ? `${JSON.stringify(measurements, undefined, 2)}\n` : `${table(measurements)}\n`);
  if (options.write) writeDocument(measurements);
  const broken = measurements.filter((measurement) => !isWithinLimit(measurement));
  say(broken.length === 0 ? "all measurements are within their limits" : `above the limit: ${broken.map(({ name }) => name).join(", ")}`);
  return broken.length === 0 ? 0 : 1;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
