import { setImmediate as turn } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import { regionProblem } from "../../config/region";

/**
 * Starts the AWS provider plugin early in a preview, while this program still loads. The Pulumi engine starts each plugin at its first
 * request, one after the other, and the AWS plugin takes longest. The request used here needs neither AWS nor `@pulumi/aws`, which is not
 * loaded yet. With an invalid region no request is sent, because the configuration error is the better message.
 */
export async function startAwsPluginEarly(): Promise<void> {
  if (!pulumi.runtime.isDryRun() || regionProblem(new pulumi.Config("aws").get("region")) !== undefined) return;
  // The version of `@pulumi/aws`: another version would start another plugin.
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would load the library
  const { version } = require("@pulumi/aws/package.json") as { version: string };
  pulumi.runtime.invoke("aws:index/getRegion:getRegion", {}, { version }).catch(() => undefined); // the preflight meets the same error and reports it
  await turn(); // loading modules blocks, so the request must be sent before
}
