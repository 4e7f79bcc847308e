import { type Instance, paginateDescribeInstances } from "@aws-sdk/client-ec2";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { healthKey, parseHostHealth } from "../../../ignition/installer-host/health";
import type { Attempts } from "../attempts";
import type { InstallerHostEvidence } from "../evidence";
import type { DiagnosisTarget } from "../target";
import { type DiagnosisClients, unlessMissing } from "./clients";
import { collectPages } from "../../../lib/aws/pages";

/** Reads the installer host and its published health; undefined if the cluster needs no installer host. */
export async function readInstallerHost(
  { infraId, needsRegistry, hasApprover }: DiagnosisTarget,
  { ec2, storage }: DiagnosisClients,
  attempts: Attempts,
): Promise<InstallerHostEvidence | undefined> {
  if (!needsRegistry && !hasApprover) return undefined;
  const layer = needsRegistry ? "registry" : "certificate approver";
  const Bucket = `${infraId}-assets`;
  const [host, health] = await Promise.all([
    attempts.ask(layer, "the installer host", "ec2:DescribeInstances", async (abortSignal) => {
      const Filters = [{ Name: "tag:Name", Values: [`${infraId}-installer-host`] }];
      const found = await collectPages(paginateDescribeInstances({ client: ec2 }, { Filters }, { abortSignal }), ({ Reservations }) =>
        Reservations?.flatMap(({ Instances = [] }) => Instances),
      );
      // EC2 lists a replaced instance for another hour, so the newest instance is used.
      return found.sort((one, other) => launchTime(other) - launchTime(one)).at(0) ?? null;
    }),
    attempts.ask(layer, `s3://${Bucket}/${healthKey}`, "s3:GetObject", async (abortSignal) => {
      const answer = await unlessMissing(storage.send(new GetObjectCommand({ Bucket, Key: healthKey }), { abortSignal }));
      return answer === null ? null : parseHostHealth((await answer.Body?.transformToString()) ?? "");
    }),
  ]);
  return { ...(host !== undefined && { host }), ...(health !== undefined && { health }) };
}

function launchTime({ LaunchTime }: Instance): number {
  return LaunchTime?.getTime() ?? 0;
}
