import {
  GetHostedZoneCommand,
  ListResourceRecordSetsCommand,
  type ListResourceRecordSetsCommandInput,
  type ListResourceRecordSetsCommandOutput,
  paginateListHostedZones,
  type ResourceRecordSet,
  type Route53Client,
} from "@aws-sdk/client-route-53";
import { recordName, targetName } from "../../../lib/aws/record-name";
import type { DnsRecord, Zone } from "../aws-snapshot";
import { clientsOf } from "./clients";
import { collectPages } from "../../../lib/aws/pages";

/** The account's hosted zones with their records. */
export async function readZones(region: string): Promise<Zone[]> {
  const { route53: client } = clientsOf(region);
  const zones = await collectPages(paginateListHostedZones({ client }, {}), (page) => page.HostedZones);
  return Promise.all(
    zones.map(async ({ Id = "", Name, Config }) => {
      const isPrivate = Config?.PrivateZone === true;
      const [records, vpcs] = await Promise.all([
        readRecords(client, Id),
        isPrivate ? client.send(new GetHostedZoneCommand({ Id })).then(({ VPCs = [] }) => VPCs) : [],
      ]);
      return {
        id: Id.replace(/^\/hostedzone\//, ""),
        name: recordName(Name),
        private: isPrivate,
        vpcIds: vpcs.flatMap(({ VPCId }) => VPCId ?? []),
        records: records.map(recordOf),
      };
    }),
  );
}

/** All records of a zone. The SDK has no paginator for them. */
async function readRecords(client: Route53Client, zoneId: string): Promise<ResourceRecordSet[]> {
  const records: ResourceRecordSet[] = [];
  let next: ListResourceRecordSetsCommandInput | undefined = { HostedZoneId: zoneId };
  while (next !== undefined) {
    const page: ListResourceRecordSetsCommandOutput = await client.send(new ListResourceRecordSetsCommand(next));
    records.push(...(page.ResourceRecordSets ?? []));
    next = page.IsTruncated
      ? {
          ...next,
          StartRecordName: page.NextRecordName,
          StartRecordType: page.NextRecordType,
          StartRecordIdentifier: page.NextRecordIdentifier,
        }
      : undefined;
  }
  return records;
}

function recordOf({ Name, Type, ResourceRecords = [], AliasTarget }: ResourceRecordSet): DnsRecord {
  return {
    name: recordName(Name),
    type: Type ?? "",
    values: ResourceRecords.flatMap(({ Value }) => Value ?? []),
    ...(AliasTarget === undefined ? {} : { alias: targetName(AliasTarget.DNSName) }),
  };
}
