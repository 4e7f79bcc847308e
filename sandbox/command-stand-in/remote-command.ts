import { Capture } from "./capture";
import { connected, type Connection } from "./connection";
import { INPUTS } from "./inputs";
import { commandResource, previousOutput, type CommandInputs, type Execution } from "./life-cycle";
import { Session } from "./session";

/** The inputs of a command that runs on another machine. */
interface RemoteInputs extends CommandInputs {
  readonly connection: Connection;
}

/** What to say about a variable that the server refused. */
function refused(name: string): string {
  return (
    `Unable to set '${name}'. This only works if the ssh server is configured to accept the variable (AcceptEnv). ` +
    `Where a shell like bash runs the command, put the variable in front of it instead: ${name}=value command`
  );
}

/**
 * Runs a command on another machine and gives its outputs. A variable of the inputs that the server refuses is an error, and the command doesn't
 * run; of the earlier output it is only a warning. There is no other way for variables than the server's `AcceptEnv`. Source:
 * `remote/commandOutputs.go`.
 */
const execute: Execution<RemoteInputs> = (command, inputs, operation) =>
  connected(inputs.connection, operation, async (client) => {
    const session = await Session.open(client);
    for (const [name, value] of Object.entries(inputs.environment ?? {})) {
      await session.setVariable(name, value).catch((error: unknown) => {
        operation.log("error", refused(name));
        throw new Error(`could not set environment variable ${JSON.stringify(name)}: ${(error as Error).message}`, {
          cause: error,
        });
      });
    }
    for (const [name, value] of Object.entries(previousOutput(inputs))) {
      await session.setVariable(name, value).catch(() => {
        operation.log("warning", refused(name));
      });
    }
    const capture = new Capture(operation, inputs.logging);
    const ended = await session.run(command, inputs.stdin ?? "", capture);
    if (operation.signal.aborted) throw capture.failure("context canceled", command);
    if (ended !== undefined) throw capture.failure(ended, command);
    return { ...capture.end() };
  });

/** `command:remote:Command`: a command on another machine, over ssh, in the life cycle of a resource. */
export const remoteCommand = commandResource(INPUTS["command:remote:Command"], execute);
