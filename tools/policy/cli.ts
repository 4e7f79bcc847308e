import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { parseConfiguration } from "../../config/parse";
import { pulumiCli } from "../../lib/pulumi/cli";
import { configurationValues, refuseAbsentFile } from "../stack-configuration";
import { runMain } from "../../lib/run-main";
import { packSettings } from "./settings";

const usage = `Prints the policy pack's settings for a stack, for previews without make up or make plan:

  npx tsx tools/policy/cli.ts --stack <stack> > settings.json
  pulumi preview --stack <stack> --policy-pack policy --policy-pack-config settings.json

Exit code 0: done; 1: the configuration has errors; 2: wrong arguments.
`;

async function main(): Promise<number> {
  const { stack } = parseArgs({ options: { stack: { type: "string", default: "" } } }).values;
  if (stack === "") {
    process.stderr.write(`the stack is missing: add --stack <stack>\n\n${usage}`);
    return 2;
  }
  const directory = dirname(dirname(__dirname));
  const pulumi = pulumiCli(stack, directory);
  await refuseAbsentFile(stack, directory, pulumi);
  // The command needs the secrets, because the whole configuration is checked. The printed settings contain no secrets.
  const shown = await pulumi(["config", "--json", "--show-secrets"]);
  process.stdout.write(`${JSON.stringify(packSettings(parseConfiguration(configurationValues(shown))), undefined, 2)}\n`);
  return 0;
}

if (require.main === module) {
  runMain(main);
}
