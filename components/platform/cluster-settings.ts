import * as pulumi from "@pulumi/pulumi";
import type { ClusterSettings as Settings } from "../../config/platform/cluster-settings";
import { apiServerSettings } from "../../platform/settings/api-server";
import { consoleBanner } from "../../platform/settings/console";
import type { ClusterApi } from "./cluster-api";

export interface ClusterSettingsArgs {
  readonly api: ClusterApi;
  readonly settings: Settings;
}

/** The cluster's own objects, set as the configuration says. */
export class ClusterSettings extends pulumi.ComponentResource {
  constructor(name: string, { api, settings }: ClusterSettingsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("okd:platform:ClusterSettings", name, {}, opts);
    const child = { parent: this };
    const apiServer = apiServerSettings(settings);
    if (apiServer) api.patch(`${name}-api-server`, apiServer, child);
    if (settings.consoleBanner !== undefined) api.object(`${name}-console-banner`, consoleBanner(settings.consoleBanner), child);
    this.registerOutputs();
  }
}
