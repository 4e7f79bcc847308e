import { archive, assets } from "./assets";
import { INPUTS } from "./inputs";
import { commandResource, previousOutput, type CommandInputs, type Execution } from "./life-cycle";
import type { CommandContext } from "./command-context";
import { runSpawnedProgram } from "./program";
import { revealed, type Properties } from "./value";

/** The inputs of a local command. */
interface LocalInputs extends CommandInputs {
  readonly interpreter?: readonly string[];
  readonly dir?: string;
  readonly assetPaths?: readonly string[];
  readonly archivePaths?: readonly string[];
}

/** This process's environment. */
function inherited(): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/**
 * Runs a command and returns its outputs. The command gets the plugin's own environment, then the inputs' `environment`, then the variables with an
 * earlier step's output (`previousOutput`); of equal names the last wins. Without `dir` the command runs in this process's directory, which is the
 * Pulumi engine's. Source: `local/commandOutputs.go`.
 */
const execute: Execution<LocalInputs> = async (command, inputs, context) => {
  const interpreter = inputs.interpreter?.length ? inputs.interpreter : ["/bin/sh", "-c"];
  const directory = inputs.dir ?? process.cwd();
  const printed = await runSpawnedProgram(
    {
      command,
      argv: [...interpreter, command],
      directory,
      environment: { ...inherited(), ...inputs.environment, ...previousOutput(inputs) },
      stdin: inputs.stdin ?? "",
      logging: inputs.logging,
    },
    context,
  );
  return {
    ...(inputs.assetPaths && { assets: assets(directory, inputs.assetPaths) }),
    ...(inputs.archivePaths && { archive: archive(directory, inputs.archivePaths) }),
    ...printed,
  };
};

/** `command:local:Command`: a local command with the life cycle of a resource. */
export const localCommand = commandResource(INPUTS["command:local:Command"], execute);

/** `command:local:run`: runs a command in every run of the program, including previews. Source: `local/runController.go`. */
export async function localRun(inputs: Properties, context: CommandContext): Promise<Properties> {
  const given = revealed(inputs) as unknown as LocalInputs & { readonly command: string };
  return { ...inputs, ...(await execute(given.command, given, context)) };
}
