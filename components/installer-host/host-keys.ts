import { setTimeout } from "node:timers/promises";
import { DeleteParameterCommand, GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import * as pulumi from "@pulumi/pulumi";
import { publishedHostKeys } from "../../ignition/installer-host/host-keys";
import { clientConfiguration } from "../../lib/aws/client";
import { TolerantReader } from "../../lib/temporary-error";

interface KeyParameter {
  readonly region: string;
  /** The SSM parameter's name. */
  readonly parameter: string;
}

interface AwaitedKeys extends KeyParameter {
  readonly instanceId: string;
  /** Milliseconds between two lookups, and until the wait fails. */
  readonly interval: number;
  readonly timeout: number;
}

/** An instance boots and pulls one image in two to four minutes. 15 minutes is this project's choice. */
const timeoutMs = 15 * 60_000;
const intervalMs = 5_000;

/** The value of a parameter; empty while it does not exist. */
async function read(client: SSMClient, name: string): Promise<string> {
  try {
    const { Parameter: found } = await client.send(new GetParameterCommand({ Name: name }));
    return found?.Value ?? "";
  } catch (error) {
    if ((error as Error).name === "ParameterNotFound") return "";
    throw error;
  }
}

/** Waits until the instance has published its host keys. */
async function waitForHostKeys(inputs: AwaitedKeys): Promise<{ hostKeys: string[] }> {
  const client = new SSMClient(clientConfiguration(inputs.region));
  const end = Date.now() + inputs.timeout;
  const say = (line: string) => process.stderr.write(`${line}\n`);
  const reader = new TolerantReader({ of: `the SSM parameter ${inputs.parameter}`, say });
  try {
    for (;;) {
      const text = (await reader.read(() => read(client, inputs.parameter)))?.answer ?? "";
      const hostKeys = publishedHostKeys(text, inputs.instanceId);
      if (hostKeys.length > 0) return { hostKeys };
      if (Date.now() + inputs.interval > end) {
        throw new Error(
          `the installer host ${inputs.instanceId} has not published its ssh host keys in the SSM parameter ${inputs.parameter} within ${inputs.timeout / 1000} seconds. ` +
            `It needs a route to SSM and to public.ecr.aws, or a proxy; its console output (aws ec2 get-console-output --instance-id ${inputs.instanceId}) shows how far it booted. ` +
            `Fix the cause and run pulumi up again.${reader.lastFailure}`,
        );
      }
      await setTimeout(inputs.interval);
    }
  } finally {
    client.destroy();
  }
}

/** Reads the host keys that the instance has published; after a replacement of the instance, again. */
export const hostKeysProvider: pulumi.dynamic.ResourceProvider<AwaitedKeys, AwaitedKeys & { hostKeys: string[] }> = {
  async create(inputs) {
    return { id: inputs.instanceId, outs: { ...inputs, ...(await waitForHostKeys(inputs)) } };
  },
  diff(_id, olds, news) {
    return Promise.resolve({ changes: olds.instanceId !== news.instanceId, replaces: ["instanceId"] });
  },
};

/** Deletes the parameter on delete. Creating it is left to the host. */
export const hostKeyParameterProvider: pulumi.dynamic.ResourceProvider<KeyParameter, KeyParameter> = {
  create: (inputs) => Promise.resolve({ id: inputs.parameter, outs: inputs }),
  diff: (_id, olds, news) => Promise.resolve({ changes: olds.parameter !== news.parameter, replaces: ["parameter"] }),
  async delete(_id, { region, parameter }) {
    const client = new SSMClient(clientConfiguration(region));
    try {
      await client.send(new DeleteParameterCommand({ Name: parameter }));
    } catch (error) {
      if ((error as Error).name !== "ParameterNotFound") throw error;
    } finally {
      client.destroy();
    }
  },
};

export interface HostKeyParameterArgs {
  readonly region: string;
  readonly parameter: pulumi.Input<string>;
}

/**
 * The SSM parameter that the host writes. It is declared before the instance, so it is deleted after it, even if the instance never
 * published its keys.
 */
export class HostKeyParameter extends pulumi.dynamic.Resource {
  constructor(name: string, args: HostKeyParameterArgs, opts?: pulumi.CustomResourceOptions) {
    super(hostKeyParameterProvider, name, { ...args }, opts, "okd", "HostKeyParameter");
  }
}

export interface HostKeysArgs extends HostKeyParameterArgs {
  readonly instanceId: pulumi.Input<string>;
}

/** The instance's public SSH host keys. They come through the SSM parameter, so they are known before the first connection. */
export class HostKeys extends pulumi.dynamic.Resource {
  /** Host keys in the format `type base64`. The first one has the type that Go's SSH client requests first. */
  declare readonly hostKeys: pulumi.Output<string[]>;

  constructor(name: string, args: HostKeysArgs, opts?: pulumi.CustomResourceOptions) {
    super(hostKeysProvider, name, { ...args, interval: intervalMs, timeout: timeoutMs, hostKeys: undefined }, opts, "okd", "HostKeys");
  }
}
