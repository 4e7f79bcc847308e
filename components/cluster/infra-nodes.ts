import * as pulumi from "@pulumi/pulumi";
import { INFRA_ROLE, type InfraNodesConfiguration as Settings } from "../../config/machines/settings";
import { imageRegistryPlacement, INFRA_TAINT, dnsPlacement } from "../../cluster-objects/infra-nodes";
import type { PoolMachine } from "../machines/machine-pool";
import type { ClusterApi } from "./cluster-api";
import { nodeLabelsAndTaints } from "./node-labels";

export interface InfraNodesArgs {
  readonly api: ClusterApi;
  readonly machines: readonly PoolMachine[];
  readonly settings: Settings;
}

/**
 * Gives infra nodes their role and moves the cluster's own workloads to them. An infra node is also a worker: it has the worker pool's
 * operating system and settings.
 */
export class InfraNodes extends pulumi.ComponentResource {
  /**
   * Resources that exist when the infra nodes have their role. Pods for infra nodes stay pending until then, so declare their workloads after these
   * resources.
   */
  readonly roles: readonly pulumi.Resource[];

  constructor(name: string, { api, machines, settings }: InfraNodesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("okd:cluster:InfraNodes", name, {}, opts);
    const role = { labels: { [INFRA_ROLE]: "" }, taints: [INFRA_TAINT] };
    this.roles = machines.map(({ key, instance }) =>
      nodeLabelsAndTaints(`${name}-${key.slice("infra-".length)}`, { api, instance, ...role }, { parent: this }),
    );
    const options = { parent: this, dependsOn: [...this.roles] };
    api.patch(`${name}-dns`, dnsPlacement(), options);
    if (settings.imageRegistry)
      api.patchAsSeparateManager(`${name}-image-registry`, imageRegistryPlacement(settings.imageRegistry), options);
    this.registerOutputs();
  }
}
