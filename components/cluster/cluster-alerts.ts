import * as pulumi from "@pulumi/pulumi";
import { watchedCertificates } from "../../cluster-objects/alerts/certificates";
import { clusterAlerts } from "../../cluster-objects/alerts/cluster";
import type { PlatformConfiguration } from "../../config/configuration";
import type { ClusterApi } from "./cluster-api";

export interface ClusterAlertsArgs {
  readonly api: ClusterApi;
  readonly platform: Pick<PlatformConfiguration, "settings" | "routers">;
  /**
   * The router shards and the serving certificates. A rule that came first would report a shard that is still being created, and would be silent
   * about the certificate that is still served if the update ended in between.
   */
  readonly watched: readonly pulumi.Resource[];
}

/** Alerts on updates, router shards and serving certificates. */
export class ClusterAlerts extends pulumi.ComponentResource {
  constructor(name: string, { api, platform, watched }: ClusterAlertsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("okd:cluster:ClusterAlerts", name, {}, opts);
    const rule = clusterAlerts({ shards: platform.routers.shards, certificates: watchedCertificates(platform) });
    api.object(`${name}-rule`, rule, { parent: this, dependsOn: [...watched] });
    this.registerOutputs();
  }
}
