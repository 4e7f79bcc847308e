import { createHash } from "node:crypto";
import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import {
  grafanaLogin,
  grafanaMetrics,
  grafanaNetworkPolicy,
  grafanaRoute,
  namespaceLabels,
  serviceCa,
} from "../../cluster-objects/grafana/access";
import { grafanaDashboard, grafanaDatasource, grafanaFolder } from "../../cluster-objects/grafana/content";
import { DASHBOARDS } from "../../cluster-objects/grafana/dashboards";
import { grafanaInstance } from "../../cluster-objects/grafana/instance";
import type { ApiObject } from "../../cluster-objects/object";
import type { GrafanaConfiguration } from "../../config/grafana/settings";
import { type ClusterApi, readyWhen } from "./cluster-api";

export interface GrafanaArgs {
  readonly api: ClusterApi;
  readonly settings: GrafanaConfiguration;
  readonly clusterDomain: string;
  /** The resource that exists when the operator runs. Grafana runs in the operator's namespace. */
  readonly operator: pulumi.Resource;
  /**
   * The resources that give the infra nodes their role. A pod for infra nodes would stay pending until these exist, so the pods are declared
   * after them.
   */
  readonly infraRoles?: readonly pulumi.Resource[];
}

/**
 * Grafana with the cluster's metrics, dashboards, and a login with OpenShift accounts. An update ends when Grafana runs with all of these.
 * Dashboards are deleted before Grafana, while the operator can still complete their deletion.
 */
export class Grafana extends pulumi.ComponentResource {
  constructor(
    private readonly baseName: string,
    private readonly args: GrafanaArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("okd:cluster:Grafana", baseName, {}, opts);
    const { settings, api, operator } = args;
    const { namespace: labels } = settings.shardLabels;
    if (Object.keys(labels).length > 0)
      api.patchAsSeparateManager(`${baseName}-namespace`, namespaceLabels(labels), { parent: this, dependsOn: operator });
    const instance = this.instance();
    const datasource = this.datasource(instance);
    const folder = this.object("folder", readyWhen("FolderSynchronized", grafanaFolder()), [instance]);
    for (const topic of settings.dashboards)
      this.object(`dashboard-${topic}`, readyWhen("DashboardSynchronized", grafanaDashboard(DASHBOARDS[topic])), [datasource, folder]);
    this.registerOutputs();
  }

  /** Declares Grafana with its login, route and network policy. The returned resource exists when a pod with the current settings runs. */
  private instance(): pulumi.Resource {
    const { settings, clusterDomain, operator, infraRoles = [] } = this.args;
    const { account, token } = grafanaLogin(settings);
    const login = this.object("login", account, [operator]);
    const needed = [
      operator,
      this.object("login-token", token, [login]),
      this.object("network-policy", grafanaNetworkPolicy(), [operator]),
      ...(settings.placement ? infraRoles : []),
    ];
    this.object("route", grafanaRoute(settings), [operator]);
    const object = grafanaInstance(settings, clusterDomain);
    const instance = this.object("instance", readyWhen("GrafanaReady", object), needed);
    const triggers = [createHash("sha256").update(JSON.stringify(object)).digest("hex")];
    const options = { parent: this, dependsOn: instance };
    return this.args.api.command(
      `${this.baseName}-rollout`,
      "grafana-rollout",
      { create: {}, triggers, logging: command.local.Logging.Stderr },
      options,
    );
  }

  /** Declares the datasource, with the service account that reads the cluster's metrics. */
  private datasource(instance: pulumi.Resource): pulumi.CustomResource {
    const { operator } = this.args;
    const { account, token, binding } = grafanaMetrics();
    const metrics = this.object("metrics", account, [operator]);
    const needed = [
      instance,
      this.object("metrics-token", token, [metrics]),
      this.object("metrics-binding", binding),
      this.object("service-ca", serviceCa(), [operator]),
    ];
    return this.object("datasource", readyWhen("DatasourceSynchronized", grafanaDatasource()), needed);
  }

  private object(part: string, object: ApiObject, dependsOn: readonly pulumi.Resource[] = []): pulumi.CustomResource {
    return this.args.api.object(`${this.baseName}-${part}`, object, { parent: this, dependsOn: [...dependsOn] });
  }
}
