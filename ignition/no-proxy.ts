import type { Configuration } from "../config/configuration";
import { partitionOf } from "../config/partition";
import { registryHost } from "./installer-host/registry";

/** Host names of services whose endpoint is not simply named after them (AWS PrivateLink guide, "Services that integrate"). */
const hostPrefixes: Readonly<Partial<Record<string, string>>> = { "ecr.api": "api.ecr", "ecr.dkr": "*.dkr.ecr" };

/** As the whole list: everything is reached without the proxy. */
const EVERYTHING = "*";

/** Whether anything goes through the proxy. */
export function usesProxy({ proxy }: Pick<Configuration, "proxy">): boolean {
  return proxy !== undefined && proxy.noProxy !== EVERYTHING;
}

/** What decides about what is reached without the proxy. */
export type Reach = Pick<Configuration, "proxy" | "network" | "region" | "mirror" | "clusterDomain">;

/**
 * What the cluster reaches without its proxy: the user's list, and the AWS services that the VPC has endpoints for, which
 * a proxy outside may not reach for it (reference, section 2), and the registry that images are mirrored in. The installer adds the cluster's own names.
 * `*` stays alone: openshift-install refuses it in a list (pkg/types/validation/installconfig.go, validateProxy, release-4.19), curl reads it only alone, and
 * the network operator adds nothing to it (openshift/cluster-network-operator, pkg/controller/proxyconfig/status.go, syncProxyStatus, commit 1a730ee).
 */
export function noProxyList({ proxy, network, region, mirror, clusterDomain }: Reach): string {
  if (proxy?.noProxy === EVERYTHING) return EVERYTHING;
  const given = (proxy?.noProxy ?? "").split(",").map((entry) => entry.trim());
  const services = network.kind === "new" ? ["s3", ...network.interfaceEndpoints] : [];
  const hosts = services.map((service) => `${hostPrefixes[service] ?? service}.${region}.${partitionOf(region).dnsSuffix}`);
  // Buckets are names below the service's; a leading dot stands for all of them.
  const names = hosts.flatMap((host) => (host.startsWith("s3.") ? [host, `.${host}`] : [host.replace(/^\*/, "")]));
  const registry = mirror === undefined ? [] : [registryHost(clusterDomain)];
  return [...new Set([...given, ...names, ...registry])].filter((entry) => entry !== "").join(",");
}
