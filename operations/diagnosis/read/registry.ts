import { type Instance, paginateDescribeInstances } from "@aws-sdk/client-ec2";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { healthKey, parseHostHealth } from "../../../ignition/installer-host/health";
import type { Attempts } from "../attempts";
import type { RegistryReading } from "../reading";
import type { Subject } from "../subject";
import { type Clients, collect, unlessMissing } from "./clients";

/** The installer host, and what it has published of itself; undefined where machines find their images elsewhere, too. */
export async function readRegistry(
  { infraId, needsRegistry }: Subject,
  { ec2, storage }: Clients,
  attempts: Attempts,
): Promise<RegistryReading | undefined> {
  if (!needsRegistry) return undefined;
  const Bucket = `${infraId}-assets`;
  const [host, health] = await Promise.all([
    attempts.ask("registry", "the installer host", "ec2:DescribeInstances", async (abortSignal) => {
      const Filters = [{ Name: "tag:Name", Values: [`${infraId}-installer-host`] }];
      const found = await collect(paginateDescribeInstances({ client: ec2 }, { Filters }, { abortSignal }), ({ Reservations }) =>
        Reservations?.flatMap(({ Instances = [] }) => Instances),
      );
      // One that was replaced is still listed for an hour.
      return found.sort((one, other) => started(other) - started(one)).at(0) ?? null;
    }),
    attempts.ask("registry", `s3://${Bucket}/${healthKey}`, "s3:GetObject", async (abortSignal) => {
      const answer = await unlessMissing(storage.send(new GetObjectCommand({ Bucket, Key: healthKey }), { abortSignal }));
      return answer === null ? null : parseHostHealth((await answer.Body?.transformToString()) ?? "");
    }),
  ]);
  return { ...(host !== undefined && { host }), ...(health !== undefined && { health }) };
}

function started({ LaunchTime }: Instance): number {
  return LaunchTime?.getTime() ?? 0;
}
