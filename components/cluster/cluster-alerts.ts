import * as pulumi from "@pulumi/pulumi";
import { watchedCertificates } from "../../cluster-objects/alerts/certificates";
import { clusterAlerts } from "../../cluster-objects/alerts/cluster";
import type { PlatformConfiguration } from "../../config/configuration";
import type { ClusterApi } from "./cluster-api";

export interface ClusterAlertsArgs {
  readonly api: ClusterApi;
  readonly platform: Pick<PlatformConfiguration, "settings" | "routers">;
  /**
   * The router shards and the serving certificates. The alerts are created after them. Created earlier, the alerts would report a shard that
   * does not exist yet. And if the update failed before it wrote a new certificate, no alert would watch the old certificate, which is still
   * served.
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
