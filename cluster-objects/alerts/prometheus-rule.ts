import type { ApiObject } from "../object";

/** One alert. */
export interface Alert {
  readonly name: string;
  readonly severity: "critical" | "warning";
  /** Label `namespace`, by which alerts are routed. */
  readonly namespace: string;
  /** Further labels. */
  readonly labels?: Readonly<Record<string, string>>;
  /** PromQL. `test/facts/metrics.ts` has the source of each metric. */
  readonly expression: string;
  /** How long the expression must hold, as a Prometheus duration. */
  readonly wait: string;
  readonly summary: string;
  /** The consequence, and a command that shows the reason. */
  readonly description: string;
}

/**
 * A PrometheusRule with one group.
 *
 * @param name name of the object and of the group
 * @param namespace a namespace with the label `openshift.io/cluster-monitoring`, whose rules the cluster's own monitoring reads
 */
export function prometheusRule(name: string, namespace: string, alerts: readonly Alert[]): ApiObject {
  const rules = alerts.map(({ name: alert, severity, namespace: routed, labels, expression, wait, summary, description }) => ({
    alert,
    expr: expression,
    for: wait,
    labels: { severity, namespace: routed, ...labels },
    annotations: { summary, description },
  }));
  return {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "PrometheusRule",
    metadata: { name, namespace },
    spec: { groups: [{ name, rules }] },
  };
}
