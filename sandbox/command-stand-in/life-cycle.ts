import { randomBytes } from "node:crypto";
import type { InputTable } from "./inputs";
import type { CommandContext } from "./command-context";
import { previewed } from "./outputs";
import type { CommandResource } from "./resource";
import { isPresent, revealed, type Properties } from "./value";

/** Inputs of local and remote commands, checked against the table and without the protocol's marks. */
export interface CommandInputs {
  readonly create?: string;
  readonly update?: string;
  readonly delete?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly logging?: string;
  readonly addPreviousOutputInEnv?: boolean;
  /** Outputs of an earlier step, if there was one. */
  readonly stdout?: string;
  readonly stderr?: string;
}

/** Runs one command with the resource's inputs. Returns its outputs. */
export type Execution<Inputs extends CommandInputs> = (command: string, inputs: Inputs, context: CommandContext) => Promise<Properties>;

/**
 * The variables that pass the output of an earlier step to the next step, unless the output was empty or the option
 * `addPreviousOutputInEnv` is off. Source: `util/util.go`.
 */
export function previousOutput(inputs: CommandInputs): Readonly<Record<string, string>> {
  if (inputs.addPreviousOutputInEnv === false) return {};
  const variables = { PULUMI_COMMAND_STDOUT: inputs.stdout, PULUMI_COMMAND_STDERR: inputs.stderr };
  return Object.fromEntries(Object.entries(variables).filter((entry): entry is [string, string] => isPresent(entry[1]) && entry[1] !== ""));
}

const OUTPUTS = ["stdout", "stderr", "assets", "archive"] as const;

/** The outputs of an earlier step. An update keeps them if it runs no command, or no longer asks for assets. */
function earlier(state: Properties): Properties {
  return Object.fromEntries(OUTPUTS.flatMap((name) => (name in state ? [[name, state[name]]] : [])));
}

/**
 * A command as a resource. `create` runs once. `update`, or `create` if there is no `update`, runs when any input changes, even if only
 * `delete` or `logging` changed. `delete` runs at the end with the last recorded inputs. Outputs repeat the inputs with their secrets.
 * `stdout`, `stderr` and the assets are not secret, even if the script or its environment is (the vendor's test for its issue 256 demands
 * it); a program makes them secret with `additionalSecretOutputs`. A failed step records nothing. Source: `local/commandController.go`,
 * `remote/commandController.go`.
 */
export function commandResource<Inputs extends CommandInputs>(table: InputTable, execute: Execution<Inputs>): CommandResource {
  const names = Object.keys(table);
  const bare = (properties: Properties): Inputs => revealed(properties) as unknown as Inputs;
  return {
    newId: (name) => name + randomBytes(4).toString("hex"),
    preview(inputs, state) {
      const shown = { ...inputs, stdout: "", stderr: "", ...(state && earlier(state)) };
      return previewed(shown, inputs, names, state ? { kind: "update", state } : { kind: "create" });
    },
    async create(inputs, context) {
      const given = bare(inputs);
      return { ...inputs, stdout: "", stderr: "", ...(given.create !== undefined && (await execute(given.create, given, context))) };
    },
    async update(state, inputs, context) {
      const before = earlier(state);
      const given = bare({ ...inputs, ...before });
      const command = given.update ?? given.create;
      return { ...inputs, ...before, ...(command !== undefined && (await execute(command, given, context))) };
    },
    async delete(state, context) {
      const given = bare(state);
      if (given.delete !== undefined) await execute(given.delete, given, context);
    },
  };
}
