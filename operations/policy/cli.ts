import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { parseConfiguration } from "../../config/parse";
import { pulumiCli } from "../pulumi-cli";
import { configurationValues, refuseAbsentFile } from "../stack-configuration";
import { runMain } from "../run-main";
import { packSettings } from "./settings";

const usage = `Prints what the policy pack has to know of a stack, for previews without the driver:

  npx tsx operations/policy/cli.ts --stack <stack> > settings.json
  pulumi preview --stack <stack> --policy-pack policy --policy-pack-config settings.json

Exit code 0: done; 1: the configuration has errors; 2: wrong arguments.
`;

async function main(): Promise<number> {
  const { stack } = parseArgs({ options: { stack: { type: "string", default: "" } } }).values;
  if (stack === "") {
    process.stderr.write(`which stack? Add --stack <stack>\n\n${usage}`);
    return 2;
  }
  const directory = dirname(dirname(__dirname));
  const pulumi = pulumiCli(stack, directory);
  await refuseAbsentFile(stack, directory, pulumi);
  // Secrets are shown, since a configuration is checked as a whole; none of them goes into the settings.
  const shown = await pulumi(["config", "--json", "--show-secrets"]);
  process.stdout.write(`${JSON.stringify(packSettings(parseConfiguration(configurationValues(shown))), undefined, 2)}\n`);
  return 0;
}

if (require.main === module) {
  runMain(main);
}
