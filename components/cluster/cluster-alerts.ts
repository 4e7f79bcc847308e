import * as pulumi from "@pulumi/pulumi";
import { watchedCertificates } from "../../cluster-objects/alerts/certificates";
import { clusterAlerts } from "../../cluster-objects/alerts/cluster";
import type { PlatformConfiguration } from "../../config/configuration";
import type { ClusterApi } from "./cluster-api";

export interface ClusterAlertsArgs {
  readonly api: ClusterApi;
  readonly platform: Pick<PlatformConfiguration, "settings" | "routers">;
}

/** Alerts on updates, router shards and serving certificates. */
export class ClusterAlerts extends pulumi.ComponentResource {
  constructor(name: string, { api, platform }: ClusterAlertsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("okd:cluster:ClusterAlerts", name, {}, opts);
    const rule = clusterAlerts({ shards: platform.routers.shards, certificates: watchedCertificates(platform) });
    api.object(`${name}-rule`, rule, { parent: this });
    this.registerOutputs();
  }
}
