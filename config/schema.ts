import { z } from "zod";
import { accessKeys } from "./access/keys";
import { accessControlKeys } from "./access-control/keys";
import { alertingKeys } from "./alerting/keys";
import { authenticationKeys } from "./authentication/keys";
import { clusterKeys } from "./cluster/keys";
import { consoleKeys, nodeKeys, apiServerSchedulerUpdateKeys } from "./cluster-settings/keys";
import { dnsKeys } from "./dns/keys";
import { efsKeys } from "./efs/keys";
import { elasticKeys } from "./elastic/keys";
import { etcdBackupKeys } from "./etcd-backup/keys";
import { exampleApplicationKeys } from "./example-application/keys";
import { executorKeys } from "./executor/keys";
import { recordShapes } from "./field";
import { grafanaKeys } from "./grafana/keys";
import { iamKeys } from "./iam/keys";
import { ingressKeys } from "./ingress/keys";
import { installationKeys } from "./installation/keys";
import { installerHostKeys } from "./installer-host/keys";
import { documentation, type KeyDocumentation } from "./key";
import { loggingKeys } from "./logging/keys";
import { machineKeys } from "./machines/keys";
import { mirrorKeys } from "./mirror/keys";
import { monitoringKeys } from "./monitoring/keys";
import { networkKeys } from "./network/keys";
import { operatorKeys } from "./operators/keys";
import { policyKeys } from "./policy/keys";
import { proxyKeys } from "./proxy/keys";
import { remoteWriteKeys } from "./remote-write/keys";
import { servingCertificateKeys } from "./serving-certificates/keys";
import { storageKeys } from "./storage/keys";
import { tagKeys } from "./tags/keys";
import { veleroKeys } from "./velero/keys";

/** The project's name, and the namespace of its keys in a stack file. */
export const PROJECT = "okd-aws";

/** The keys by topic, in the order of docs/configuration.md. */
export const SECTIONS = {
  Cluster: clusterKeys,
  Installation: { ...installationKeys, ...executorKeys },
  Network: networkKeys,
  Machines: machineKeys,
  "Installer host": { ...installerHostKeys, ...mirrorKeys },
  DNS: dnsKeys,
  Identity: iamKeys,
  "Access, proxy and tags": { ...accessKeys, ...proxyKeys, ...tagKeys },
  Authentication: authenticationKeys,
  "Access control and projects": accessControlKeys,
  Policy: policyKeys,
  "Cluster settings": { ...apiServerSchedulerUpdateKeys, ...servingCertificateKeys, ...storageKeys, ...consoleKeys, ...nodeKeys },
  "Shared storage": efsKeys,
  "etcd backup": etcdBackupKeys,
  "Backups of objects": veleroKeys,
  Monitoring: { ...monitoringKeys, ...remoteWriteKeys, ...alertingKeys },
  Logging: loggingKeys,
  Operators: operatorKeys,
  "Logs in Elasticsearch": elasticKeys,
  Grafana: grafanaKeys,
  Routers: ingressKeys,
  "Example application": exampleApplicationKeys,
} as const;

/** Every configuration key. */
export const schema = z.strictObject({
  ...clusterKeys,
  ...installationKeys,
  ...executorKeys,
  ...networkKeys,
  ...machineKeys,
  ...installerHostKeys,
  ...mirrorKeys,
  ...dnsKeys,
  ...iamKeys,
  ...accessKeys,
  ...proxyKeys,
  ...tagKeys,
  ...authenticationKeys,
  ...accessControlKeys,
  ...policyKeys,
  ...apiServerSchedulerUpdateKeys,
  ...servingCertificateKeys,
  ...storageKeys,
  ...consoleKeys,
  ...nodeKeys,
  ...efsKeys,
  ...etcdBackupKeys,
  ...veleroKeys,
  ...monitoringKeys,
  ...remoteWriteKeys,
  ...alertingKeys,
  ...loggingKeys,
  ...operatorKeys,
  ...elasticKeys,
  ...grafanaKeys,
  ...ingressKeys,
  ...exampleApplicationKeys,
});

/** The value of every key, with defaults for keys that are not set. */
export type Settings = Readonly<z.output<typeof schema>>;
export type KeyName = keyof Settings;

export const KEY_NAMES = Object.keys(schema.shape) as readonly KeyName[];

/** The types that a key can have in Pulumi.yaml. */
export type PulumiType = "string" | "integer" | "boolean" | "array" | "object";

const PULUMI_TYPES = {
  string: "string",
  enum: "string",
  number: "integer",
  boolean: "boolean",
  array: "array",
  record: "object",
} as const satisfies Record<string, PulumiType>;

/** Properties of a key for generators and messages. */
export interface Key extends KeyDocumentation {
  readonly name: KeyName;
  readonly type: PulumiType;
  readonly default: unknown;
  /** Allowed values; derived from the type if the documentation does not state them. */
  readonly allowed: string;
  /** Whether the items or entries of the key's value are records with fields. */
  readonly records: boolean;
}

export function describeKey(name: KeyName): Key {
  const field = schema.shape[name];
  const about = documentation.get(field);
  const inner = field.unwrap();
  const type = PULUMI_TYPES[inner.type];
  if (!about) throw new Error(`the key ${name} has no documentation`);
  return {
    ...about,
    name,
    type,
    default: field.parse(undefined),
    allowed: about.allowed ?? allowedValuesText(inner, about.unit),
    records: recordSchemasOf(name).length > 0,
  };
}

/** The zod object schemas inside a key's value; empty if the value contains no objects. */
export function recordSchemasOf(name: KeyName): ReturnType<typeof recordShapes> {
  return recordShapes(schema.shape[name].unwrap());
}

/** The first item in the example of a list. */
export function exampleItem(name: KeyName): string {
  const [item] = JSON.parse(describeKey(name).example) as unknown[];
  return typeof item === "string" ? item : JSON.stringify(item);
}

function allowedValuesText(inner: z.ZodType, unit: string | undefined): string {
  if (inner instanceof z.ZodEnum) return (inner.options as string[]).join(", ");
  if (inner instanceof z.ZodNumber)
    return `a whole number from ${inner.minValue} to ${inner.maxValue}${unit === undefined ? "" : ` (${unit})`}`;
  if (inner instanceof z.ZodBoolean) return "true, false";
  return "any text";
}
