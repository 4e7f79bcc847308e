import type * as pulumi from "@pulumi/pulumi";
import type { LoadBalancers } from "../components/load-balancers";
import { type UserRecord, UserRecords, type UserRecordsArgs } from "../components/user-records";
import type { Configuration } from "../config/configuration";
import type { InstallerHostServices } from "./installer-host";

/** Records of the cluster's API and of the installer host's registry that the user must create (user-managed DNS). */
export function apiRecords(
  { clusterDomain }: Pick<Configuration, "clusterDomain">,
  { internal, external }: Pick<LoadBalancers, "internal" | "external">,
  host: InstallerHostServices | undefined,
): UserRecord[] {
  const registry = host && { name: host.host.registry.host, type: "A" as const, target: host.host.instance.privateIp };
  return [
    // Wherever the installer runs, it waits for the API under this name (`openshift-install wait-for`).
    { name: `api.${clusterDomain}`, type: "CNAME", target: (external ?? internal).dnsName, neededBy: "here" },
    { name: `api-int.${clusterDomain}`, type: "CNAME", target: internal.dnsName, neededBy: "vpc" },
    // Nodes need this record only with a mirrored release.
    ...(registry ? [{ ...registry, ...(host.mirror && { neededBy: "vpc" as const }) }] : []),
  ];
}

/** Lists the API's records for the user and waits for the records that instances need to boot. */
export function waitForApiRecords(
  { bootstrapTimeout }: Pick<Configuration, "bootstrapTimeout">,
  args: Pick<UserRecordsArgs, "executor" | "records" | "passed">,
): pulumi.Resource {
  return new UserRecords("user-records", { ...args, title: "dns-records", timeoutSeconds: bootstrapTimeout * 60 }).ready;
}

/** The default router's record. In a private cluster it has to be resolvable only in the VPC. */
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
