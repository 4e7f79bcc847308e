import { GetConsoleOutputCommand } from "@aws-sdk/client-ec2";
import { withTimeLimit } from "../../../lib/time-limit";
import { reasonOf } from "../../../lib/reason";
import { DiagnosisClients } from "../read/clients";
import type { Evidence } from "../evidence";
import type { DiagnosisTarget } from "../target";
import type { ArchiveFiles } from "./files";

/** The console output of each instance, which shows why a first boot failed. */
export async function consoleOutputs({ region }: DiagnosisTarget, { machines = [], installerHost }: Evidence): Promise<ArchiveFiles> {
  const host = installerHost?.host?.InstanceId;
  const all = [...machines, ...(host === undefined ? [] : [{ id: host, name: "installer-host" }])];
  const clients = new DiagnosisClients(region);
  try {
    const outputs = await Promise.all(
      all.map(async ({ id, name }) => [`console/${name}-${id}.txt`, await consoleOutput(clients, id)] as const),
    );
    return Object.fromEntries(outputs);
  } finally {
    clients.destroy();
  }
}

async function consoleOutput({ ec2 }: DiagnosisClients, InstanceId: string): Promise<string> {
  try {
    const { Output } = await withTimeLimit((abortSignal) =>
      // Only Nitro instances support `Latest`; clusters run only on these (EC2 API reference, GetConsoleOutput).
      ec2.send(new GetConsoleOutputCommand({ InstanceId, Latest: true }), { abortSignal }),
    );
    return Output === undefined ? "EC2 has no console output of this instance yet.\n" : Buffer.from(Output, "base64").toString("utf8");
  } catch (error) {
    return `EC2 did not return the console output: ${reasonOf(error)}\n`;
  }
}
