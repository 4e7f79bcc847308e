import * as pulumi from "@pulumi/pulumi";
import { VELERO_DEFINITIONS } from "../../cluster-objects/velero/definitions";
import { veleroAlerts } from "../../cluster-objects/velero/alerts";
import { veleroMetrics } from "../../cluster-objects/velero/monitoring";
import { veleroAccount, veleroDeployment, veleroNamespace, veleroNetworkPolicy } from "../../cluster-objects/velero/server";
import {
  backupLocation,
  backupSchedule,
  snapshotClass,
  veleroCredentialsRequest,
  volumePolicies,
} from "../../cluster-objects/velero/storage";
import type { VeleroConfiguration } from "../../config/velero/settings";
import { tokenAudiences } from "../../ignition/token-issuer";
import { VeleroStorage, type VeleroStorageArgs } from "../velero-storage";
import { type ClusterApi, readyWhenField } from "./cluster-api";

export interface VeleroArgs {
  readonly api: ClusterApi;
  readonly settings: VeleroConfiguration;
  readonly storage: Omit<VeleroStorageArgs, "settings">;
  /**
   * The resources that give the infra nodes their role. A pod for infra nodes would stay pending until these exist, so Velero's server is created
   * after them.
   */
  readonly infraRoles?: readonly pulumi.Resource[];
}

/**
 * Backups of the cluster's objects with Velero: its CRDs, server, bucket, schedules and alerts. Each new schedule makes its first backup in the
 * update that adds it.
 */
export class Velero extends pulumi.ComponentResource {
  constructor(
    private readonly baseName: string,
    private readonly args: VeleroArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("okd:cluster:Velero", baseName, {}, opts);
    const { api, settings } = args;
    const storage = new VeleroStorage(`${baseName}-storage`, { ...args.storage, settings }, { parent: this });
    const crds = VELERO_DEFINITIONS.map((definition) =>
      api.object(`${baseName}-${definition.metadata.name.split(".")[0]}`, definition, { parent: this }),
    );
    const namespace = this.object("namespace", veleroNamespace());
    // Deleted after the server, and before the CRDs and the namespace.
    const removal = api.command(`${baseName}-removal`, "velero-removal", { delete: {} }, { parent: this, dependsOn: [...crds, namespace] });
    const monitors = this.monitoring(namespace);
    const server = this.server(storage, [removal, ...monitors]);
    const location = this.object("location", backupLocation(storage.bucket, args.storage.region), [removal]);
    const policies = volumePolicies().map((policy) =>
      this.object(policy.metadata.name.replace("okd-aws-", "policy-"), policy, [namespace]),
    );
    if (settings.snapshots) policies.push(this.object("snapshot-class", snapshotClass()));
    for (const schedule of settings.schedules) {
      const { name } = schedule;
      const declared = this.object(`schedule-${name}`, backupSchedule(schedule), [removal, ...policies]);
      api.command(
        `${baseName}-first-backup-${name}`,
        "velero-first-backup",
        { create: { schedule: name } },
        { parent: this, dependsOn: [server, location, declared] },
      );
    }
    this.registerOutputs();
  }

  /** The Deployment, with its account and its AWS credentials. */
  private server({ statements, roleArn }: VeleroStorage, after: readonly pulumi.Resource[]): pulumi.CustomResource {
    const { settings, infraRoles = [] } = this.args;
    const { account, binding } = veleroAccount();
    const needed = [this.object("account", account, after), this.object("binding", binding)];
    if (roleArn === undefined) {
      // If the cloud credential operator refuses the CredentialsRequest, the update fails here, with the reason from its conditions. Otherwise the
      // server's Deployment would fail, without the reason.
      const request = readyWhenField(".status.provisioned", veleroCredentialsRequest(statements));
      needed.push(this.object("credentials", request, after));
    }
    const credentials =
      roleArn === undefined ? { kind: "secret" as const } : { kind: "role" as const, arn: roleArn, audience: tokenAudiences.applications };
    return this.object("server", veleroDeployment(settings, credentials), [...after, ...needed, ...(settings.placement ? infraRoles : [])]);
  }

  private monitoring(namespace: pulumi.Resource): pulumi.Resource[] {
    const { service, monitor, role, binding } = veleroMetrics();
    const objects = { service, monitor, "prometheus-role": role, "prometheus-binding": binding, "network-policy": veleroNetworkPolicy() };
    const alerts = this.object("alerts", veleroAlerts(this.args.settings.schedules), [namespace]);
    return [...Object.entries(objects).map(([part, object]) => this.object(part, object, [namespace])), alerts];
  }

  private object(
    part: string,
    object: Parameters<ClusterApi["object"]>[1],
    dependsOn: readonly pulumi.Resource[] = [],
  ): pulumi.CustomResource {
    return this.args.api.object(`${this.baseName}-${part}`, object, { parent: this, dependsOn: [...dependsOn] });
  }
}
