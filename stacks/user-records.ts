import type * as pulumi from "@pulumi/pulumi";
import type { LoadBalancers } from "../components/load-balancers";
import { type UserRecord, UserRecords, type UserRecordsArgs } from "../components/user-records";
import type { Configuration } from "../config/configuration";
import type { ServingHost } from "./serving-host";

/** The records of a cluster's API and of the installer host's registry, with DNS of the user's own. */
export function apiRecords(
  { clusterDomain }: Pick<Configuration, "clusterDomain">,
  { internal, external }: Pick<LoadBalancers, "internal" | "external">,
  host: ServingHost | undefined,
): UserRecord[] {
  const registry = host && { name: host.host.registry.host, type: "A" as const, target: host.host.instance.privateIp };
  return [
    // Where the installer runs it waits for the API by this name (`openshift-install wait-for`).
    { name: `api.${clusterDomain}`, type: "CNAME", target: (external ?? internal).dnsName, neededBy: "here" },
    { name: `api-int.${clusterDomain}`, type: "CNAME", target: internal.dnsName, neededBy: "vpc" },
    // Machines need it for a mirrored release only.
    ...(registry ? [{ ...registry, ...(host.mirror && { neededBy: "vpc" as const }) }] : []),
  ];
}

/** Lists the API's records for the user and waits for those that machines need to boot. */
export function waitForApiRecords(
  { bootstrapTimeout }: Pick<Configuration, "bootstrapTimeout">,
  args: Pick<UserRecordsArgs, "executor" | "records" | "passed">,
): pulumi.Resource {
  return new UserRecords("user-records", { ...args, title: "dns-records", timeoutSeconds: bootstrapTimeout * 60 }).ready;
}

/** The record of the default router. Of a private cluster only its network may know it. */
export function appsRecord(
  { clusterDomain, publish }: Pick<Configuration, "clusterDomain" | "publish">,
  router: pulumi.Input<string>,
): UserRecord {
  return {
    name: `*.apps.${clusterDomain}`,
    host: `oauth-openshift.apps.${clusterDomain}`,
    type: "CNAME",
    target: router,
    neededBy: publish === "External" ? "here" : "vpc",
  };
}
