import { LOG_KINDS, type LogKind } from "../../config/log-kind";
import type { LoggingConfiguration, LogReader } from "../../config/logging/settings";
import type { ApiObject } from "../object";
import { COLLECTOR, inLogging } from "./names";

const RBAC = "rbac.authorization.k8s.io";

/**
 * The collectors' service account, and its roles: one for each kind of logs that the collectors collect, and one for each kind that they
 * write to Loki.
 */
export function collectorAccess({ loki, pipelines }: LoggingConfiguration): {
  readonly account: ApiObject;
  readonly bindings: readonly ApiObject[];
} {
  const stored = loki?.kinds ?? [];
  const collected = LOG_KINDS.filter((kind) => stored.includes(kind) || pipelines.some(({ kinds }) => kinds.includes(kind)));
  // Roles of the operator's bundle (openshift/cluster-logging-operator, `bundle/manifests`, release-6.0 to release-6.6). The role
  // logging-collector-logs-writer would allow all kinds.
  const roles = [...collected.map((kind) => `collect-${kind}-logs`), ...stored.map((kind) => `cluster-logging-write-${kind}-logs`)];
  const subject = { kind: "ServiceAccount", ...inLogging(COLLECTOR) };
  return {
    account: { apiVersion: "v1", kind: "ServiceAccount", metadata: inLogging(COLLECTOR) },
    bindings: roles.map((role) => clusterRoleBinding(`okd-aws-${role}`, role, subject)),
  };
}

/**
 * The roles of readers, and their bindings. Loki's gateway answers a query if the user may read this kind of logs in the whole cluster, or
 * else in the namespaces of the query (observatorium/opa-openshift, `internal/authorizer/authorizer.go`, main).
 */
export function readerAccess(readers: readonly LogReader[]): readonly ApiObject[] {
  const kinds = LOG_KINDS.filter((kind) => readers.some((reader) => reader.kinds.includes(kind)));
  return [...kinds.map(readerRole), ...readers.flatMap((reader) => reader.kinds.flatMap((kind) => readerBindings(reader, kind)))];
}

function readerRole(kind: LogKind): ApiObject {
  return {
    apiVersion: `${RBAC}/v1`,
    kind: "ClusterRole",
    metadata: { name: roleName(kind) },
    rules: [{ apiGroups: ["loki.grafana.com"], resources: [kind], resourceNames: ["logs"], verbs: ["get"] }],
  };
}

function readerBindings({ name, group, namespaces = [] }: LogReader, kind: LogKind): ApiObject[] {
  const subject = { apiGroup: RBAC, kind: "Group", name: group };
  const binding = clusterRoleBinding(`${roleName(kind)}-${name}`, roleName(kind), subject);
  if (namespaces.length === 0) return [binding];
  return namespaces.map((namespace) => ({ ...binding, kind: "RoleBinding", metadata: { ...binding.metadata, namespace } }));
}

function roleName(kind: LogKind): string {
  return `okd-aws-read-${kind}-logs`;
}

function clusterRoleBinding(name: string, role: string, subject: object): ApiObject {
  return {
    apiVersion: `${RBAC}/v1`,
    kind: "ClusterRoleBinding",
    metadata: { name },
    roleRef: { apiGroup: RBAC, kind: "ClusterRole", name: role },
    subjects: [subject],
  };
}
