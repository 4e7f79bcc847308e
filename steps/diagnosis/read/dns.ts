import {
  ListHostedZonesByNameCommand,
  ListHostedZonesByVPCCommand,
  ListResourceRecordSetsCommand,
  Route53Client,
  type VPCRegion,
} from "@aws-sdk/client-route-53";
import { AssumeRoleCommand } from "@aws-sdk/client-sts";
import { clientConfiguration } from "../../../lib/aws/client";
import { recordName } from "../../../lib/aws/record-name";
import type { Attempts } from "../attempts";
import type { DnsEvidence, NetworkEvidence } from "../evidence";
import type { DiagnosisTarget } from "../target";
import type { DiagnosisClients } from "./clients";

/** Zones per page. One page is enough for all zones with the same name. */
const pageSize = 100;

/** Maximum number of record sets that are read per name: a name has one record set per type. */
const recordsOfAName = 10;

/** Reads the zones that must contain the API's names, and these names' records; nothing with user-managed DNS. */
export async function readDns(
  target: DiagnosisTarget,
  network: Promise<NetworkEvidence | undefined>,
  clients: DiagnosisClients,
  attempts: Attempts,
): Promise<DnsEvidence> {
  if (!target.dnsManaged) return { records: [] };
  const { clusterDomain, baseDomain, publish, region } = target;
  const zonesNamed = (name: string, isPrivate: boolean) =>
    attempts.ask("DNS", `the hosted zones of ${name}`, "route53:ListHostedZonesByName", async (abortSignal) => {
      const question = new ListHostedZonesByNameCommand({ DNSName: name, MaxItems: pageSize });
      const { HostedZones = [] } = await clients.dns.send(question, { abortSignal });
      return HostedZones.filter(
        (zone) => recordName(zone.Name) === recordName(name) && (zone.Config?.PrivateZone ?? false) === isPrivate,
      ).map(({ Id }) => plainId(Id));
    });
  const zonesOfVpc = async () => {
    const found = await network;
    if (found === undefined) return undefined;
    return attempts.ask("DNS", `the private zones of ${found.vpcId}`, "route53:ListHostedZonesByVPC", async (abortSignal) => {
      const zones: { id: string; name: string }[] = [];
      let NextToken: string | undefined;
      do {
        const question = new ListHostedZonesByVPCCommand({ VPCId: found.vpcId, VPCRegion: region as VPCRegion, NextToken });
        const answer = await clients.dns.send(question, { abortSignal });
        zones.push(...(answer.HostedZoneSummaries ?? []).map(({ HostedZoneId, Name = "" }) => ({ id: plainId(HostedZoneId), name: Name })));
        ({ NextToken } = answer);
      } while (NextToken !== undefined);
      return zones.filter(({ name }) => recordName(name) === recordName(clusterDomain));
    });
  };
  const names = ["api", "api-int", ...(target.needsRegistry ? ["registry"] : [])];
  const [associated, privateZones, publicZones] = await Promise.all([
    zonesOfVpc(),
    zonesNamed(clusterDomain, true),
    publish === "External" ? zonesNamed(baseDomain, false) : [],
  ]);
  const wanted: (readonly [zone: string, name: string, isPrivate: boolean])[] = [
    ...(associated ?? []).flatMap(({ id }) => names.map((host) => [id, `${host}.${clusterDomain}`, true] as const)),
    ...(publicZones ?? []).map((id) => [id, `api.${clusterDomain}`, false] as const),
  ];
  const records = await Promise.all(
    wanted.map(async ([zone, name, isPrivate]) => {
      const found = await attempts.ask("DNS", `${name} in zone ${zone}`, "route53:ListResourceRecordSets", async (abortSignal) => {
        const client = isPrivate ? await zoneOwnersClient(target, clients, abortSignal) : clients.dns;
        const question = new ListResourceRecordSetsCommand({ HostedZoneId: zone, StartRecordName: name, MaxItems: recordsOfAName });
        const { ResourceRecordSets = [] } = await client.send(question, { abortSignal });
        return ResourceRecordSets.filter(({ Name, Type = "" }) => recordName(Name) === recordName(name) && ["A", "CNAME"].includes(Type));
      });
      return found === undefined ? [] : [{ zone, name, found }];
    }),
  );
  return {
    records: records.flat(),
    ...(associated && { associated }),
    ...(privateZones && { privateZones }),
    ...(publicZones && { publicZone: publicZones[0] ?? null }),
  };
}

/** A Route 53 client for the account that owns the private zone. */
async function zoneOwnersClient(
  { privateZoneRoleArn, region }: DiagnosisTarget,
  clients: DiagnosisClients,
  abortSignal: AbortSignal,
): Promise<Route53Client> {
  if (privateZoneRoleArn === undefined) return clients.dns;
  const question = new AssumeRoleCommand({ RoleArn: privateZoneRoleArn, RoleSessionName: "okd-aws-diagnosis" });
  const { Credentials } = await clients.identity.send(question, { abortSignal });
  if (Credentials?.AccessKeyId === undefined || Credentials.SecretAccessKey === undefined) {
    throw new Error(`STS returned no credentials for ${privateZoneRoleArn}`);
  }
  const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken } = Credentials;
  return new Route53Client({ ...clientConfiguration(region), credentials: { accessKeyId, secretAccessKey, sessionToken } });
}

/** A zone's ID without the prefix `/hostedzone/`, which some answers of Route 53 have. */
function plainId(id = ""): string {
  return id.replace(/^\/hostedzone\//, "");
}
