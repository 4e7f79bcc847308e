import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { HostKeysRequest } from "../../steps/installer-host/host-keys-cli";
import { ownProgram } from "../own-command";
import { waitForInstance } from "./instance-wait";

/** Seconds until the wait for the host keys fails. An instance boots and pulls one image in two to four minutes; 15 minutes is this project's choice. */
const timeoutSeconds = 15 * 60;

export interface HostKeyParameterArgs {
  readonly region: string;
  /** Name of the SSM parameter. */
  readonly parameter: pulumi.Output<string>;
}

/**
 * Declares a command that deletes, on destroy, the SSM parameter that the host writes. The instance must depend on this command, so that the
 * parameter is deleted after the instance. The command also succeeds if the instance never published its keys.
 */
export function deleteHostKeyParameter(name: string, args: HostKeyParameterArgs, opts: pulumi.CustomResourceOptions): pulumi.Resource {
  const request = args.parameter.apply((parameter): HostKeysRequest => ({ action: "delete", region: args.region, parameter }));
  return new command.local.Command(name, { interpreter: ownProgram("host-keys"), delete: pulumi.jsonStringify(request) }, opts);
}

export interface HostKeysArgs extends HostKeyParameterArgs {
  readonly instanceId: pulumi.Output<string>;
}

/**
 * The instance's public SSH host keys. They come through the SSM parameter, so they are known before the first connection. The program reads
 * them again for each replacement of the instance.
 *
 * @returns the keys in the format `type base64`. The first one has the type that Go's SSH client requests first.
 */
export function publishedKeys(name: string, args: HostKeysArgs, opts: pulumi.CustomResourceOptions): pulumi.Output<string[]> {
  const { region, parameter, instanceId } = args;
  const request = pulumi.all([parameter, instanceId]).apply(([from, instance]): HostKeysRequest => ({
    action: "wait",
    region,
    parameter: from,
    instanceId: instance,
    timeoutSeconds,
  }));
  const { stdout } = waitForInstance(name, "host-keys", { request, instanceId }, opts);
  // If a preview does not know the output, this function is called without a text.
  return stdout.apply((text?: string) => (text ?? "").trim().split("\n"));
}
