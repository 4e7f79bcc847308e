import { DASHBOARD_TOPICS, type DashboardTopic } from "../config/grafana/fields";
import { DASHBOARDS } from "../cluster-objects/grafana/dashboards";

/** A query of a panel. */
export interface DashboardQuery {
  readonly topic: DashboardTopic;
  readonly panel: string;
  /** PromQL, with an interval in the place of Grafana's variable. */
  readonly expression: string;
  readonly datasource: { readonly type: string; readonly uid: string };
}

interface Panel {
  readonly title: string;
  readonly targets: readonly { readonly expr: string; readonly datasource: DashboardQuery["datasource"] }[];
}

/** The queries of all dashboards, as the program sends them to the cluster. */
export const dashboardQueries: readonly DashboardQuery[] = DASHBOARD_TOPICS.flatMap((topic) =>
  (DASHBOARDS[topic] as unknown as { panels: readonly Panel[] }).panels.flatMap(({ title, targets }) =>
    targets.map(({ expr, datasource }) => ({
      topic,
      panel: title,
      expression: expr.replaceAll("$__rate_interval", "5m"),
      datasource,
    })),
  ),
);
