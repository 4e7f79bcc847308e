import { SSMClient } from "@aws-sdk/client-ssm";
import { clientConfiguration } from "../../lib/aws/client";
import { runWithJsonRequest } from "../../lib/run-main";
import { type AwaitedHostKeys, deleteHostKeys, type HostKeyParameter, readHostKeys, waitForHostKeys } from "./host-keys";

/** The request of `components/installer-host/host-keys.ts`. */
export type HostKeysRequest = ({ readonly action: "wait" } & AwaitedHostKeys) | ({ readonly action: "delete" } & HostKeyParameter);

/** Waits for the installer host's SSH host keys and prints them, one key on each line; or deletes the parameter with the keys. */
runWithJsonRequest(async (given) => {
  const request = given as HostKeysRequest;
  const client = new SSMClient(clientConfiguration(request.region));
  if (request.action === "delete") return deleteHostKeys(client, request.parameter);
  const say = (line: string) => process.stderr.write(`${line}\n`);
  const keys = await waitForHostKeys(request, { read: () => readHostKeys(client, request.parameter), say });
  process.stdout.write(`${keys.join("\n")}\n`);
});
