import { createHash } from "node:crypto";
import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { logRoles, logUser } from "../../cluster-objects/elastic/access";
import { elasticAlerts } from "../../cluster-objects/elastic/alerts";
import { elasticsearch } from "../../cluster-objects/elastic/elasticsearch";
import { filebeat, filebeatAccount } from "../../cluster-objects/elastic/filebeat";
import { elasticNetworkPolicies, kibana, kibanaRoute } from "../../cluster-objects/elastic/kibana";
import { elasticOperatorRights } from "../../cluster-objects/elastic/operator-rights";
import type { ApiObject } from "../../cluster-objects/object";
import { ELASTIC_NAMESPACE, type ElasticConfiguration } from "../../config/elastic/settings";
import type { ElasticReady } from "../../steps/elastic/wait";
import type { ClusterApi } from "./cluster-api";

export interface ElasticArgs {
  readonly api: ClusterApi;
  readonly settings: ElasticConfiguration;
  /** The resource that exists when the operator runs. The operator's namespace exists then, too. */
  readonly operator: pulumi.Resource;
  /**
   * The resources that give the infra nodes their role. A pod for infra nodes would stay pending until these exist, so the pods are declared
   * after them.
   */
  readonly infraRoles?: readonly pulumi.Resource[];
}

/** The plural of each kind in the API's paths. */
const PLURALS: Readonly<Record<string, string>> = { Elasticsearch: "elasticsearches", Kibana: "kibanas", Beat: "beats" };

/**
 * The workload of a custom resource, for the kinds whose status does not say whether all pods have the current settings (elastic/cloud-on-k8s,
 * `pkg/apis/kibana/v1/name.go` and `pkg/controller/beat/common/name.go`, v3.5.0).
 */
const WORKLOADS: Readonly<Record<string, ((name: string) => { readonly workload: string }) | undefined>> = {
  Kibana: (name) => ({ workload: `deployments/${name}-kb` }),
  Beat: (name) => ({ workload: `daemonsets/${name}-beat-filebeat` }),
};

/**
 * Logs in Elasticsearch: Elasticsearch with its users and roles, Kibana with its route, and one Filebeat for each kind of logs. The update ends
 * when all of them are healthy.
 *
 * On delete, the pods are deleted. The operator's namespace and the volumes with the logs stay. If this component is declared again, it uses
 * these volumes again.
 */
export class Elastic extends pulumi.ComponentResource {
  constructor(
    private readonly baseName: string,
    private readonly args: ElasticArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("okd:cluster:Elastic", baseName, {}, opts);
    const { settings } = args;
    const { elasticsearch: toElasticsearch, kibana: toKibana } = elasticNetworkPolicies();
    const closed = [this.object("elasticsearch-network", toElasticsearch)];
    if (settings.kibanas > 0) closed.push(this.object("kibana-network", toKibana));
    const users = [this.object("roles", logRoles()), ...settings.users.map((user) => this.user(user))];
    const placed = settings.placement ? (args.infraRoles ?? []) : [];
    const search = elasticsearch(settings);
    const custom = [
      { object: search, declared: this.object("elasticsearch", search, [...closed, ...users, ...placed, ...this.operatorRights()]) },
    ];
    if (settings.kibanas > 0) {
      const object = kibana(settings);
      custom.push({ object, declared: this.object("kibana", object, [...closed, ...placed]) });
    }
    const account = this.filebeatAccount();
    for (const stream of settings.streams) {
      const [files, object] = filebeat(stream, settings);
      const mounted = this.object(`filebeat-${stream.kind}-files`, files);
      custom.push({ object, declared: this.object(`filebeat-${stream.kind}`, object, [...account, mounted]) });
    }
    if (settings.kibanas > 0 && settings.kibanaHost !== undefined) this.object("kibana-route", kibanaRoute(settings.kibanaHost));
    const ready = this.waitFor(custom);
    // The alerts are created last: earlier they would report Elasticsearch nodes that are still being created.
    this.object("alerts", elasticAlerts(), [ready]);
    this.registerOutputs();
  }

  private user(user: ElasticConfiguration["users"][number]): pulumi.CustomResource {
    const secret = logUser(user);
    return this.object(`user-${user.name}`, { ...secret, stringData: pulumi.secret(secret.stringData) });
  }

  private operatorRights(): pulumi.Resource[] {
    const { role, binding } = elasticOperatorRights();
    return [this.object("operator-role", role), this.object("operator-binding", binding)];
  }

  private filebeatAccount(): pulumi.Resource[] {
    const { account, constraints, role, binding } = filebeatAccount();
    return [
      this.object("filebeat-account", account),
      this.object("filebeat-constraints", constraints),
      this.object("filebeat-role", role),
      this.object("filebeat-binding", binding),
    ];
  }

  private waitFor(custom: readonly { readonly object: ApiObject; readonly declared: pulumi.Resource }[]): pulumi.Resource {
    const { settings } = this.args;
    const request: ElasticReady = {
      namespace: ELASTIC_NAMESPACE,
      resources: custom.map(({ object: { apiVersion, kind, metadata } }) => ({
        api: apiVersion,
        plural: PLURALS[kind],
        name: metadata.name,
        ...WORKLOADS[kind]?.(metadata.name),
      })),
      // The digest makes the command run again after a change of an object. It may be on the command line, because none of these objects
      // contains a secret.
      digest: createHash("sha256")
        .update(JSON.stringify([settings.streams, custom.map(({ object }) => object)]))
        .digest("hex"),
    };
    return this.args.api.command(
      `${this.baseName}-ready`,
      "elastic-ready",
      { create: request, logging: command.local.Logging.Stderr },
      { parent: this, dependsOn: custom.map(({ declared }) => declared) },
    );
  }

  /** Declares an object that is created after the operator, and deleted before the operator. */
  private object(part: string, object: ApiObject, dependsOn: readonly pulumi.Resource[] = []): pulumi.CustomResource {
    const options = { parent: this, dependsOn: [this.args.operator, ...dependsOn] };
    return this.args.api.object(`${this.baseName}-${part}`, object, options);
  }
}
