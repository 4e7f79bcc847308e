import { GRAFANA_NAMESPACE, type GrafanaConfiguration } from "../../config/grafana/settings";
import { oauthHost } from "../authentication/oauth";
import type { ApiObject } from "../object";
import { placementFields } from "../tolerations";
import { GRAFANA, GRAFANA_SERVICE, grafanaObject, INSTANCE_LABELS, LOGIN, TLS_SECRET } from "./names";

/** A section of Grafana's configuration file. */
type Section = Readonly<Record<string, string>>;

const TLS_DIRECTORY = "/etc/grafana-tls";

/**
 * CAs of the API server and of the default router, which serves the OAuth server's route: every pod has this file
 * (openshift/cluster-kube-controller-manager-operator, `pkg/operator/targetconfigcontroller/targetconfigcontroller.go`, manageServiceAccountCABundle, main).
 */
const CA_FILE = "/var/run/secrets/kubernetes.io/serviceaccount/ca.crt";

/**
 * The Grafana instance. The operator generates the administrator's password and stores it in the Secret `grafana-admin-credentials`,
 * because this object sets no password (grafana/grafana-operator, `controllers/reconcilers/grafana/admin_secret_reconciler.go`, v5.22.2).
 */
export function grafanaInstance(settings: GrafanaConfiguration, clusterDomain: string): ApiObject {
  const { image, placement } = settings;
  const container = {
    name: "grafana",
    env: [
      {
        name: "GF_AUTH_GENERIC_OAUTH_CLIENT_SECRET",
        valueFrom: { secretKeyRef: { name: LOGIN.secret, key: "token" } },
      },
    ],
    // The probe that the operator sets by default uses HTTP without TLS, which this Grafana does not serve.
    readinessProbe: { httpGet: { path: "/api/health", port: GRAFANA_SERVICE.port, scheme: "HTTPS" } },
    volumeMounts: [{ name: TLS_SECRET, mountPath: TLS_DIRECTORY, readOnly: true }],
  };
  const pod = {
    containers: [container],
    volumes: [{ name: TLS_SECRET, secret: { secretName: TLS_SECRET } }],
    ...(placement && placementFields(placement)),
  };
  const object = grafanaObject("Grafana", GRAFANA, {
    version: image,
    config: grafanaConfig(settings, clusterDomain),
    // The operator can't verify Grafana's certificate: it reads a CA only from a Secret, but OpenShift writes the services' CA only into
    // ConfigMaps.
    client: { preferIngress: false, tls: { insecureSkipVerify: true } },
    service: { metadata: { annotations: { "service.beta.openshift.io/serving-cert-secret-name": TLS_SECRET } } },
    deployment: { spec: { template: { spec: pod } } },
  });
  return { ...object, metadata: { ...object.metadata, labels: INSTANCE_LABELS } };
}

/** Grafana's configuration file, by section. */
function grafanaConfig(settings: GrafanaConfiguration, clusterDomain: string): Readonly<Record<string, Section>> {
  return {
    server: {
      root_url: `https://${settings.host}`,
      protocol: "https",
      cert_file: `${TLS_DIRECTORY}/tls.crt`,
      cert_key: `${TLS_DIRECTORY}/tls.key`,
      // OpenShift renews the certificate while Grafana runs.
      certs_watch_interval: "1m",
    },
    log: { mode: "console" },
    security: {
      // Not `admin`: an OpenShift user with the same name could not log in.
      admin_user: "okd-aws-operator",
      cookie_secure: "true",
      // The router sends the HSTS header, not Grafana (access.ts, grafanaRoute).
      strict_transport_security: "false",
      disable_gravatar: "true",
    },
    auth: {
      disable_login_form: "true",
      oauth_allow_insecure_email_lookup: "true",
      // Grafana compares a user's groups only at a login, so a login must not last long. One day is also the default of OpenShift's own
      // tokens.
      login_maximum_lifetime_duration: "1d",
      login_maximum_inactive_lifetime_duration: "1d",
    },
    "auth.generic_oauth": openshiftLogin(settings, clusterDomain),
    users: { allow_sign_up: "false" },
    // Alertmanager sends the alerts.
    unified_alerting: { enabled: "false" },
    // Otherwise everybody could read Grafana's own metrics through the route.
    metrics: { enabled: "false" },
    ...WITHOUT_INTERNET,
  };
}

/** Grafana fetches nothing from the internet and sends nothing to it. */
const WITHOUT_INTERNET = {
  analytics: { reporting_enabled: "false", check_for_updates: "false", check_for_plugin_updates: "false" },
  news: { news_feed_enabled: "false" },
  plugins: { preinstall_disabled: "true", plugin_admin_enabled: "false", public_key_retrieval_disabled: "true" },
  snapshots: { external_enabled: "false" },
} as const satisfies Readonly<Record<string, Section>>;

/**
 * The login with OpenShift's OAuth server. The API returns the user who logs in and all of the user's groups, including system groups
 * (openshift/oauth-apiserver, `pkg/user/apiserver/registry/user/etcd/etcd.go`, main).
 *
 * Grafana recognizes a user by the email address, because OpenShift's answer has no `sub` (grafana/grafana,
 * `pkg/services/authn/clients/oauth.go`, main). OpenShift has no email addresses either, so this configuration uses the user's UID as the
 * address. The user's name would be unsafe: somebody could choose a name that differs from another user's only in capital letters. Of two
 * users with such names Grafana refuses the second.
 *
 * The client's secret is a parameter of the request, not a header: the name of a service account contains colons, and in a header a colon
 * ends the name (openshift/oauth-server, `pkg/osinserver/defaults.go`, AllowClientSecretInParams).
 */
function openshiftLogin({ roles }: GrafanaConfiguration, clusterDomain: string): Section {
  const server = `https://${oauthHost(clusterDomain)}/oauth`;
  return {
    enabled: "true",
    name: "OpenShift",
    allow_sign_up: "true",
    client_id: `system:serviceaccount:${GRAFANA_NAMESPACE}:${LOGIN.account}`,
    auth_style: "InParams",
    use_pkce: "true",
    scopes: "user:info",
    auth_url: `${server}/authorize`,
    token_url: `${server}/token`,
    api_url: "https://kubernetes.default.svc/apis/user.openshift.io/v1/users/~",
    tls_client_ca: CA_FILE,
    login_attribute_path: "metadata.name",
    name_attribute_path: "fullName || metadata.name",
    email_attribute_path: "join('', [metadata.uid, '@openshift'])",
    role_attribute_path: roleExpression(roles),
    // Grafana refuses a user who is in none of the configured groups.
    role_attribute_strict: "true",
  };
}

/**
 * JMESPath for the highest role of a user's groups; false if there is none. The names have no characters that need an escape
 * (`grafanaGroupProblem`).
 */
export function roleExpression(roles: GrafanaConfiguration["roles"]): string {
  return (["Admin", "Editor", "Viewer"] as const)
    .filter((role) => roles[role].length > 0)
    .map((role) => `(${roles[role].map((group) => `contains(groups, '${group}')`).join(" || ")}) && '${role}'`)
    .join(" || ");
}
