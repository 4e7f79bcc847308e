import type { ApiObject } from "../object";
import { FOLDER, grafanaObject, INSTANCE_LABELS, METRICS, SERVICE_CA } from "./names";

/**
 * Selects the Grafana to which the operator writes a datasource, folder or dashboard, and the period after which it writes missing objects
 * again (default: ten minutes). Grafana has no volume, so a new Grafana pod has none of these objects.
 */
const SYNCHRONIZED = { resyncPeriod: "1m", instanceSelector: { matchLabels: INSTANCE_LABELS } };

/** The datasource of all dashboards: Thanos Querier, which reads the cluster's Prometheus and the Prometheus for the users' projects. */
export const DATASOURCE = { name: "Cluster metrics", uid: "okd-aws-metrics", type: "prometheus" } as const;

/**
 * The datasource. The operator inserts the token and the CA (grafana/grafana-operator, `controllers/datasource_controller.go`, v5.22.2:
 * buildDatasourceModel). The operator notices a changed token or CA only because of resyncPeriod: its watches leave out Secrets and
 * ConfigMaps that it did not create (`main.go`, ENFORCE_CACHE_LABELS).
 */
export function grafanaDatasource(): ApiObject {
  const { name, uid, type } = DATASOURCE;
  return grafanaObject("GrafanaDatasource", "cluster-metrics", {
    ...SYNCHRONIZED,
    uid,
    datasource: {
      name,
      type,
      access: "proxy",
      url: "https://thanos-querier.openshift-monitoring.svc:9091",
      isDefault: true,
      editable: false,
      jsonData: {
        httpMethod: "POST",
        prometheusType: "Thanos",
        // Most components are scraped every 30 s.
        timeInterval: "30s",
        tlsAuthWithCACert: true,
        httpHeaderName1: "Authorization",
      },
      secureJsonData: { tlsCACert: `\${${SERVICE_CA.key}}`, httpHeaderValue1: "Bearer ${token}" },
    },
    valuesFrom: [
      {
        targetPath: "secureJsonData.httpHeaderValue1",
        valueFrom: { secretKeyRef: { name: METRICS.secret, key: "token" } },
      },
      {
        targetPath: "secureJsonData.tlsCACert",
        valueFrom: { configMapKeyRef: { name: SERVICE_CA.configMap, key: SERVICE_CA.key } },
      },
    ],
  });
}

/** The folder of the dashboards. */
export function grafanaFolder(): ApiObject {
  return grafanaObject("GrafanaFolder", FOLDER, { ...SYNCHRONIZED, uid: FOLDER, title: "Cluster" });
}

/** A dashboard of this project. */
export interface Dashboard {
  readonly uid: string;
  readonly title: string;
}

/** The object of a dashboard. */
export function grafanaDashboard(dashboard: Dashboard): ApiObject {
  return grafanaObject("GrafanaDashboard", dashboard.uid, {
    ...SYNCHRONIZED,
    uid: dashboard.uid,
    folderRef: FOLDER,
    json: JSON.stringify(dashboard),
  });
}
