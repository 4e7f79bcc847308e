import { setImmediate as turn } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import { regionFlaw } from "../config/rules/region";

/**
 * Has the engine start the plugin for AWS, which takes longest, while a preview loads this program: it starts plugins one after the other, each when it is first asked
 * for. The question is one that the plugin answers without AWS, and asked without the library, which isn't loaded yet. Where the region can't be right nothing is
 * asked: the configuration's own error is the better one.
 */
export async function wakeAwsPlugin(): Promise<void> {
  if (!pulumi.runtime.isDryRun() || regionFlaw(new pulumi.Config("aws").get("region")) !== undefined) return;
  // The library's own: another version would be another plugin.
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would load the library
  const { version } = require("@pulumi/aws/package.json") as { version: string };
  pulumi.runtime.invoke("aws:index/getRegion:getRegion", {}, { version }).catch(() => undefined); // the survey will meet the same, and say so
  await turn(); // loading blocks, so the request has to be on its way before
}
