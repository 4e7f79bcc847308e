import type { Settings } from "./schema";
import { type AccessControl, accessControl } from "./access-control/settings";
import { type Authentication, authentication } from "./authentication/settings";
import { type Routers, routers } from "./ingress/settings";
import { type ClusterSettings, clusterSettings } from "./cluster-settings/settings";
import { type EtcdBackup, etcdBackup } from "./etcd-backup/settings";
import { type InfraNodes, infraNodes } from "./machines/settings";

/** Configuration of the installed cluster, by topic. */
export interface PlatformConfiguration {
  readonly accessControl: AccessControl;
  readonly authentication: Authentication;
  readonly settings: ClusterSettings;
  readonly etcdBackup?: EtcdBackup;
  readonly infraNodes: InfraNodes;
  readonly routers: Routers;
}

/** @param region region of the cluster */
export function platform(settings: Settings, region: string): PlatformConfiguration {
  const backup = etcdBackup(settings);
  return {
    accessControl: accessControl(settings),
    authentication: authentication(settings),
    settings: clusterSettings(settings, region),
    infraNodes: infraNodes(settings),
    routers: routers(settings),
    ...(backup && { etcdBackup: backup }),
  };
}
