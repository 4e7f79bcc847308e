import { refuseConflictingSources } from "../../lib/aws/credential-sources";
import { pulumiCli } from "../../lib/pulumi/cli";
import { AwsAccount } from "./account";
import { recover } from "./recover";
import { runMain } from "../../lib/run-main";
import { refuseAbsentFile } from "../stack-configuration";

const usage = `Repairs a stack's state after an update was killed or failed.

  make recover STACK=<stack>    uses the same credentials as pulumi up

Finds the resources in AWS that the update had begun to create and adopts them into the state. Reads incomplete resources from AWS again.
Changes nothing in AWS, with one exception: it removes the default egress rule of a new security group, if an interrupted creation has
not removed it yet. If Pulumi reports that the stack is locked, but no update is running, run "pulumi cancel" first.
Afterwards run "pulumi up".
Exit code 0: done, or nothing to do; 1: failed; 2: wrong arguments.
`;

async function main(): Promise<number> {
  const [stack, ...rest] = process.argv.slice(2) as [string?, ...string[]];
  if (stack === undefined || rest.length > 0 || stack.startsWith("-")) {
    process.stderr.write(usage);
    return stack === "--help" ? 0 : 2;
  }
  refuseConflictingSources();
  const pulumi = pulumiCli(stack, process.cwd());
  await refuseAbsentFile(stack, process.cwd(), pulumi);
  const region = (await pulumi(["config", "get", "aws:region"])).trim();
  const { begun, adopted, reread } = await recover(pulumi, new AwsAccount(region));
  const list = (urns: readonly string[]): string => urns.map((urn) => `  ${urn}\n`).join("");
  if (begun === 0 && reread.length === 0) process.stdout.write("no creation is open and no resource is incomplete: nothing to recover\n");
  if (begun > 0) process.stdout.write(`${begun} creations were open; these resources were adopted if they exist in AWS:\n${list(adopted)}`);
  if (reread.length > 0)
    process.stdout.write(`a failed update left these resources incomplete; they were read again from AWS:\n${list(reread)}`);
  return 0;
}

runMain(main);
