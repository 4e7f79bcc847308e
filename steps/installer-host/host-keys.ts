import { DeleteParameterCommand, GetParameterCommand, ParameterNotFound, type SSMClient } from "@aws-sdk/client-ssm";
import { publishedHostKeys } from "../../ignition/installer-host/host-keys";
import { type Clock, systemClock } from "../../lib/clock";
import { TolerantReader } from "../../lib/temporary-error";

/** The SSM parameter in which the installer host publishes its public SSH host keys. */
export interface HostKeyParameter {
  readonly region: string;
  readonly parameter: string;
}

/** Parameters of the wait. */
export interface AwaitedHostKeys extends HostKeyParameter {
  readonly instanceId: string;
  /** Seconds until the wait fails. */
  readonly timeoutSeconds: number;
}

/** How the wait reads the parameter; tests replace it. */
export interface HostKeyContext {
  /** Returns the parameter's text; empty while it does not exist. */
  readonly read: () => Promise<string>;
  /** Called with each progress message. */
  readonly say: (line: string) => void;
  readonly clock?: Clock;
}

/** Milliseconds between two readings. */
const interval = 5_000;

/**
 * Waits until the instance has published its host keys.
 *
 * @returns the keys, each as `<type> <base64>`; the first one has the type that Go's SSH client requests first.
 * @throws Error if the time is over, or a line of the parameter is not a host key
 */
export async function waitForHostKeys(awaited: AwaitedHostKeys, { read, say, clock = systemClock }: HostKeyContext): Promise<string[]> {
  const { parameter, instanceId, timeoutSeconds } = awaited;
  const deadline = clock.now() + timeoutSeconds * 1000;
  const reader = new TolerantReader({ of: `the SSM parameter ${parameter}`, say, now: clock.now });
  for (;;) {
    const hostKeys = publishedHostKeys((await reader.read(read))?.answer ?? "", instanceId);
    if (hostKeys.length > 0) return hostKeys;
    if (clock.now() + interval > deadline) throw new Error(`${late(awaited)}${reader.lastFailure}`);
    await clock.pause(interval);
  }
}

function late({ parameter, instanceId, timeoutSeconds, region }: AwaitedHostKeys): string {
  return (
    `the installer host ${instanceId} has not published its ssh host keys in the SSM parameter ${parameter} within ${timeoutSeconds} seconds. ` +
    `It needs a route to SSM and to public.ecr.aws, or a proxy; its console output ` +
    `(aws ec2 get-console-output --latest --instance-id ${instanceId} --region ${region}) shows how far it booted. ` +
    `Fix the cause and run pulumi up again.`
  );
}

/** Reads the parameter; empty while it does not exist. */
export async function readHostKeys(client: SSMClient, parameter: string): Promise<string> {
  try {
    const { Parameter: found } = await client.send(new GetParameterCommand({ Name: parameter }));
    return found?.Value ?? "";
  } catch (error) {
    if (error instanceof ParameterNotFound) return "";
    throw error;
  }
}

/** Deletes the parameter, if it exists. */
export async function deleteHostKeys(client: SSMClient, parameter: string): Promise<void> {
  try {
    await client.send(new DeleteParameterCommand({ Name: parameter }));
  } catch (error) {
    if (!(error instanceof ParameterNotFound)) throw error;
  }
}
