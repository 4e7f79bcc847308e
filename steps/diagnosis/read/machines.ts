import { DescribeInstanceAttributeCommand, paginateDescribeInstances } from "@aws-sdk/client-ec2";
import type { Attempts } from "../attempts";
import type { InstanceEvidence } from "../evidence";
import type { DiagnosisTarget } from "../target";
import type { DiagnosisClients } from "./clients";
import { collectPages } from "../../../lib/aws/pages";

/**
 * Reads the cluster's instances with their user data. EC2 also lists instances that were terminated within the last hour,
 * with the reason.
 */
export async function readMachines(
  target: DiagnosisTarget,
  clients: DiagnosisClients,
  attempts: Attempts,
): Promise<InstanceEvidence[] | undefined> {
  const instances = await attempts.ask("ignition", "the instances", "ec2:DescribeInstances", (abortSignal) =>
    collectPages(
      paginateDescribeInstances(
        { client: clients.ec2 },
        { Filters: [{ Name: "tag-key", Values: [`kubernetes.io/cluster/${target.infraId}`] }] },
        { abortSignal },
      ),
      ({ Reservations }) => Reservations?.flatMap(({ Instances = [] }) => Instances),
    ),
  );
  if (instances === undefined) return undefined;
  const machines = instances.flatMap((instance): InstanceEvidence[] => {
    const fullName = instance.Tags?.find(({ Key }) => Key === "Name")?.Value ?? "";
    const name = fullName.startsWith(`${target.infraId}-`) ? fullName.slice(target.infraId.length + 1) : fullName;
    const role = { bootstrap: "bootstrap", master: "master", worker: "worker", infra: "worker" }[name.split("-")[0] ?? ""];
    if (role === undefined || instance.InstanceId === undefined) return [];
    return [{ id: instance.InstanceId, name, role: role as InstanceEvidence["role"], instance }];
  });
  machines.sort((one, other) => one.name.localeCompare(other.name, "en", { numeric: true }));
  return Promise.all(
    machines.map(async (machine) => {
      if (machine.instance.State?.Name === "terminated") return machine;
      const userData = await attempts.ask(
        "ignition",
        `the user data of ${machine.name}`,
        "ec2:DescribeInstanceAttribute",
        async (abortSignal) => {
          const question = new DescribeInstanceAttributeCommand({ InstanceId: machine.id, Attribute: "userData" });
          const { UserData } = await clients.ec2.send(question, { abortSignal });
          return Buffer.from(UserData?.Value ?? "", "base64").toString("utf8");
        },
      );
      return userData === undefined ? machine : { ...machine, userData };
    }),
  );
}
