import { ownValue } from "../../lib/own-value";
import type { Demand } from "../capacity/demand";
import { type Placement, servicePlacement } from "../machines/settings";
import { neededOperator } from "../operators/needed-operator";
import type { Settings } from "../schema";
import { Secret } from "../secret";
import { type LokiSize } from "./fields";
import { LOG_KINDS, type LogKind } from "../log-kind";
import { CONSOLE_OPERATOR, loggingVersion, lokiOperator, monitoredNamespaces } from "./operators";
import { lokiComponents } from "./sizes";

export type LogOutputSettings = Settings["logOutputs"][number];

/** A system to which logs are forwarded, with its secret. */
export type LogOutput = LogOutputSettings & { readonly secret?: Secret };

/** Which logs go to which outputs. */
export type LogPipeline = Settings["logPipelines"][number];

/** A group that may read logs of the store. */
export type LogReader = Settings["logReaders"][number];

/** The cluster's own store of logs. */
export interface LokiConfiguration {
  readonly size: LokiSize;
  readonly storageClass: string;
  /** The kinds that it stores. */
  readonly kinds: readonly LogKind[];
  readonly retentionDays: Readonly<Record<LogKind, number>>;
  /** An existing bucket; undefined if one is created. */
  readonly bucketName?: string;
  /** Customer managed KMS key of the bucket; if undefined, the key managed by S3. */
  readonly kmsKeyArn?: string;
  /** Whether the bucket stays when the stack is destroyed or Loki is switched off. */
  readonly keepBucket: boolean;
  readonly placement?: Placement;
}

/** Settings of logging. */
export interface LoggingConfiguration {
  /** Undefined if logs are only forwarded. */
  readonly loki?: LokiConfiguration;
  readonly outputs: readonly LogOutput[];
  readonly pipelines: readonly LogPipeline[];
  readonly readers: readonly LogReader[];
  /** Whether the console gets a page of logs. */
  readonly console: boolean;
  /** Namespaces whose metrics and alerts the cluster's Prometheus collects. */
  readonly monitoredNamespaces: readonly string[];
}

/** The storage class of every cluster on AWS with EBS volumes (openshift/csi-operator, `assets/overlays/aws-ebs`, release-4.14 to release-4.22). */
const DEFAULT_CLASS = "gp3-csi";

const DEFAULT_KINDS: readonly LogKind[] = ["application", "infrastructure"];

/** Requests of a collector (openshift/cluster-logging-operator, `internal/api/initialize/init_resources.go`, master). */
const COLLECTOR = { cpuMillis: 500, memoryMib: 64 };

/** The settings of logging; undefined if it is off. */
export function logging(settings: Settings): LoggingConfiguration | undefined {
  const { lokiSize, logOutputs, logOutputSecrets, logPipelines, logReaders, operators } = settings;
  if (lokiSize === "" && logPipelines.length === 0) return undefined;
  const loki = lokiSize === "" ? undefined : lokiOf(lokiSize, settings);
  return {
    ...(loki && { loki }),
    outputs: logOutputs.map((output) => {
      const secret = secretOfOutput(output) === undefined ? undefined : ownValue(logOutputSecrets, output.name);
      return { ...output, ...(secret !== undefined && { secret: new Secret(secret) }) };
    }),
    pipelines: logPipelines,
    readers: logReaders,
    console: loki !== undefined && neededOperator(operators, CONSOLE_OPERATOR) !== undefined,
    monitoredNamespaces: monitoredNamespaces(settings),
  };
}

function lokiOf(size: LokiSize, settings: Settings): LokiConfiguration {
  const { lokiStorageClass, lokiBucketName, lokiKmsKeyArn, lokiKeepBucket, lokiOnInfraNodes, logKinds } = settings;
  const { lokiApplicationDays, lokiInfrastructureDays, lokiAuditDays } = settings;
  const placement = lokiOnInfraNodes ? servicePlacement(settings, 1) : undefined;
  return {
    size,
    storageClass: lokiStorageClass || DEFAULT_CLASS,
    kinds: logKinds.length === 0 ? DEFAULT_KINDS : LOG_KINDS.filter((kind) => logKinds.includes(kind)),
    retentionDays: { application: lokiApplicationDays, infrastructure: lokiInfrastructureDays, audit: lokiAuditDays },
    ...(lokiBucketName !== "" && { bucketName: lokiBucketName }),
    ...(lokiKmsKeyArn !== "" && { kmsKeyArn: lokiKmsKeyArn }),
    keepBucket: lokiKeepBucket,
    ...(placement && { placement }),
  };
}

/** Describes the secret of an output; undefined if it needs none. */
export function secretOfOutput(output: LogOutputSettings): string | undefined {
  switch (output.type) {
    case "elasticsearch":
    case "http":
      return { none: undefined, basic: "the password of its username", token: "its bearer token" }[output.login ?? "none"];
    case "splunk":
      return "the token of its HTTP Event Collector";
    case "kafka":
      return output.username === undefined ? undefined : "the password of its username";
    case "cloudwatch":
      return output.accessKeyId === undefined ? undefined : "the secret access key of its accessKeyId";
    case "syslog":
      return undefined;
  }
}

/** The keys that determine how much CPU and memory logging requests. */
export const LOGGING_DEMAND_KEYS = [
  "lokiSize",
  "lokiOnInfraNodes",
  "logPipelines",
  "operators",
  "masterCount",
  "workerCount",
  "infraCount",
] as const satisfies readonly (keyof Settings)[];

/**
 * The resource requests of Loki's pods, and of the collector on each node. If there are workers, the collectors on the control plane nodes
 * are left out.
 */
export function loggingDemands(settings: Pick<Settings, (typeof LOGGING_DEMAND_KEYS)[number]>): Demand[] {
  const { lokiSize, lokiOnInfraNodes, logPipelines, operators, masterCount, workerCount, infraCount } = settings;
  if (lokiSize === "" && logPipelines.length === 0) return [];
  const collectors = { consumer: "the collectors of logs", ...COLLECTOR };
  const nodes = lokiOnInfraNodes && servicePlacement({ infraCount }, 1) ? "infra" : "worker";
  const components = lokiSize === "" ? [] : lokiComponents(lokiSize, loggingVersion(lokiOperator(operators)));
  return [
    ...components.map(
      ({ name, pods, cpuMillis, memoryMib }) => ({ consumer: `Loki's ${name}`, pods, cpuMillis, memoryMib, nodes }) as const,
    ),
    { ...collectors, pods: workerCount || masterCount, nodes: "worker" },
    ...(infraCount > 0 ? [{ ...collectors, pods: infraCount, nodes: "infra" } as const] : []),
  ];
}
