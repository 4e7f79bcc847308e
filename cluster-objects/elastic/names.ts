import { ELASTIC_NAMESPACE } from "../../config/elastic/settings";
import type { LogKind } from "../../config/log-kind";

/**
 * Name of the Elasticsearch cluster. The names of its volumes contain this name and NODE_SET: if one of the two changes, the existing
 * volumes are not used any more.
 */
export const ELASTICSEARCH = "logs";

/** Name of the set of nodes. */
export const NODE_SET = "default";

/** Name of Kibana. */
export const KIBANA = "logs";

/** Service account, security context constraints and cluster role of Filebeat. */
export const FILEBEAT = "okd-aws-filebeat";

/** Metadata of an object in the namespace of the logs. */
export function inElastic(name: string): { readonly name: string; readonly namespace: string } {
  return { name, namespace: ELASTIC_NAMESPACE };
}

/**
 * Name of the data stream of a kind of logs, of its index template and its policy. The user that the operator creates for Filebeat may
 * write only to names that begin with `filebeat-` (elastic/cloud-on-k8s, `pkg/controller/elasticsearch/user/roles.go`, v3.5.0).
 */
export function streamOf(kind: LogKind): string {
  return `filebeat-${kind}`;
}

/** Name of the role that reads a kind of logs. */
export function readerRole(kind: LogKind): string {
  return `okd-aws-${kind}-logs`;
}
