import type * as pulumi from "@pulumi/pulumi";
import { ClusterApi } from "../components/platform/cluster-api";
import { ClusterSettings } from "../components/platform/cluster-settings";
import { RouterShards, type ShardOutput } from "../components/platform/router-shards";
import type { Configuration } from "../config/configuration";
import { partitionOf } from "../config/partition";
import type { Cluster } from "./cluster";
import type { Infrastructure } from "./infrastructure";

/** What the outputs need of the installed cluster's configuration. */
export interface Platform {
  readonly shards: pulumi.Output<ShardOutput[]> | undefined;
}

/** What an installed cluster is configured with: each topic is a component, and what isn't configured declares nothing. */
export function configurePlatform(configuration: Configuration, infrastructure: Infrastructure, { installed }: Cluster): Platform {
  const { platform, region, clusterDomain } = configuration;
  const { identity, infraId, files, naming, network, infra, workerGroupId, privateZone, appsZones, markers } = infrastructure;
  const api = new ClusterApi("cluster-api", { kubeconfig: files.kubeconfig, infraId, identity, installed });
  new ClusterSettings("cluster-settings", { api, settings: platform.settings });
  const { shards } = new RouterShards("router-shards", {
    api,
    routers: platform.routers,
    naming,
    partition: partitionOf(region),
    network,
    workerGroupId,
    privateZone,
    appsZones,
    clusterDomain,
    kubeconfig: files.kubeconfig,
    stands: markers.has("installed"),
    infra: infra.machines,
  });
  return { shards };
}
