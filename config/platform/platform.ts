import type { Settings } from "../schema";
import { type ClusterSettings, clusterSettings } from "./cluster-settings";

/** What an installed cluster is configured with, topic by topic. */
export interface PlatformConfiguration {
  readonly settings: ClusterSettings;
}

/** @param region of the cluster */
export function platform(settings: Settings, region: string): PlatformConfiguration {
  return { settings: clusterSettings(settings, region) };
}
