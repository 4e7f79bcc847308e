import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { backupBuckets } from "./backups";
import { knownCertificates, hidesSecrets } from "./certificates";
import { readApiCertificates, readBackups } from "./live";
import { page } from "./page";
import { estimate } from "../cost/estimate";
import { priceFile, readPrices } from "../cost/price-table";
import { regionOf, resourcesOfExport, textValue } from "../../lib/pulumi/resource";
import { refuseConflictingSources } from "../../lib/aws/credential-sources";
import { refuseUnwritable, writeOutput } from "../../lib/output-file";
import { pulumiCli } from "../../lib/pulumi/cli";
import { runCommand } from "../../lib/run-main";

export const usage = `Writes a report of a stack as one HTML file. It contains no secrets.

  make report STACK=<stack> [OUT=<file>] [SECRETS=1] [LIVE=1]

or npx tsx tools/report/cli.ts --stack <stack>
  --stack <stack>   the stack; its state is read with pulumi stack export
  --state <file>    use an existing output of pulumi stack export
  --out <file>      the file to write; default: standard output
  --secrets         also read the state's secrets, for the expiry dates of the certificates in them
  --live            also read the newest backups from AWS, with the environment's credentials, and the certificate of the cluster's API
  --directory <d>   directory of Pulumi.yaml; default: this project

Exit code 0: written; 1: failed; 2: wrong arguments.
`;

/** The arguments of the command line. */
export interface Arguments {
  readonly stack: string;
  readonly state: string;
  readonly out: string;
  readonly secrets: boolean;
  readonly live: boolean;
  readonly directory: string;
}

/** Reads the arguments; returns an error message if they are wrong. */
export function readArguments(args: readonly string[]): Arguments | string {
  const word = { type: "string", default: "" } as const;
  const flag = { type: "boolean", default: false } as const;
  try {
    const options = { stack: word, state: word, out: word, directory: word, secrets: flag, live: flag };
    const { stack, state, out, secrets, live, directory } = parseArgs({ args: [...args], options }).values;
    if (stack === "" && state === "") return "the stack is missing: add STACK=<stack> (--stack <stack>), or --state";
    if (stack !== "" && state !== "") return "--state and --stack can't be combined";
    if (state !== "" && secrets)
      return "--secrets can't be combined with --state: it makes pulumi stack export show secrets, and that export exists already";
    return { stack, state, out, secrets, live, directory: directory || dirname(dirname(__dirname)) };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The report for the export of a stack. */
export async function stackReport(exported: unknown, live: boolean, now: Date): Promise<string> {
  const resources = resourcesOfExport(exported);
  const outputs = resources.find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs ?? {};
  const region = regionOf(resources);
  const buckets = backupBuckets(resources);
  const why = region === undefined ? "no AWS provider of the stack has a region" : "LIVE=1 reads them from AWS";
  const notRead = Object.fromEntries(buckets.map(({ name }) => [name, why] as const));
  const [backups, api] = await Promise.all([
    live && region !== undefined ? readBackups(buckets, region) : notRead,
    readApi(textValue(outputs.apiUrl), live),
  ]);
  return page({
    stack: resources.at(0)?.urn.split("::")[0].split(":").at(-1) ?? "",
    ...{ resources, outputs, backups, now },
    estimate: region === undefined ? undefined : estimate(resources, { region, prices: readPrices(priceFile) }),
    certificates: {
      known: [...knownCertificates(resources), ...(typeof api === "string" ? [] : api)],
      unknown: [
        ...(hidesSecrets(resources)
          ? ["Unknown: certificates in the state's secrets, such as the kubeconfig's. SECRETS=1 reads them."]
          : []),
        ...(typeof api === "string" ? [`Unknown: the certificate of the cluster's API: ${api}`] : []),
      ],
    },
  });
}

async function readApi(url: string | undefined, live: boolean) {
  if (url === undefined) return "the stack has no apiUrl yet.";
  return live ? readApiCertificates(url) : "LIVE=1 reads it.";
}

async function run(asked: Arguments): Promise<number> {
  if (asked.live) refuseConflictingSources();
  refuseUnwritable(asked.out);
  writeOutput(asked.out, await stackReport(await exportOf(asked), asked.live, new Date()));
  return 0;
}

async function exportOf({ stack, state, directory, secrets }: Arguments): Promise<unknown> {
  if (state !== "") return JSON.parse(readFileSync(state, "utf8"));
  return JSON.parse(await pulumiCli(stack, directory)(["stack", "export", ...(secrets ? ["--show-secrets"] : [])]));
}

if (require.main === module) {
  runCommand({ usage, readArguments, run });
}
