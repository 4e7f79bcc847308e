import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { ProgramName } from "../../steps/run";
import { ownProgram } from "../own-command";

/**
 * Runs a program that waits until an instance has published something. The program runs again for each replacement of the instance, but not
 * because a new version of this project changes the command.
 */
export function waitForInstance(
  name: string,
  program: ProgramName,
  { request, instanceId }: { readonly request: pulumi.Output<object>; readonly instanceId: pulumi.Output<string> },
  opts: pulumi.CustomResourceOptions,
): command.local.Command {
  return new command.local.Command(
    name,
    {
      interpreter: ownProgram(program),
      create: pulumi.jsonStringify(request),
      triggers: [instanceId],
      logging: command.local.Logging.Stderr,
      addPreviousOutputInEnv: false,
    },
    { ...opts, ignoreChanges: ["interpreter", "create"] },
  );
}
