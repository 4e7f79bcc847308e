import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { backupBuckets } from "./backups";
import { certificatesOf, hidesSecrets } from "./certificates";
import { readApiCertificates, readBackups } from "./live";
import { page } from "./page";
import { estimate } from "../cost/estimate";
import { priceFile, readPrices } from "../cost/price-table";
import { regionOf, resourcesOfExport, text } from "../cost/resource";
import { refuseConflictingSources } from "../credential-sources";
import { refuseUnwritable, writeOutput } from "../output-file";
import { pulumiCli } from "../pulumi-cli";
import { runCommand } from "../run-main";

export const usage = `Writes a report of a stack: one file of HTML, without any secret.

  make report STACK=<stack> [OUT=<file>] [SECRETS=1] [LIVE=1]

or npx tsx operations/report/cli.ts --stack <stack>
  --stack <stack>   what stands: asked of pulumi stack export
  --state <file>    output of pulumi stack export, instead of asking for it
  --out <file>      the file to write; standard output by default
  --secrets         also reads the state's secrets, for the ends of the certificates in them
  --live            also asks AWS for the newest backups, with the environment's credentials, and the cluster's API for its certificate
  --directory <d>   where Pulumi.yaml is; this project unless told

Exit code 0: written; 1: failed; 2: wrong arguments.
`;

/** What the arguments ask for. */
export interface Arguments {
  readonly stack: string;
  readonly state: string;
  readonly out: string;
  readonly secrets: boolean;
  readonly live: boolean;
  readonly directory: string;
}

/** Reads the arguments; a text says what is wrong with them. */
export function readArguments(args: readonly string[]): Arguments | string {
  const word = { type: "string", default: "" } as const;
  const flag = { type: "boolean", default: false } as const;
  try {
    const options = { stack: word, state: word, out: word, directory: word, secrets: flag, live: flag };
    const { stack, state, out, secrets, live, directory } = parseArgs({ args: [...args], options }).values;
    if (stack === "" && state === "") return "which stack? Add STACK=<stack> (--stack <stack>), or --state";
    if (stack !== "" && state !== "") return "--state is there instead of --stack";
    if (state !== "" && secrets)
      return "--secrets has pulumi stack export show them; an export that is there already shows them or doesn't";
    return { stack, state, out, secrets, live, directory: directory || dirname(dirname(__dirname)) };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The report of a stack's export. */
export async function report(exported: unknown, live: boolean, now: Date): Promise<string> {
  const resources = resourcesOfExport(exported);
  const outputs = resources.find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs ?? {};
  const region = regionOf(resources);
  const buckets = backupBuckets(resources);
  const why = region === undefined ? "no AWS provider of the stack says its region" : "AWS wasn't asked: LIVE=1 does";
  const notAsked = Object.fromEntries(buckets.map((bucket) => [bucket, why] as const));
  const [backups, api] = await Promise.all([
    live && region !== undefined ? readBackups(buckets, region) : notAsked,
    readApi(text(outputs.apiUrl), live),
  ]);
  return page({
    stack: resources.at(0)?.urn.split("::")[0].split(":").at(-1) ?? "",
    ...{ resources, outputs, backups, now },
    estimate: region === undefined ? undefined : estimate(resources, { region, prices: readPrices(priceFile) }),
    certificates: {
      known: [...certificatesOf(resources), ...(typeof api === "string" ? [] : api)],
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
  return live ? readApiCertificates(url) : "it wasn't asked. LIVE=1 does.";
}

async function run(asked: Arguments): Promise<number> {
  if (asked.live) refuseConflictingSources();
  refuseUnwritable(asked.out);
  writeOutput(asked.out, await report(await exportOf(asked), asked.live, new Date()));
  return 0;
}

async function exportOf({ stack, state, directory, secrets }: Arguments): Promise<unknown> {
  if (state !== "") return JSON.parse(readFileSync(state, "utf8"));
  return JSON.parse(await pulumiCli(stack, directory)(["stack", "export", ...(secrets ? ["--show-secrets"] : [])]));
}

if (require.main === module) {
  runCommand({ usage, readArguments, run });
}
