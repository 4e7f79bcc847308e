import {
  ChangeResourceRecordSetsCommand,
  ListResourceRecordSetsCommand,
  type ListResourceRecordSetsCommandInput,
  type ListResourceRecordSetsCommandOutput,
  type ResourceRecordSet,
  type Route53Client,
} from "@aws-sdk/client-route-53";
import { recordName, targetName } from "../../../lib/aws/record-name";
import type { ClusterResource, ResourceKind } from "../resource-kind";
import { balancerNames } from "./balancers";

interface RecordFound extends ClusterResource {
  readonly zoneId: string;
  readonly roleArn: string | undefined;
  readonly record: ResourceRecordSet;
}

/**
 * Records that the cluster wrote to its zones. Records have no tags: a record belongs to the cluster if it points to a load balancer of the cluster,
 * or if it is the wildcard record of the cluster's applications. So records are deleted while the cluster's load balancers still exist.
 */
export const dnsRecords: ResourceKind<RecordFound> = {
  name: "DNS records",
  arns: /^arn:[^:]+:route53:::rrset\//,
  async list(context) {
    const { target, clients } = context;
    const names = new Set((await balancerNames(context)).map(targetName));
    const found = await Promise.all(
      target.zones.map(async ({ id: zoneId, roleArn }) => {
        return (await recordsOf(zoneId, await clients.dns(roleArn)))
          .filter((record) => isApps(record, target.clusterDomain) || targetsOf(record).some((name) => names.has(name)))
          .map((record) => ({ id: `${recordName(record.Name)} ${record.Type ?? ""} in ${zoneId}`, zoneId, roleArn, record }));
      }),
    );
    return found.flat();
  },
  async remove({ zoneId, roleArn, record }, { clients }) {
    const Changes = [{ Action: "DELETE" as const, ResourceRecordSet: record }];
    await (await clients.dns(roleArn)).send(new ChangeResourceRecordSetsCommand({ HostedZoneId: zoneId, ChangeBatch: { Changes } }));
  },
};

/** All records of a zone; none if the zone no longer exists. */
async function recordsOf(HostedZoneId: string, client: Route53Client): Promise<ResourceRecordSet[]> {
  const all: ResourceRecordSet[] = [];
  let start: Partial<ListResourceRecordSetsCommandInput> | undefined = {};
  while (start !== undefined) {
    try {
      const page: ListResourceRecordSetsCommandOutput = await client.send(new ListResourceRecordSetsCommand({ HostedZoneId, ...start }));
      all.push(...(page.ResourceRecordSets ?? []));
      start = page.IsTruncated
        ? { StartRecordName: page.NextRecordName, StartRecordType: page.NextRecordType, StartRecordIdentifier: page.NextRecordIdentifier }
        : undefined;
    } catch (error) {
      if (error instanceof Error && error.name === "NoSuchHostedZone") return [];
      throw error;
    }
  }
  return all;
}

function isApps({ Name, Type }: ResourceRecordSet, clusterDomain: string): boolean {
  return ["A", "AAAA", "CNAME"].includes(Type ?? "") && recordName(Name) === `*.apps.${clusterDomain.toLowerCase()}`;
}

function targetsOf({ Type, AliasTarget, ResourceRecords = [] }: ResourceRecordSet): string[] {
  const values = Type === "CNAME" ? ResourceRecords.map(({ Value }) => Value) : [];
  return [AliasTarget?.DNSName, ...values].filter((name) => name !== undefined).map(targetName);
}
