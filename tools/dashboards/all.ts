import type { DashboardTopic } from "../../config/grafana/fields";
import type { Dashboard } from "../../cluster-objects/grafana/content";
import { backupsDashboard } from "./backups";
import { capacityDashboard } from "./capacity";
import { etcdDashboard } from "./etcd";
import { healthDashboard } from "./health";
import { loggingDashboard } from "./logging";
import { routersDashboard } from "./routers";

/** The function that makes the dashboard, by topic. */
export const DASHBOARD_MAKERS: Readonly<Record<DashboardTopic, () => Dashboard>> = {
  health: healthDashboard,
  capacity: capacityDashboard,
  etcd: etcdDashboard,
  routers: routersDashboard,
  backups: backupsDashboard,
  logging: loggingDashboard,
};
