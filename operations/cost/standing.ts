import { jsonOf } from "../json-input";
import { pulumiCli } from "../pulumi-cli";
import { type Resource, resourcesOfExport } from "./resource";

/**
 * The resources of a stack that stand: out of an export in a file, or asked of Pulumi; none without either. The export holds secrets encrypted, and none is
 * asked for.
 */
export async function standing({
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
