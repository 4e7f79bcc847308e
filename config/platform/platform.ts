import type { Settings } from "../schema";
import { type Authentication, authentication } from "./authentication";
import { type ClusterSettings, clusterSettings } from "./cluster-settings";

/** What an installed cluster is configured with, topic by topic. */
export interface PlatformConfiguration {
  readonly authentication: Authentication;
  readonly settings: ClusterSettings;
}

export function platform(settings: Settings): PlatformConfiguration {
  return { authentication: authentication(settings), settings: clusterSettings(settings) };
}
