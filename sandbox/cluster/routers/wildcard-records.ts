import { ChangeResourceRecordSetsCommand, Route53Client } from "@aws-sdk/client-route-53";
import { sandboxClientConfiguration } from "../../aws/client";
import type { BootstrapConfig } from "../bootstrap-config";
import { type Balancer, ignoreErrors } from "./balancer";

/** Writes or deletes the record `*.<domain>` in the zones that the cluster's DNS object names. It names none if the user manages DNS. */
export async function changeRecords(
  change: "UPSERT" | "DELETE",
  domain: string,
  config: BootstrapConfig,
  region: string,
  balancer: Balancer,
): Promise<void> {
  const spec = config.manifest("DNS").spec as { privateZone?: { id?: string }; publicZone?: { id?: string } };
  const client = new Route53Client(sandboxClientConfiguration(region));
  for (const id of [spec.privateZone?.id, spec.publicZone?.id]) {
    if (id === undefined) continue;
    const target = { DNSName: balancer.dnsName, HostedZoneId: balancer.zoneId, EvaluateTargetHealth: false };
    const record = { Name: `*.${domain}.`, Type: "A" as const, AliasTarget: target };
    const Changes = [{ Action: change, ResourceRecordSet: record }];
    await client
      .send(new ChangeResourceRecordSetsCommand({ HostedZoneId: id, ChangeBatch: { Changes } }))
      // A record that is to be deleted, or its whole zone, may already be gone.
      .catch(change === "DELETE" ? ignoreErrors("InvalidChangeBatch", "NoSuchHostedZone") : rethrow);
  }
}

function rethrow(error: unknown): never {
  throw error;
}
