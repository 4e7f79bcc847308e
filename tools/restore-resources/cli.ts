import { ClusterClient } from "../../lib/kubernetes/client";
import { pulumiCli } from "../../lib/pulumi/cli";
import { runCommand, stopwatch } from "../../lib/run-main";
import { refuseAbsentFile } from "../stack-configuration";
import { readArguments, usage } from "./arguments";
import { restoreResources } from "./run";

/** The administrator's client of the stack's cluster. */
async function clientOf(stack: string): Promise<ClusterClient> {
  const pulumi = pulumiCli(stack, process.cwd());
  await refuseAbsentFile(stack, process.cwd(), pulumi);
  return new ClusterClient(await pulumi(["stack", "output", "--show-secrets", "kubeconfig"]));
}

runCommand({
  usage,
  readArguments,
  run: async (asked) =>
    restoreResources(asked, { client: await clientOf(asked.stack), say: stopwatch(), print: (text) => process.stdout.write(text) }),
});
