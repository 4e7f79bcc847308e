/** The kinds of logs (openshift/cluster-logging-operator, `api/observability/v1/input_types.go`, master), which are also the tenants of Loki. */
export const LOG_KINDS = ["application", "infrastructure", "audit"] as const;
export type LogKind = (typeof LOG_KINDS)[number];
