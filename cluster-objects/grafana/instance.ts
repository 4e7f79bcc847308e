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
 * The Grafana. The operator generates the administrator's password into the Secret `grafana-admin-credentials`, because the configuration has
 * none (grafana/grafana-operator, `controllers/reconcilers/grafana/admin_secret_reconciler.go`, v5.22.2).
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
    // The operator's probe asks without TLS.
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
    // The operator reads a CA only from a Secret, but OpenShift writes that of its services only into ConfigMaps.
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
      // The certificate is renewed while Grafana runs.
      certs_watch_interval: "1m",
    },
    log: { mode: "console" },
    security: {
      // Not admin: a user of OpenShift may have that name, and could not log in.
      admin_user: "okd-aws-operator",
      cookie_secure: "true",
      // The router sends the header, as its policies require.
      strict_transport_security: "false",
      disable_gravatar: "true",
    },
    auth: {
      disable_login_form: "true",
      oauth_allow_insecure_email_lookup: "true",
      // Groups are compared at logins only. OpenShift's own tokens end after a day by default.
      login_maximum_lifetime_duration: "1d",
      login_maximum_inactive_lifetime_duration: "1d",
    },
    "auth.generic_oauth": openshiftLogin(settings, clusterDomain),
    users: { allow_sign_up: "false" },
    // Alertmanager sends the alerts.
    unified_alerting: { enabled: "false" },
    // Everybody could read these metrics through the route.
    metrics: { enabled: "false" },
    ...WITHOUT_INTERNET,
  };
}

/** Nothing is fetched from the internet or sent to it. */
const WITHOUT_INTERNET = {
  analytics: { reporting_enabled: "false", check_for_updates: "false", check_for_plugin_updates: "false" },
  news: { news_feed_enabled: "false" },
  plugins: { preinstall_disabled: "true", plugin_admin_enabled: "false", public_key_retrieval_disabled: "true" },
  snapshots: { external_enabled: "false" },
} as const satisfies Readonly<Record<string, Section>>;

/**
 * The login with OpenShift's OAuth server. The API answers with the user and all groups of the request, system groups included
 * (openshift/oauth-apiserver, `pkg/user/apiserver/registry/user/etcd/etcd.go`, main).
 *
 * Grafana knows a user again by the email address, because OpenShift's answer has no `sub` (grafana/grafana, `pkg/services/authn/clients/oauth.go`,
 * main). OpenShift has no addresses either, so the user's UID takes the place: nobody can choose it, unlike a name that differs from another's only in
 * capital letters; of two such users Grafana refuses the second. The secret is a parameter of the request, since a service account's name has colons, which end the name in a header
 * (openshift/oauth-server, `pkg/osinserver/defaults.go`, AllowClientSecretInParams).
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
    // Whoever is in none of the groups is refused.
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
