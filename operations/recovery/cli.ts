import { refuseConflictingSources } from "../credential-sources";
import { pulumiCli } from "../pulumi-cli";
import { AwsAccount } from "./account";
import { recover } from "./recover";
import { runMain } from "../run-main";
import { refuseAbsentFile } from "../stack-configuration";

const usage = `Brings a stack's state back in line with AWS after its update was killed or has failed.

  make recover STACK=<stack>    with the credentials that pulumi up uses

Finds in AWS what the update had begun to create and takes it into the state, and reads what it left half-made; deletes and changes nothing in AWS, but for the
rule that AWS gives every new security group, which a creation that was interrupted had not taken away yet. If Pulumi says that
the stack is locked, and no update is running any more, run "pulumi cancel" first. Afterwards run "pulumi up".
Exit code 0: done, or nothing to do; 1: failed; 2: no stack given.
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
  if (begun === 0 && reread.length === 0) process.stdout.write("no creation is open, and nothing is half-made: nothing to recover\n");
  if (begun > 0)
    process.stdout.write(`${begun} creations were open; looked up, and taken into the state where they exist:\n${list(adopted)}`);
  if (reread.length > 0) process.stdout.write(`a failed update left these half-made; read from AWS:\n${list(reread)}`);
  return 0;
}

runMain(main);
