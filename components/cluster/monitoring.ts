import * as pulumi from "@pulumi/pulumi";
import {
  CONFIG_KEY,
  type MonitoringConfigMap,
  ORIGINAL_ANNOTATION,
  PLATFORM_CONFIG_MAP,
  platformMonitoring,
  USER_CONFIG_MAP,
  userWorkloadMonitoring,
} from "../../cluster-objects/monitoring/config-maps";
import { mergedConfig } from "../../cluster-objects/monitoring/merged";
import type { MonitoringConfiguration } from "../../config/monitoring/settings";
import type { Minor } from "../../config/releases/minor";
import { reasonOf } from "../../lib/reason";
import type { ClusterApi } from "./cluster-api";
import { observeOriginals, type OriginalText } from "./observed-monitoring";

export interface MonitoringArgs {
  readonly api: ClusterApi;
  readonly settings: MonitoringConfiguration;
  /** Minor version of the configured release. */
  readonly minor: Minor;
  readonly original: OriginalText;
  /** The roles of the infra nodes: pods that are placed there earlier stay pending until then. */
  readonly infraRoles?: readonly pulumi.Resource[];
}

/**
 * Settings of the cluster's monitoring. They are merged into the ConfigMaps' own content, which is kept in an annotation and restored when
 * the settings are removed: without any content the operator would drop the volumes of Prometheus.
 */
export class Monitoring extends pulumi.ComponentResource {
  private constructor(
    private readonly baseName: string,
    private readonly args: MonitoringArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("okd:cluster:Monitoring", baseName, {}, opts);
    const { settings, minor } = args;
    this.configMap("platform", PLATFORM_CONFIG_MAP, platformMonitoring(settings, minor));
    if (settings.userWorkload) this.configMap("user-workload", USER_CONFIG_MAP, userWorkloadMonitoring(settings));
    this.registerOutputs();
  }

  /** Reads what the ConfigMaps contain, and declares the settings. */
  static async configure(
    name: string,
    args: Omit<MonitoringArgs, "original">,
    opts?: pulumi.ComponentResourceOptions,
  ): Promise<Monitoring> {
    const maps = [PLATFORM_CONFIG_MAP, ...(args.settings.userWorkload ? [USER_CONFIG_MAP] : [])];
    return new Monitoring(name, { ...args, original: await observeOriginals(maps, args.api) }, opts);
  }

  /** @throws RunError if the ConfigMap's own content cannot be merged. */
  private configMap(part: string, map: MonitoringConfigMap, own: object): void {
    const { api, original, settings, infraRoles = [] } = this.args;
    const { name, namespace } = map;
    const before = original(map);
    // If the cluster has not answered, the state's values stay.
    const unread = before === undefined;
    const metadata = { name, namespace, annotations: { [ORIGINAL_ANNOTATION]: before ?? "" } };
    const data = { [CONFIG_KEY]: merged(map, before ?? "", own) };
    const patch = api.patchAndRetain(
      `${this.baseName}-${part}`,
      { apiVersion: "v1", kind: "ConfigMap", metadata, data },
      {
        parent: this,
        ...(settings.placement && { dependsOn: [...infraRoles] }),
        ...(unread && { ignoreChanges: ["data", "metadata"] }),
      },
    );
    // An empty text has the operator's defaults; a missing key would be an error (openshift/cluster-monitoring-operator,
    // `pkg/manifests/config.go`: NewConfigFromConfigMap, release-4.19).
    const fields = { data: { [CONFIG_KEY]: before ?? "" }, metadata: { annotations: { [ORIGINAL_ANNOTATION]: null } } };
    const path = `/api/v1/namespaces/${namespace}/configmaps/${name}`;
    const options = { parent: this, dependsOn: patch, ...(unread && { ignoreChanges: ["delete"] }) };
    api.patchAndRestore(`${this.baseName}-${part}-original`, { restorePatch: { path, fields } }, options);
  }
}

function merged({ name, namespace }: MonitoringConfigMap, original: string, own: object): string {
  try {
    return mergedConfig(original, own);
  } catch (error) {
    throw new pulumi.RunError(
      `the settings of monitoring cannot be merged into ${CONFIG_KEY} of ConfigMap ${namespace}/${name}: ${reasonOf(error)}. ` +
        `Correct or empty it: oc edit configmap ${name} -n ${namespace}`,
    );
  }
}
