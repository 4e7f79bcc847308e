import { Capture } from "./capture";
import { connected, type Connection } from "./connection";
import { INPUTS } from "./inputs";
import { commandResource, previousOutput, type CommandInputs, type Execution } from "./life-cycle";
import { Session } from "./session";

/** The inputs of a remote command. */
interface RemoteInputs extends CommandInputs {
  readonly connection: Connection;
}

/** The message about a variable that the server refused. */
function refused(name: string): string {
  return (
    `Unable to set '${name}'. This only works if the ssh server is configured to accept the variable (AcceptEnv). ` +
    `If a shell such as bash runs the command, put the variable in front of the command instead: ${name}=value command`
  );
}

/**
 * Runs a command on a remote host and returns its outputs. If the server refuses one of the inputs' variables, that is an error, and the
 * command doesn't run. If it refuses a variable with earlier output, that is only a warning. Variables can only be passed if the server's
 * `AcceptEnv` allows it. Source: `remote/commandOutputs.go`.
 */
const execute: Execution<RemoteInputs> = (command, inputs, context) =>
  connected(inputs.connection, context, async (client) => {
    const session = await Session.open(client);
    for (const [name, value] of Object.entries(inputs.environment ?? {})) {
      await session.setVariable(name, value).catch((error: unknown) => {
        context.log("error", refused(name));
        throw new Error(`could not set environment variable ${JSON.stringify(name)}: ${(error as Error).message}`, {
          cause: error,
        });
      });
    }
    for (const [name, value] of Object.entries(previousOutput(inputs))) {
      await session.setVariable(name, value).catch(() => {
        context.log("warning", refused(name));
      });
    }
    const capture = new Capture(context, inputs.logging);
    const ended = await session.run(command, inputs.stdin ?? "", capture);
    if (context.signal.aborted) throw capture.failure("context canceled", command);
    if (ended !== undefined) throw capture.failure(ended, command);
    return { ...capture.end() };
  });

/** `command:remote:Command`: a command on a remote host, over ssh, with the life cycle of a resource. */
export const remoteCommand = commandResource(INPUTS["command:remote:Command"], execute);
