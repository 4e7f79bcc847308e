import * as pulumi from "@pulumi/pulumi";
import { veleroAlerts } from "../../cluster-objects/velero/alerts";
import { veleroMetrics } from "../../cluster-objects/velero/monitoring";
import { nodeAgentPolicy, repositoryPassword } from "../../cluster-objects/velero/node-agent";
import {
  backupSchedule,
  readOnlyLocation,
  snapshotClass,
  veleroCredentialsRequest,
  volumePolicies,
} from "../../cluster-objects/velero/storage";
import type { ReadOnlyLocation, VeleroConfiguration } from "../../config/velero/settings";
import { readOnlyStatements, VeleroStorage, type VeleroStorageArgs } from "../velero-storage";
import { type ClusterApi, readyWhenField } from "./cluster-api";
import { runOadp } from "./velero-oadp";
import type { VeleroParts, VeleroRuntime } from "./velero-parts";
import { runVelero } from "./velero-server";

export interface VeleroArgs {
  readonly api: ClusterApi;
  readonly settings: VeleroConfiguration;
  readonly storage: Omit<VeleroStorageArgs, "settings">;
  /**
   * The resources that give the infra nodes their role. A pod for infra nodes would stay pending until these exist, so Velero's server is created
   * after them.
   */
  readonly infraRoles?: readonly pulumi.Resource[];
  /** The resource that exists when OADP's operator runs; undefined on OKD. */
  readonly operator?: pulumi.Resource | undefined;
}

/**
 * Backups of the cluster's objects with Velero: its server, bucket, locations, schedules and alerts. Each new schedule makes its first backup in
 * the update that adds it. On OpenShift the operator OADP runs the server.
 */
export class Velero extends pulumi.ComponentResource {
  private readonly parts: VeleroParts;

  constructor(
    baseName: string,
    private readonly args: VeleroArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("okd:cluster:Velero", baseName, {}, opts);
    const { api, settings, operator } = args;
    const { namespace } = settings;
    const options = (dependsOn: readonly pulumi.Resource[] = []) => ({ parent: this, dependsOn: [...dependsOn] });
    this.parts = {
      object: (part, object, after) => api.object(`${baseName}-${part}`, object, options(after)),
      adopt: (part, object, after) => api.adopt(`${baseName}-${part}`, object, options(after)),
      patch: (part, object, after) => api.patchAsSeparateManager(`${baseName}-${part}`, object, options(after)),
      command: (part, program, request, after) => api.command(`${baseName}-${part}`, program, request, options(after)),
      monitoring: (after) => this.monitoring(after),
      repositories: (after) => this.repositories(after),
    };
    const storage = new VeleroStorage(`${baseName}-storage`, { ...args.storage, settings }, { parent: this });
    const run = { ...args, storage, region: args.storage.region, parts: this.parts };
    const runtime = operator ? runOadp({ ...run, operator }) : runVelero(run);
    const policies = volumePolicies(namespace, settings.repositoryPassword !== undefined).map((policy) =>
      this.parts.object(policy.metadata.name.replace("okd-aws-", "policy-"), policy, [runtime.removal]),
    );
    if (settings.snapshots) policies.push(this.parts.object("snapshot-class", snapshotClass()));
    for (const location of settings.readOnlyLocations) this.readOnlyLocation(location, storage, runtime);
    for (const schedule of settings.schedules) {
      const { name, fileSystemBackup } = schedule;
      const create = { namespace, schedule: name, ...(fileSystemBackup && { files: true }) };
      const declared = this.parts.object(`schedule-${name}`, backupSchedule(schedule, namespace), [runtime.removal, ...policies]);
      this.parts.command(`first-backup-${name}`, "velero-first-backup", { create }, [...runtime.ready, declared]);
    }
    this.registerOutputs();
  }

  /**
   * Declares the location of a bucket with another cluster's backups. The update waits until Velero lists these backups. Velero keeps their
   * Backup objects when the location is deleted, so a command deletes the objects after the location. The bucket is not changed.
   */
  private readOnlyLocation(location: ReadOnlyLocation, { roleArn }: VeleroStorage, { removal, ready }: VeleroRuntime): void {
    const { settings, storage } = this.args;
    const { namespace } = settings;
    const { name } = location;
    const request = { namespace, location: name };
    const forget = this.parts.command(`forget-${name}`, "velero-forget", { delete: request }, [removal]);
    // Each location has its own IAM user: the policy of one user has room for the permissions of about four buckets (IAM's quota is 2,048
    // characters). Velero writes the Secret of a location to a file again and again, so no two locations may share a Secret.
    const credentials = roleArn === undefined ? { secret: `okd-aws-velero-${name}`, key: "credentials" } : undefined;
    const needed = credentials
      ? [
          this.parts.object(
            `credentials-${name}`,
            readyWhenField(
              ".status.provisioned",
              veleroCredentialsRequest(
                { name: credentials.secret, secret: credentials.secret, namespace },
                readOnlyStatements(location, storage.partition),
              ),
            ),
            [removal],
          ),
        ]
      : [];
    const declared = this.parts.object(`location-${name}`, readOnlyLocation(name, { ...location, credentials }, namespace), [
      forget,
      ...needed,
    ]);
    const create = { ...request, schedules: settings.schedules.map((schedule) => schedule.name) };
    this.parts.command(`location-${name}-read`, "velero-location", { create, triggers: [JSON.stringify(location)] }, [...ready, declared]);
  }

  private repositories(after: readonly pulumi.Resource[]): pulumi.Resource[] {
    const { namespace, repositoryPassword: password } = this.args.settings;
    if (password === undefined) return [];
    return [
      this.parts.adopt("repository-password", repositoryPassword(pulumi.secret(password.reveal()), namespace), after),
      this.parts.object("node-agent-policy", nodeAgentPolicy(namespace), after),
    ];
  }

  private monitoring(namespace: pulumi.Resource): pulumi.Resource[] {
    const { settings } = this.args;
    const objects = Object.entries(veleroMetrics(settings.namespace)).map(([part, object]) => this.parts.object(part, object, [namespace]));
    return [...objects, this.parts.object("alerts", veleroAlerts(settings), [namespace])];
  }
}
