import type { Configuration } from "../config/configuration";
import { partitionOf } from "../config/partition";
import { registryHost } from "./installer-host/registry";

/** Host name prefixes of services whose endpoint is not simply named after them (AWS PrivateLink guide, "Services that integrate"). */
const hostPrefixes: Readonly<Partial<Record<string, string>>> = { "ecr.api": "api.ecr", "ecr.dkr": "*.dkr.ecr" };

/** A noProxy that consists only of `*`: nothing uses the proxy. */
const EVERYTHING = "*";

/** Whether any traffic goes through the proxy. */
export function usesProxy({ proxy }: Pick<Configuration, "proxy">): boolean {
  return proxy !== undefined && proxy.noProxy !== EVERYTHING;
}

/** The settings that determine which destinations bypass the proxy. */
export type NoProxySettings = Pick<Configuration, "proxy" | "network" | "region" | "mirror" | "clusterDomain">;

/**
 * Destinations that the cluster reaches without the proxy: the user's list, the AWS services for which the VPC has endpoints (a proxy
 * outside the VPC may not reach these endpoints), and the registry with mirrored images. The installer adds the cluster's own names. `*`
 * must stay alone: openshift-install refuses it in a list (pkg/types/validation/installconfig.go, validateProxy, release-4.19), curl
 * accepts it only alone, and the network operator adds nothing to it (openshift/cluster-network-operator,
 * pkg/controller/proxyconfig/status.go, syncProxyStatus, commit 1a730ee).
 */
export function noProxyList({ proxy, network, region, mirror, clusterDomain }: NoProxySettings): string {
  if (proxy?.noProxy === EVERYTHING) return EVERYTHING;
  const given = (proxy?.noProxy ?? "").split(",").map((entry) => entry.trim());
  const services = network.kind === "new" ? ["s3", ...network.interfaceEndpoints] : [];
  const hosts = services.map((service) => `${hostPrefixes[service] ?? service}.${region}.${partitionOf(region).dnsSuffix}`);
  // Buckets are subdomains of the service's name; a leading dot matches all of them.
  const names = hosts.flatMap((host) => (host.startsWith("s3.") ? [host, `.${host}`] : [host.replace(/^\*/, "")]));
  const registry = mirror === undefined ? [] : [registryHost(clusterDomain)];
  return [...new Set([...given, ...names, ...registry])].filter((entry) => entry !== "").join(",");
}
