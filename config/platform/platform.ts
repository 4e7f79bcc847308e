import type { Settings } from "../schema";
import { type AccessControl, accessControl } from "./access-control";
import { type Authentication, authentication } from "./authentication";
import { type ClusterSettings, clusterSettings } from "./cluster-settings";

/** What an installed cluster is configured with, topic by topic. */
export interface PlatformConfiguration {
  readonly accessControl: AccessControl;
  readonly authentication: Authentication;
  readonly settings: ClusterSettings;
}

export function platform(settings: Settings): PlatformConfiguration {
  return { accessControl: accessControl(settings), authentication: authentication(settings), settings: clusterSettings(settings) };
}
