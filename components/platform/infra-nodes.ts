import * as pulumi from "@pulumi/pulumi";
import { INFRA_ROLE, type InfraNodes as Settings } from "../../config/platform/infra-nodes";
import { imageRegistryPlacement, INFRA_TAINT, nameService } from "../../platform/infra-nodes";
import type { PoolMachine } from "../machines/machine-pool";
import type { ClusterApi } from "./cluster-api";
import { nodeMarks } from "./node-marks";

export interface InfraNodesArgs {
  readonly api: ClusterApi;
  /** The administrator's. */
  readonly kubeconfig: pulumi.Input<string>;
  readonly machines: readonly PoolMachine[];
  readonly settings: Settings;
}

/** The infra machines' nodes get their role, and what the cluster runs for itself moves there. A node stays a worker: its system and its settings are a worker's. */
export class InfraNodes extends pulumi.ComponentResource {
  /** Stand when the nodes have their role: what is placed there earlier waits for it. */
  readonly roles: readonly pulumi.Resource[];

  constructor(name: string, { api, kubeconfig, machines, settings }: InfraNodesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("okd:platform:InfraNodes", name, {}, opts);
    const role = { labels: { [INFRA_ROLE]: "" }, taints: [INFRA_TAINT] };
    this.roles = machines.map(({ key, instance }) =>
      nodeMarks(`${name}-${key.slice("infra-".length)}`, { api, kubeconfig, instance, ...role }, { parent: this }),
    );
    const after = { parent: this, dependsOn: [...this.roles] };
    api.patch(`${name}-dns`, nameService(), after);
    if (settings.imageRegistry) api.patchBeside(`${name}-image-registry`, imageRegistryPlacement(settings.imageRegistry), after);
    this.registerOutputs();
  }
}
