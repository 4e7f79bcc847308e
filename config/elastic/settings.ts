import { ownValue } from "../../lib/own-value";
import type { Demand } from "../capacity/demand";
import { type Placement, servicePlacement } from "../machines/settings";
import type { NeededOperator } from "../operators/needed-operator";
import type { Settings } from "../schema";
import { Secret } from "../secret";
import { LOG_KINDS, type LogKind } from "../log-kind";

/** The namespace of Elasticsearch, Kibana, Filebeat and their operator. */
export const ELASTIC_NAMESPACE = "elastic-logging";

/** A kind of logs that is collected. */
export interface LogStream {
  readonly kind: LogKind;
  readonly retentionDays: number;
}

/** A user of Kibana. */
export interface LogUser {
  readonly name: string;
  readonly logs: readonly LogKind[];
  readonly password: Secret;
}

/** Settings of the logs in Elasticsearch. */
export interface ElasticConfiguration {
  readonly version: string;
  readonly nodes: number;
  readonly memoryGib: number;
  readonly volumeGib: number;
  /** If undefined, the cluster's default class. */
  readonly storageClass?: string;
  readonly placement?: Placement;
  /** At least one. */
  readonly streams: readonly LogStream[];
  readonly kibanas: number;
  /** Host name of Kibana's route; undefined if there is none. */
  readonly kibanaHost?: string;
  readonly users: readonly LogUser[];
}

/**
 * The operator ECK. It runs in the namespace of Elasticsearch, so it may watch only its own namespace. Outside that namespace it then may only
 * read nodes and storage classes. The packages are those of the certified and of the community catalog (elastic/cloud-on-k8s,
 * `hack/operatorhub/config.yaml`, v3.5.0).
 */
export function neededElasticOperator({ distribution }: Pick<Settings, "distribution">): NeededOperator {
  const certified = { name: "elasticsearch-eck-operator-certified", source: "certified-operators" };
  const community = { name: "elastic-cloud-eck", source: "community-operators" };
  const suggested = distribution === "okd" ? community : certified;
  return {
    service: "Elasticsearch",
    packages: [certified.name, community.name],
    namespace: ELASTIC_NAMESPACE,
    watch: "either",
    example: {
      ...suggested,
      namespace: ELASTIC_NAMESPACE,
      channel: "stable",
      startingCSV: `${suggested.name}.v3.5.0`,
      targetNamespaces: [ELASTIC_NAMESPACE],
    },
  };
}

/**
 * Requested CPU of an Elasticsearch pod: this project's choice. The operator requests only memory (elastic/cloud-on-k8s,
 * `pkg/controller/elasticsearch/nodespec/defaults.go`, v3.5.0).
 */
const ELASTICSEARCH_CPU_MILLIS = 500;

/**
 * Requests of a Kibana pod. The memory is the operator's default from 3.5 on, because 9.x does not start reliably with less
 * (elastic/cloud-on-k8s, `pkg/controller/kibana/pod.go`, v3.5.0); the CPU is this project's choice.
 */
export const KIBANA_REQUESTS = { cpuMillis: 200, memoryMib: 2048 };

/** Requests of a Filebeat pod; there is one for each kind of logs on each node. This project's choice; the operator's default is 300 MiB. */
export const FILEBEAT_REQUESTS = { cpuMillis: 50, memoryMib: 200 };

/** The requests of an Elasticsearch pod. */
export function elasticsearchRequests({ memoryGib }: Pick<ElasticConfiguration, "memoryGib">): Pick<Demand, "cpuMillis" | "memoryMib"> {
  return { cpuMillis: ELASTICSEARCH_CPU_MILLIS, memoryMib: memoryGib * 1024 };
}

const DAYS = { application: "elasticApplicationDays", infrastructure: "elasticInfrastructureDays", audit: "elasticAuditDays" } as const;

/** The kinds of logs that are collected. */
export function logStreams(settings: Pick<Settings, (typeof DAYS)[LogKind]>): readonly LogStream[] {
  return LOG_KINDS.map((kind) => ({ kind, retentionDays: settings[DAYS[kind]] })).filter(({ retentionDays }) => retentionDays > 0);
}

/** The keys on which the demands depend. */
export const ELASTIC_DEMAND_KEYS = [
  "elasticLicence",
  "elasticNodes",
  "elasticMemoryGib",
  "elasticOnInfraNodes",
  "elasticKibanas",
  ...Object.values(DAYS),
  "infraCount",
  "workerCount",
  "masterCount",
] as const;

/** The requests of all pods. Filebeat's pods on the control plane are left out, unless the control plane nodes run the users' pods. */
export function elasticDemands(settings: Pick<Settings, (typeof ELASTIC_DEMAND_KEYS)[number]>): Demand[] {
  const { elasticLicence, elasticNodes, elasticMemoryGib, elasticOnInfraNodes, elasticKibanas } = settings;
  if (elasticLicence === "") return [];
  const nodes = elasticOnInfraNodes && servicePlacement(settings, elasticNodes) ? "infra" : "worker";
  const each = logStreams(settings).length;
  const filebeats = (count: number, on: Demand["nodes"]): Demand => {
    return { consumer: "Filebeat", pods: count * each, ...FILEBEAT_REQUESTS, nodes: on };
  };
  return [
    { consumer: "Elasticsearch", pods: elasticNodes, ...elasticsearchRequests({ memoryGib: elasticMemoryGib }), nodes },
    ...(elasticKibanas > 0 ? [{ consumer: "Kibana", pods: elasticKibanas, ...KIBANA_REQUESTS, nodes } as const] : []),
    filebeats(settings.workerCount || settings.masterCount, "worker"),
    ...(settings.infraCount > 0 ? [filebeats(settings.infraCount, "infra")] : []),
  ];
}

/** The settings of the logs; undefined unless the licence is accepted. */
export function elastic(settings: Settings): ElasticConfiguration | undefined {
  if (settings.elasticLicence === "") return undefined;
  const placement = settings.elasticOnInfraNodes ? servicePlacement(settings, settings.elasticNodes) : undefined;
  return {
    version: settings.elasticVersion,
    nodes: settings.elasticNodes,
    memoryGib: settings.elasticMemoryGib,
    volumeGib: settings.elasticVolumeGib,
    ...(settings.elasticStorageClass !== "" && { storageClass: settings.elasticStorageClass }),
    ...(placement && { placement }),
    streams: logStreams(settings),
    kibanas: settings.elasticKibanas,
    ...(settings.elasticKibanaHost !== "" && { kibanaHost: settings.elasticKibanaHost }),
    users: settings.elasticUsers.map(({ name, logs }) => {
      return { name, logs, password: new Secret(ownValue(settings.elasticUserPasswords, name) ?? "") };
    }),
  };
}
