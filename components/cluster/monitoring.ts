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
import { movedVolumes } from "../../cluster-objects/monitoring/moved-volumes";
import { remoteWriteSecret } from "../../cluster-objects/monitoring/remote-write";
import type { MonitoringConfiguration } from "../../config/monitoring/settings";
import type { Minor } from "../../config/releases/minor";
import { ProgramError } from "../../lib/program-error";
import { reasonOf } from "../../lib/reason";
import type { ClusterApi } from "./cluster-api";
import { type ObservedObjects, observeObjects } from "./observed-objects";

interface ConfigMap {
  readonly metadata: { readonly annotations?: Readonly<Record<string, string>> };
  readonly data?: Readonly<Record<string, string>>;
}

export interface MonitoringArgs {
  readonly api: ClusterApi;
  readonly settings: MonitoringConfiguration;
  /** Minor version of the configured release. */
  readonly minor: Minor;
  /** The ConfigMaps in the cluster; undefined if a preview can't know them. */
  readonly observed: ObservedObjects<ConfigMap> | undefined;
  /**
   * The resources that give the infra nodes their role. Pods for infra nodes would stay pending until these exist, so the settings are written after
   * them.
   */
  readonly infraRoles?: readonly pulumi.Resource[];
}

/**
 * Settings of the cluster's monitoring. They are merged into the content that the ConfigMaps had before. An annotation keeps this content, and a
 * command restores it when the settings are removed: with an empty ConfigMap the operator would drop the volumes of Prometheus.
 */
export class Monitoring extends pulumi.ComponentResource {
  private constructor(
    private readonly baseName: string,
    private readonly args: MonitoringArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("okd:cluster:Monitoring", baseName, {}, opts);
    const { settings, minor } = args;
    this.configMap("platform", PLATFORM_CONFIG_MAP, platformMonitoring(settings, minor), this.remoteWriteSecrets());
    if (settings.userWorkload) this.configMap("user-workload", USER_CONFIG_MAP, userWorkloadMonitoring(settings));
    this.registerOutputs();
  }

  /** Reads the ConfigMaps, and declares the settings. */
  static async configure(
    name: string,
    args: Omit<MonitoringArgs, "observed">,
    opts?: pulumi.ComponentResourceOptions,
  ): Promise<Monitoring> {
    const maps = [PLATFORM_CONFIG_MAP, ...(args.settings.userWorkload ? [USER_CONFIG_MAP] : [])];
    const observed = await observeObjects<ConfigMap>(maps.map(pathOf), args.api, "the configuration of monitoring");
    return new Monitoring(name, { ...args, observed }, opts);
  }

  /** Declares the Secret to which the remote writes refer. It must exist first: without it the operator does not change Prometheus. */
  private remoteWriteSecrets(): pulumi.Resource[] {
    const secret = remoteWriteSecret(this.args.settings.remoteWrites ?? []);
    if (secret === undefined) return [];
    const object = { ...secret, data: pulumi.secret(secret.data) };
    return [this.args.api.object(`${this.baseName}-remote-write`, object, { parent: this })];
  }

  /** @throws ProgramError if the settings cannot be merged into the ConfigMap's original content. */
  private configMap(part: string, map: MonitoringConfigMap, own: object, before: readonly pulumi.Resource[] = []): void {
    const { api, observed, settings, infraRoles = [] } = this.args;
    const { name, namespace } = map;
    const original = originalText(observed?.get(pathOf(map)));
    const metadata = { name, namespace, annotations: { [ORIGINAL_ANNOTATION]: original } };
    const data = { [CONFIG_KEY]: merged(map, original, own) };
    this.warnAboutVolumes(map, own);
    const patch = api.patchAndRetain(
      `${this.baseName}-${part}`,
      { apiVersion: "v1", kind: "ConfigMap", metadata, data },
      {
        parent: this,
        dependsOn: [...before, ...(settings.placement ? infraRoles : [])],
        // If the preview could not read the ConfigMap, the values in the state are kept, so that the preview shows no change.
        ...(observed === undefined && { ignoreChanges: ["data", "metadata"] }),
      },
    );
    const restored = { namespace, name, key: CONFIG_KEY, annotation: ORIGINAL_ANNOTATION };
    api.command(`${this.baseName}-${part}-original`, "original-text", { delete: restored }, { parent: this, dependsOn: patch });
  }

  /**
   * Warns before the first move of pods with volumes to the infra nodes. After the move the ConfigMap's text has the node selector, so there is
   * no second warning. The zones of the volumes are not known here.
   */
  private warnAboutVolumes(map: MonitoringConfigMap, own: object): void {
    const text = this.args.observed?.get(pathOf(map))?.data?.[CONFIG_KEY] ?? "";
    const moved = movedVolumes(text, own);
    if (moved.length === 0) return;
    void pulumi.log.warn(
      `monitoringOnInfraNodes: the pods of ${moved.join(" and ")} move to the infra nodes, but each volume stays in its zone. A pod stays pending ` +
        `unless an infra node is in the zone of its volume.\nfix: before pulumi up, compare the zones that oc describe pv and oc get nodes -L topology.kubernetes.io/zone show`,
      this,
    );
  }
}

function pathOf({ namespace, name }: MonitoringConfigMap): string {
  return `/api/v1/namespaces/${namespace}/configmaps/${name}`;
}

/**
 * The text of a ConfigMap before this program changed it. Empty if there was none: with an empty text the operator uses its defaults, but the
 * platform's ConfigMap without the key is an error (openshift/cluster-monitoring-operator, `pkg/manifests/config.go`: NewConfigFromConfigMap,
 * release-4.19).
 */
function originalText(found: ConfigMap | undefined): string {
  return found?.metadata.annotations?.[ORIGINAL_ANNOTATION] ?? found?.data?.[CONFIG_KEY] ?? "";
}

function merged({ name, namespace }: MonitoringConfigMap, original: string, own: object): string {
  try {
    return mergedConfig(original, own);
  } catch (error) {
    throw new ProgramError(
      `the settings of monitoring cannot be merged into ${CONFIG_KEY} of ConfigMap ${namespace}/${name}: ${reasonOf(error)}. ` +
        `Correct or empty it: oc edit configmap ${name} -n ${namespace}`,
    );
  }
}
