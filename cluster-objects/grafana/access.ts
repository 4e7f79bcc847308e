import { GRAFANA_NAMESPACE, type GrafanaConfiguration } from "../../config/grafana/settings";
import type { ApiObject } from "../object";
import { serviceAccountSubject } from "../service-account";
import { GRAFANA, GRAFANA_SERVICE, inGrafana, LOGIN, METRICS, SERVICE_CA } from "./names";

/** Path to which the OAuth server sends users back (grafana/grafana, `pkg/login/social`, main: `/login/generic_oauth`). */
const CALLBACK_PATH = "/login/generic_oauth";

/**
 * The OAuth client of Grafana's login: a service account with the callback URL. Its token is the client's secret, and it can ask users only for
 * scopes that read their own data, or for roles in its namespace (openshift/library-go, `pkg/oauth/oauthserviceaccountclient/oauthclientregistry.go`,
 * master). It has no rights in the cluster.
 */
export function grafanaLogin({ host }: Pick<GrafanaConfiguration, "host">): Readonly<Record<"account" | "token", ApiObject>> {
  const annotations = { [`serviceaccounts.openshift.io/oauth-redirecturi.${GRAFANA}`]: `https://${host}${CALLBACK_PATH}` };
  return {
    account: { apiVersion: "v1", kind: "ServiceAccount", metadata: { ...inGrafana(LOGIN.account), annotations } },
    token: accountToken(LOGIN),
  };
}

/**
 * The account that reads metrics, and its right to do so: `cluster-monitoring-view` allows GET and POST on port 9091 of Thanos Querier. In
 * 4.14 the proxy of Thanos Querier requires the right to read namespaces, in later releases the right for `prometheuses/api`; the role has
 * both rights (openshift/cluster-monitoring-operator, `assets/thanos-querier/` and
 * `assets/cluster-monitoring-operator/cluster-role-view.yaml`, release-4.14, 4.15, 4.16 and 4.22).
 */
export function grafanaMetrics(): Readonly<Record<"account" | "token" | "binding", ApiObject>> {
  return {
    account: { apiVersion: "v1", kind: "ServiceAccount", metadata: inGrafana(METRICS.account) },
    token: accountToken(METRICS),
    binding: {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRoleBinding",
      metadata: { name: "okd-aws-grafana-metrics" },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-monitoring-view" },
      subjects: [serviceAccountSubject(`${GRAFANA_NAMESPACE}/${METRICS.account}`)],
    },
  };
}

/**
 * A token without an expiry, which Kubernetes writes into the Secret. Kubernetes removes unused tokens only if it has created their Secrets
 * itself (kubernetes/kubernetes, `pkg/controller/serviceaccount/legacy_serviceaccount_token_cleaner.go`, release-1.33). A token of the
 * TokenRequest API would expire, and then no panel would show data.
 */
function accountToken({ account, secret }: typeof LOGIN | typeof METRICS): ApiObject {
  const annotations = { "kubernetes.io/service-account.name": account };
  return { apiVersion: "v1", kind: "Secret", metadata: { ...inGrafana(secret), annotations }, type: "kubernetes.io/service-account-token" };
}

/** The CA of the cluster's services, which OpenShift's service CA operator writes and renews (OpenShift documentation, "Service serving certificates"). */
export function serviceCa(): ApiObject {
  const annotations = { "service.beta.openshift.io/inject-cabundle": "true" };
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { ...inGrafana(SERVICE_CA.configMap), annotations } };
}

/**
 * Grafana's route. The router encrypts the connection to the pod again, and trusts the service CA without a setting. The API refuses a new
 * route whose HSTS header does not meet the policy for its domain (`cluster-objects/ingress/hsts.ts`). This route's header meets every
 * policy of this program. Its flags do no harm: they concern only this host and names below it, and no such names exist.
 */
export function grafanaRoute(settings: Pick<GrafanaConfiguration, "host" | "shardLabels" | "hstsMaxAge">): ApiObject {
  const { host, shardLabels, hstsMaxAge } = settings;
  return {
    apiVersion: "route.openshift.io/v1",
    kind: "Route",
    metadata: {
      ...inGrafana(GRAFANA),
      ...(Object.keys(shardLabels.route).length > 0 && { labels: shardLabels.route }),
      annotations: { "haproxy.router.openshift.io/hsts_header": `max-age=${hstsMaxAge};includeSubDomains;preload` },
    },
    spec: {
      host,
      to: { kind: "Service", name: GRAFANA_SERVICE.name, weight: 100 },
      port: { targetPort: "grafana" },
      tls: { termination: "reencrypt", insecureEdgeTerminationPolicy: "Redirect" },
      wildcardPolicy: "None",
    },
  };
}

/**
 * The labels by which a router shard selects Grafana's namespace. The namespace itself is declared with its operator, so this object
 * contains only the labels.
 */
export function namespaceLabels(labels: Readonly<Record<string, string>>): ApiObject {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name: GRAFANA_NAMESPACE, labels } };
}

/**
 * The instance metadata service. Access to it is blocked, because it returns the credentials of the worker's role (AWS EC2 user guide,
 * "Instance metadata").
 */
const INSTANCE_METADATA = "169.254.169.254/32";

/**
 * Only routers and the operator's namespace may connect to Grafana. Routers are selected by the label `ingress` of their namespace, and
 * routers on the host's network by the label `host-network` (OpenShift documentation, "About network policy"). Grafana itself may connect
 * to everything except the instance metadata service: Grafana fetches any URL that an Admin names in a datasource.
 */
export function grafanaNetworkPolicy(): ApiObject {
  const ofGroup = (group: string) => ({ namespaceSelector: { matchLabels: { [`policy-group.network.openshift.io/${group}`]: "" } } });
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: inGrafana(GRAFANA),
    spec: {
      podSelector: { matchLabels: { app: GRAFANA } },
      policyTypes: ["Ingress", "Egress"],
      ingress: [
        {
          from: [ofGroup("ingress"), ofGroup("host-network"), { podSelector: {} }],
          ports: [{ protocol: "TCP", port: GRAFANA_SERVICE.port }],
        },
      ],
      egress: [{ to: [{ namespaceSelector: {} }, { ipBlock: { cidr: "0.0.0.0/0", except: [INSTANCE_METADATA] } }] }],
    },
  };
}
