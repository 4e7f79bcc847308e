import { parseArgs } from "node:util";
import type { CleanupTarget } from "./resource-kind";
import { listOwned, cleanUp } from "./cleanup";
import { runMain } from "../../lib/run-main";

const usage = `Deletes the resources in AWS that a cluster created at run time: those tagged kubernetes.io/cluster/<infraID>=owned, and no others.

  node -r ts-node/register/transpile-only steps/run.ts cleanup [--dry-run] [--json] [--timeout <seconds>] <target>

<target> is JSON: {"infraId", "region", "vpcId", "clusterDomain", "zones": [{"id", "roleArn"?}], "deleteBackups"?}. pulumi destroy runs this
itself. --dry-run only lists. Exit code 0: nothing is left; 1: resources are left, and are listed; 2: wrong arguments.
`;

/** Reads the arguments; returns an error message if they are wrong. */
function readArguments(args: string[]): { target: CleanupTarget; dryRun: boolean; json: boolean; timeoutSeconds: number } | string {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { "dry-run": { type: "boolean", default: false }, json: { type: "boolean", default: false }, timeout: { type: "string" } },
    });
    const [text, ...more] = positionals as [string?, ...string[]];
    if (text === undefined || more.length > 0) return "exactly one target is required";
    const target = JSON.parse(text) as Partial<CleanupTarget>;
    const missing = (["infraId", "region", "vpcId", "clusterDomain"] as const).filter((key) => (target[key] ?? "") === "");
    if (missing.length > 0 || !Array.isArray(target.zones)) return `the target lacks ${[...missing, "zones"].join(", ")}`;
    const timeoutSeconds = Number(values.timeout ?? 600);
    if (!(timeoutSeconds >= 0)) return `--timeout must be a number of seconds, not ${values.timeout ?? ""}`;
    return { target: target as CleanupTarget, dryRun: values["dry-run"], json: values.json, timeoutSeconds };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function main(): Promise<number> {
  const asked = readArguments(process.argv.slice(2));
  if (typeof asked === "string") {
    process.stderr.write(`${asked}\n\n${usage}`);
    return 2;
  }
  const { target, dryRun, json, timeoutSeconds } = asked;
  const say = (line: string): void => {
    (json ? process.stderr : process.stdout).write(`${line}\n`);
  };
  const things = dryRun ? await listOwned(target) : await cleanUp(target, { timeoutSeconds, say });
  if (json) process.stdout.write(`${JSON.stringify(things)}\n`);
  else if (dryRun) for (const { kind, id } of things) say(`${kind}: ${id}`);
  return dryRun && things.length > 0 ? 1 : 0;
}

runMain(main);
