import type { DashboardTopic } from "../../config/grafana/fields";
import type { Dashboard } from "./content";
import backups from "./dashboards/backups.json";
import capacity from "./dashboards/capacity.json";
import etcd from "./dashboards/etcd.json";
import health from "./dashboards/health.json";
import logging from "./dashboards/logging.json";
import routers from "./dashboards/routers.json";

/** The dashboards, which `npx tsx tools/dashboards/generate.ts` writes with Grafana's SDK. */
export const DASHBOARDS: Readonly<Record<DashboardTopic, Dashboard>> = { health, capacity, etcd, routers, backups, logging };
