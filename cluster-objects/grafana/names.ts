import { GRAFANA_NAMESPACE } from "../../config/grafana/settings";
import type { ApiObject } from "../object";

/** API version of the Grafana operator's kinds. */
export const GRAFANA_API = "grafana.integreatly.org/v1beta1";

/** Name of the Grafana, its route and its network policy. The operator derives the names of its own objects from this name. */
export const GRAFANA = "grafana";

/** The label by which datasources, folders and dashboards find the Grafana. Dashboards of users select the Grafana by the same label. */
export const INSTANCE_LABELS = { dashboards: GRAFANA } as const;

/** The Service that the operator creates (grafana/grafana-operator, `controllers/resources/resources.go`, v5.22.2), and its port. */
export const GRAFANA_SERVICE = { name: `${GRAFANA}-service`, port: 3000 } as const;

/** The Secret with the certificate of the Service. OpenShift's service CA signs the certificate. */
export const TLS_SECRET = "grafana-tls";

/** The service account that is the OAuth client of the login, and the one that reads metrics; each has a Secret with a token. */
export const LOGIN = { account: "grafana-login", secret: "grafana-login-token" } as const;
export const METRICS = { account: "grafana-metrics", secret: "grafana-metrics-token" } as const;

/** The ConfigMap with the CA of the cluster's services. */
export const SERVICE_CA = { configMap: "grafana-service-ca", key: "service-ca.crt" } as const;

/** The folder of the dashboards. */
export const FOLDER = "okd-aws";

/** Metadata of an object in Grafana's namespace. */
export function inGrafana(name: string): { readonly name: string; readonly namespace: string } {
  return { name, namespace: GRAFANA_NAMESPACE };
}

/** An object of one of the Grafana operator's kinds. */
export function grafanaObject(kind: string, name: string, spec: object): ApiObject {
  return { apiVersion: GRAFANA_API, kind, metadata: inGrafana(name), spec };
}
