import { paginateDescribeLoadBalancers as paginateClassic, ElasticLoadBalancingClient } from "@aws-sdk/client-elastic-load-balancing";
import { ElasticLoadBalancingV2Client, paginateDescribeLoadBalancers } from "@aws-sdk/client-elastic-load-balancing-v2";
import { ChangeResourceRecordSetsCommand, Route53Client } from "@aws-sdk/client-route-53";
import { collectPages } from "../../../lib/aws/pages";
import { sandboxClientConfiguration } from "../../aws/client";
import type { BootstrapConfig } from "../bootstrap-config";

/**
 * Writes or deletes the record `*.<domain>`, an alias of a load balancer, in the zones that the cluster's DNS object names. That object names no zones
 * if the user manages DNS.
 *
 * @throws Error if the record is to be written and no load balancer has the host name; AWS's errors
 */
export async function changeRecords(
  change: "UPSERT" | "DELETE",
  domain: string,
  config: BootstrapConfig,
  region: string,
  balancer: string,
): Promise<void> {
  const spec = config.manifest("DNS").spec as { privateZone?: { id?: string }; publicZone?: { id?: string } };
  const client = new Route53Client(sandboxClientConfiguration(region));
  const zone = await zoneOf(region, balancer);
  // Somebody has deleted the load balancer, so its zone is unknown and the record can't be named in a deletion.
  if (zone === undefined && change === "DELETE") return;
  if (zone === undefined) throw new Error(`couldn't find hosted zone ID of ELB ${balancer}`);
  const target = { DNSName: balancer, HostedZoneId: zone, EvaluateTargetHealth: false };
  for (const id of [spec.privateZone?.id, spec.publicZone?.id]) {
    if (id === undefined) continue;
    const record = { Name: `*.${domain}.`, Type: "A" as const, AliasTarget: target };
    await client
      .send(
        new ChangeResourceRecordSetsCommand({
          HostedZoneId: id,
          ChangeBatch: { Changes: [{ Action: change, ResourceRecordSet: record }] },
        }),
      )
      .catch((error: unknown) => {
        // A record that is to be deleted, or its whole zone, may already be gone.
        if (change !== "DELETE" || !["InvalidChangeBatch", "NoSuchHostedZone"].some((name) => (error as Error).name.startsWith(name)))
          throw error;
      });
  }
}

/** The hosted zone of a load balancer's name (openshift/cluster-ingress-operator, `pkg/dns/aws/dns.go`, release-4.19: getLBHostedZone). */
async function zoneOf(region: string, host: string): Promise<string | undefined> {
  const configuration = sandboxClientConfiguration(region);
  const [classic, modern] = await Promise.all([
    collectPages(paginateClassic({ client: new ElasticLoadBalancingClient(configuration) }, {}), (page) => page.LoadBalancerDescriptions),
    collectPages(
      paginateDescribeLoadBalancers({ client: new ElasticLoadBalancingV2Client(configuration) }, {}),
      (page) => page.LoadBalancers,
    ),
  ]);
  return (
    classic.find(({ DNSName }) => DNSName === host)?.CanonicalHostedZoneNameID ??
    modern.find(({ DNSName }) => DNSName === host)?.CanonicalHostedZoneId
  );
}
