import * as pulumi from "@pulumi/pulumi";
import { etcdBackupAlerts } from "../../cluster-objects/etcd-backup/alerts";
import type { ClusterApi } from "./cluster-api";

export interface EtcdBackupAlertsArgs {
  readonly api: ClusterApi;
}

/** Alerts for a backup that fails or is missing. */
export class EtcdBackupAlerts extends pulumi.ComponentResource {
  constructor(name: string, { api }: EtcdBackupAlertsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("okd:cluster:EtcdBackupAlerts", name, {}, opts);
    api.object(`${name}-rule`, etcdBackupAlerts(), { parent: this });
    this.registerOutputs();
  }
}
