import type { Dashboard } from "../../cluster-objects/grafana/content";
import { countOf, countPanel, curvesPanel, dashboard } from "./panels";

/**
 * Sums an expression by router. The router's name comes from the label `job`, the Service of the router's metrics: `router-internal-<name>`
 * (openshift/cluster-ingress-operator, `pkg/operator/controller/names.go`).
 */
function byRouter(expression: string, ...labels: readonly string[]): string {
  const router = `label_replace(${expression}, "router", "$1", "job", "router-internal-(.*)")`;
  return `sum by (${["router", ...labels].join(", ")}) (${router})`;
}

/**
 * Selects the frontends that clients connect to. The inner frontends are left out: a TLS connection passes through an inner frontend, too,
 * which would count it again (openshift/router, `images/router/haproxy/conf/haproxy-config.template`, master).
 */
const OUTER = '{frontend=~"public|public_ssl"}';

/** The default router and the router shards. */
export function routersDashboard(): Dashboard {
  const responses = "rate(haproxy_frontend_http_responses_total[$__rate_interval])";
  const failed = 'rate(haproxy_frontend_http_responses_total{code="5xx"}[$__rate_interval])';
  return dashboard("routers", "Routers", [
    countPanel(
      {
        title: "Routers not available",
        description: "oc get ingresscontrollers -n openshift-ingress-operator -o yaml shows the reason.",
      },
      countOf('ingress_controller_conditions{condition="Available"}', "== 0"),
      1,
    ),
    countPanel(
      { title: "Missing pods", description: "oc get deployments -n openshift-ingress" },
      'sum(kube_deployment_spec_replicas{namespace="openshift-ingress"} - kube_deployment_status_replicas_available{namespace="openshift-ingress"})',
      1,
    ),
    curvesPanel({ title: "Responses per second", description: "All routes of the router." }, "reqps", [
      { expression: byRouter(responses), legend: "{{router}}" },
    ]),
    curvesPanel(
      { title: "Responses per second by status", description: "5xx are errors of applications, or routes without a pod." },
      "reqps",
      [{ expression: byRouter(responses, "code"), legend: "{{router}} {{code}}" }],
    ),
    curvesPanel(
      { title: "Part of the responses with status 5xx", description: "Errors of applications, or routes without a pod." },
      "percentunit",
      [{ expression: `${byRouter(failed)} / ${byRouter(responses)}`, legend: "{{router}}" }],
    ),
    curvesPanel({ title: "Open sessions", description: "A router refuses connections above its limit." }, "short", [
      { expression: byRouter(`haproxy_frontend_current_sessions${OUTER}`), legend: "{{router}}" },
    ]),
    curvesPanel({ title: "Bytes to clients per second", description: "All routes of the router." }, "Bps", [
      { expression: byRouter(`rate(haproxy_frontend_bytes_out_total${OUTER}[$__rate_interval])`), legend: "{{router}}" },
    ]),
    curvesPanel({ title: "Available pods", description: "oc get pods -n openshift-ingress" }, "short", [
      { expression: 'kube_deployment_status_replicas_available{namespace="openshift-ingress"}', legend: "{{deployment}}" },
    ]),
  ]);
}
