import type { Settings } from "../schema";
import { type Routers, routers } from "./router-shards";
import { type ClusterSettings, clusterSettings } from "./cluster-settings";

/** What an installed cluster is configured with, topic by topic. */
export interface PlatformConfiguration {
  readonly settings: ClusterSettings;
  readonly routers: Routers;
}

export function platform(settings: Settings): PlatformConfiguration {
  return { settings: clusterSettings(settings), routers: routers(settings) };
}
