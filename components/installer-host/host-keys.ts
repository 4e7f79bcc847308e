import { setTimeout } from "node:timers/promises";
import { DeleteParameterCommand, GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import * as pulumi from "@pulumi/pulumi";
import { publishedHostKeys } from "../../ignition/installer-host/host-keys";
import { clientConfiguration } from "../../operations/aws-client";
import { Hiccups } from "../../operations/hiccup";

interface Parameter {
  readonly region: string;
  /** The SSM parameter's name. */
  readonly parameter: string;
}

interface Awaited_ extends Parameter {
  readonly instanceId: string;
  /** Milliseconds between two looks, and in all. */
  readonly interval: number;
  readonly timeout: number;
}

/** A machine boots and pulls one image in two to four minutes; what takes longer than this doesn't come. */
const timeout = 15 * 60_000;
const interval = 5_000;

/** The value of a parameter; nothing while it isn't there. */
async function read(client: SSMClient, name: string): Promise<string> {
  try {
    const { Parameter: found } = await client.send(new GetParameterCommand({ Name: name }));
    return found?.Value ?? "";
  } catch (error) {
    if ((error as Error).name === "ParameterNotFound") return "";
    throw error;
  }
}

/** Waits until the instance has published its keys. */
async function waitForHostKeys(inputs: Awaited_): Promise<{ hostKeys: string[] }> {
  const client = new SSMClient(clientConfiguration(inputs.region));
  const end = Date.now() + inputs.timeout;
  const say = (line: string) => process.stderr.write(`${line}\n`);
  const hiccups = new Hiccups({ of: `the SSM parameter ${inputs.parameter}`, say });
  try {
    for (;;) {
      const text = (await hiccups.ask(() => read(client, inputs.parameter)))?.answer ?? "";
      const hostKeys = publishedHostKeys(text, inputs.instanceId);
      if (hostKeys.length > 0) return { hostKeys };
      if (Date.now() + inputs.interval > end) {
        throw new Error(
          `the installer host ${inputs.instanceId} has not published its ssh host keys in the SSM parameter ${inputs.parameter} within ${inputs.timeout / 1000} seconds. ` +
            `It needs a way to SSM and to public.ecr.aws, or a proxy; its console output (aws ec2 get-console-output --instance-id ${inputs.instanceId}) says how far it came. ` +
            `Run pulumi up again once that is mended.${hiccups.last}`,
        );
      }
      await setTimeout(inputs.interval);
    }
  } finally {
    client.destroy();
  }
}

/** Reads what the host has published; another machine's keys are read anew. */
export const hostKeysProvider: pulumi.dynamic.ResourceProvider<Awaited_, Awaited_ & { hostKeys: string[] }> = {
  async create(inputs) {
    return { id: inputs.instanceId, outs: { ...inputs, ...(await waitForHostKeys(inputs)) } };
  },
  diff(_id, olds, news) {
    return Promise.resolve({ changes: olds.instanceId !== news.instanceId, replaces: ["instanceId"] });
  },
};

/** Makes nothing, since the host does; removes what it has made. */
export const hostKeyParameterProvider: pulumi.dynamic.ResourceProvider<Parameter, Parameter> = {
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

/** The SSM parameter that the host writes. Declared before the machine, it goes after the machine, however far that came. */
export class HostKeyParameter extends pulumi.dynamic.Resource {
  constructor(name: string, args: HostKeyParameterArgs, opts?: pulumi.CustomResourceOptions) {
    super(hostKeyParameterProvider, name, { ...args }, opts, "okd", "HostKeyParameter");
  }
}

export interface HostKeysArgs extends HostKeyParameterArgs {
  readonly instanceId: pulumi.Input<string>;
}

/** The machine's public ssh host keys, known over AWS before the first connection. */
export class HostKeys extends pulumi.dynamic.Resource {
  /** `type base64`; first the one that Go's client asks for. */
  declare readonly hostKeys: pulumi.Output<string[]>;

  constructor(name: string, args: HostKeysArgs, opts?: pulumi.CustomResourceOptions) {
    super(hostKeysProvider, name, { ...args, interval, timeout, hostKeys: undefined }, opts, "okd", "HostKeys");
  }
}
