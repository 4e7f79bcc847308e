import { jsonOf } from "../../lib/json-input";
import { pulumiCli } from "../../lib/pulumi/cli";
import { type Resource, resourcesOfExport } from "../../lib/pulumi/resource";

/**
 * The existing resources of a stack, from an export in a file or from Pulumi; empty if neither a file nor a stack is given. Secrets in the
 * export stay encrypted.
 */
export async function existingResources({
  stack,
  state,
  directory,
}: {
  readonly stack: string;
  readonly state: string;
  readonly directory: string;
}): Promise<Resource[]> {
  if (state !== "") return resourcesOfExport(jsonOf(state));
  return stack === "" ? [] : resourcesOfExport(JSON.parse(await pulumiCli(stack, directory)(["stack", "export"])));
}
